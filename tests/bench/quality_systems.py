"""What is measured: the product as people ask it, and four plain ways of searching beside it."""

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
from indexer.generations.live_index import LiveIndex
from indexer.indexing.index_builder import IndexBuilder
from indexer.intake.ingest import ingest
from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService

_WORD = re.compile(r"\w+")
_BATCH_MEMORY = 512 << 20

Ranking = list[tuple[str, float]]
"""External identifiers and scores, best first."""


class System(Protocol):
    """Something that ranks articles."""

    name: str

    def rank(self, text: str, size: int) -> Ranking:
        """The best articles for a query."""
        ...


def opened_store(home: Path, corpora: tuple[Path, ...]) -> Store:
    """The archive in a folder; filled and indexed if it is new or was made by another analyzer."""
    fresh = not (home / "filled").exists()
    store = Store(home)
    if fresh:
        ingest(store, [str(path) for path in corpora])
    try:
        IndexBuilder(store).update()
    except (AnalyzerChangedError, NoIndexError):
        IndexBuilder(store).rebuild()
    (home / "filled").touch()
    return store


def texts(store: Store) -> Iterator[tuple[str, str, str]]:
    """External identifier, title and text of every article."""
    for article, _ in store.articles():
        paragraphs = [line for section in article.sections for line in section.paragraphs]
        yield article.external_id, article.title, "\n".join([article.lead, *paragraphs])


class Tangthu:
    """The product, by the same call as `tangthu search --queries`."""

    name = "tangthu"

    def __init__(self, store: Store) -> None:
        self._searcher = SearchService(store, LiveIndex(store.home / "index"))

    def rank(self, text: str, size: int) -> Ranking:
        """As a run file has it."""
        hits = self._searcher.ranked(SearchRequest(text, size=size, any_word=True))
        return [(hit.external_id, hit.score) for hit in hits]


class PlainBm25:
    """BM25 over any of the words in one field, every occurrence counted once wherever it stands."""

    def __init__(self, folder: Path, store: Store, field: Field) -> None:
        self.name = f"BM25 {field}"
        self._field, self._analyzer = field, Analyzer()
        self._engine = open_engine(_plain_index(folder, store, self._analyzer))

    def rank(self, text: str, size: int) -> Ranking:
        """By the engine, without anything that the product adds."""
        tokens = self._analyzer.tokens(text)
        words = [token.folded if self._field is Field.FOLDED else token.exact for token in tokens]
        if not words:
            return []
        terms = tuple(Term(self._field, word) for word in words)
        answer = self._engine.search(EngineQuery(Or(terms), limit=size))
        return [(hit.identifier, hit.score) for hit in answer.hits]


def _plain_index(folder: Path, store: Store, analyzer: Analyzer) -> Path:
    if not (folder / "filled").exists():
        with open_writer(folder, _BATCH_MEMORY) as writer:
            for article, version in store.articles():
                document = build_document(analyzer, article, version)
                passages = tuple(replace(one, zone=Zone.BODY) for one in document.passages)
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
        self._base.executemany("INSERT INTO articles VALUES (?, ?, ?)", texts(store))
        self._base.commit()

    def rank(self, text: str, size: int) -> Ranking:
        """By FTS5's own bm25."""
        words = " OR ".join(f'"{word}"' for word in _WORD.findall(text))
        if not words:
            return []
        found = self._base.execute(
            "SELECT name, -rank FROM articles WHERE articles MATCH ? ORDER BY rank LIMIT ?",
            (words, size),
        )
        return found.fetchall()


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
            for name, title, body in texts(store):
                writer.add_document(tantivy.Document(name=name, title=title, body=body))
            writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def rank(self, text: str, size: int) -> Ranking:
        """By Tantivy's own query parser and BM25."""
        words = " ".join(_WORD.findall(text.lower()))
        query, _ = self._index.parse_query_lenient(words, ["title", "body"])
        hits = self._searcher.search(query, size).hits
        return [(self._searcher.doc(at)["name"][0], score) for score, at in hits]


def systems(store: Store, beside: Path, baselines: bool) -> list[System]:
    """The product, and what it is measured against (their indexes lie in a folder beside)."""
    found: list[System] = [Tangthu(store)]
    if baselines:
        found += [
            PlainBm25(beside / "plain", store, Field.FOLDED),
            PlainBm25(beside / "plain", store, Field.EXACT),
            Fts5(beside / "fts5", store),
            Tantivy(beside / "tantivy", store),
        ]
    return found
