"""The systems that are measured: the product as people ask it, and four plain baselines."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import tantivy

from archive.errors import AnalyzerChangedError, NoIndexError
from archive.store import Store
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import build_document
from indexer.analysis.fields import Field, Zone
from indexer.engine.queries import Or, Term
from indexer.engine.records import EngineQuery
from indexer.engine_factory import open_engine, open_writer
from indexer.indexing.index_builder import IndexBuilder
from indexer.intake.ingest import ingest
from indexer.open_archive import OpenArchive, open_archive
from indexer.search.search_records import MatchMode, SearchRequest

_WORD = re.compile(r"\w+")
_BATCH_MEMORY = 512 << 20

Ranking = list[tuple[str, float]]
"""External identifiers and scores, best first."""


class System(Protocol):
    """A system that ranks articles."""

    name: str

    def rank(self, text: str, size: int) -> Ranking:
        """Return the best articles for a query."""
        ...

    def close(self) -> None:
        """Close what the system opened."""
        ...


def open_filled_archive(home: Path, corpora: tuple[Path, ...]) -> OpenArchive:
    """Open the archive in a folder; fill it if it is new, index it if another analyzer did."""
    fresh = not (home / "filled").exists()
    archive = open_archive(home)
    if fresh:
        ingest(archive.store, [str(path) for path in corpora])
    try:
        IndexBuilder(archive.store).update()
    except (AnalyzerChangedError, NoIndexError):
        IndexBuilder(archive.store).rebuild()
    (home / "filled").touch()
    return archive


def article_texts(store: Store) -> Iterator[tuple[str, str, str]]:
    """Yield the external identifier, title and text of every article."""
    for article, _ in store.articles():
        paragraphs = [line for section in article.sections for line in section.paragraphs]
        yield article.external_id, article.title, "\n".join([article.lead, *paragraphs])


class Tangthu:
    """The product, by the same call as the form's and `tangthu search --queries`."""

    def __init__(self, archive: OpenArchive, match: MatchMode = MatchMode.AUTO) -> None:
        self.name = "tangthu" if match is MatchMode.AUTO else f"tangthu, match={match}"
        self._searcher, self._match = archive.search, match

    def rank(self, text: str, size: int) -> Ranking:
        """Rank as a run file does."""
        hits = self._searcher.rank(SearchRequest(text, size=size, match=self._match))
        return [(hit.external_id, hit.score) for hit in hits]

    def close(self) -> None:
        """Leave the archive to whoever opened it."""


class PlainBm25:
    """BM25 over any of the words in one field, every occurrence counted once wherever it stands."""

    def __init__(self, folder: Path, store: Store, field: Field) -> None:
        self.name = f"BM25 {field}"
        self._field, self._analyzer = field, Analyzer()
        self._engine = open_engine(_plain_index(folder, store, self._analyzer))

    def rank(self, text: str, size: int) -> Ranking:
        """Rank by the engine, without anything that the product adds."""
        tokens = self._analyzer.tokens(text)
        words = [token.folded if self._field is Field.FOLDED else token.exact for token in tokens]
        if not words:
            return []
        terms = tuple(Term(self._field, word) for word in words)
        answer = self._engine.search(EngineQuery(Or(terms), limit=size))
        return [(hit.identifier, hit.score) for hit in answer.hits]

    def close(self) -> None:
        """Close the index."""
        self._engine.close()


def _plain_index(folder: Path, store: Store, analyzer: Analyzer) -> Path:
    if not (folder / "filled").exists():
        with open_writer(folder, _BATCH_MEMORY) as writer:
            for article, version in store.articles():
                document = build_document(analyzer, article, version)
                passages = tuple(replace(passage, zone=Zone.BODY) for passage in document.passages)
                name = article.external_id
                writer.add(replace(document, identifier=name, passages=passages))
            writer.commit(1)
        (folder / "filled").touch()
    return folder


class Fts5:
    """SQLite FTS5 with its own folding, any of the words."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path, store: Store) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(folder / "fts5.sqlite")
        if self._base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return
        self._base.execute(
            "CREATE VIRTUAL TABLE articles USING fts5(name UNINDEXED, title, body,"
            " tokenize = 'unicode61 remove_diacritics 2')"
        )
        self._base.executemany("INSERT INTO articles VALUES (?, ?, ?)", article_texts(store))
        self._base.commit()

    def rank(self, text: str, size: int) -> Ranking:
        """Rank by FTS5's own bm25."""
        words = " OR ".join(f'"{word}"' for word in _WORD.findall(text))
        if not words:
            return []
        rows = self._base.execute(
            "SELECT name, -rank FROM articles WHERE articles MATCH ? ORDER BY rank LIMIT ?",
            (words, size),
        )
        return rows.fetchall()

    def close(self) -> None:
        """Close the database."""
        self._base.close()


class Tantivy:
    """Tantivy with its own folding, any of the words."""

    name = "Tantivy"

    def __init__(self, folder: Path, store: Store) -> None:
        fresh = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("name", stored=True, tokenizer_name="raw")
        for field in ("title", "body"):
            schema.add_text_field(field, tokenizer_name="folding")
        self._index = tantivy.Index(schema.build(), path=str(folder))
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        folding = builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())
        self._index.register_tokenizer("folding", folding.build())
        if fresh:
            writer = self._index.writer(_BATCH_MEMORY)
            for name, title, body in article_texts(store):
                writer.add_document(tantivy.Document(name=name, title=title, body=body))
            writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def rank(self, text: str, size: int) -> Ranking:
        """Rank by Tantivy's own query parser and BM25."""
        words = " ".join(_WORD.findall(text.lower()))
        query, _ = self._index.parse_query_lenient(words, ["title", "body"])
        hits = self._searcher.search(query, size).hits
        return [(self._searcher.doc(address)["name"][0], score) for score, address in hits]

    def close(self) -> None:
        """Tantivy has nothing to close."""


def open_systems(archive: OpenArchive, folder: Path, baselines: bool) -> list[System]:
    """Open the product, and the baselines, whose indexes are kept in a folder."""
    systems: list[System] = [Tangthu(archive), Tangthu(archive, MatchMode.ANY)]
    if baselines:
        systems += [
            PlainBm25(folder / "plain", archive.store, Field.FOLDED),
            PlainBm25(folder / "plain", archive.store, Field.EXACT),
            Fts5(folder / "fts5", archive.store),
            Tantivy(folder / "tantivy", archive.store),
        ]
    return systems
