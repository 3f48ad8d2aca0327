# mypy: disable-error-code="misc,has-type,arg-type"
"""The engines that are measured: the embedded one, and three that are given the same terms."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

import tantivy
from whoosh import fields as whoosh_fields
from whoosh import query as whoosh_query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.filedb.filestore import FileStorage
from whoosh.scoring import BM25F

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import Document
from indexer.analysis.fields import Field
from indexer.engine.queries import And, Or, Phrase, Query, Term
from indexer.engine.records import EngineQuery
from indexer.engine_factory import open_engine, open_writer
from tests.bench.bench_corpus import DocumentTexts, document_texts

TOP = 10
"""Number of results that every query asks for."""

PreparedQuery = Callable[[], int]
"""Ask one query and read the identifiers of the best results; return the matches, or -1."""


class EngineWriter(Protocol):
    """The writer of one engine, which makes an index."""

    def prepare(self, documents: Iterable[Document]) -> list[object]:
        """Convert documents to what `add` takes; not timed."""
        ...

    def add(self, prepared: list[object]) -> None:
        """Add documents."""
        ...

    def finish(self) -> None:
        """Write the index and close the writer."""
        ...


class EngineReader(Protocol):
    """The reader of one engine, asked by one thread."""

    def prepare_query(self, kind: str, words: Sequence[str]) -> PreparedQuery:
        """Return a query in the engine's own form."""
        ...

    def close(self) -> None:
        """Close the index."""
        ...


class OurWriter:
    """The writer of the embedded engine."""

    def __init__(self, folder: Path, memory: int = 512 << 20) -> None:
        self._writer = open_writer(folder, memory)

    def prepare(self, documents: Iterable[Document]) -> list[object]:
        return list(documents)

    def add(self, prepared: list[object]) -> None:
        add = self._writer.add
        for document in prepared:
            add(document)

    def finish(self) -> None:
        self._writer.commit(1)


class OurReader:
    """The reader of the embedded engine."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_engine(folder)

    def prepare_query(self, kind: str, words: Sequence[str]) -> PreparedQuery:
        request = EngineQuery(tree(kind, words), limit=TOP)
        search = self.engine.search
        return lambda: search(request).total

    def close(self) -> None:
        self.engine.close()


def tree(kind: str, words: Sequence[str]) -> Query:
    """Return the query tree of the embedded engine."""
    if kind == "phrase":
        return Phrase(Field.FOLDED, tuple(words))
    terms = tuple(Term(Field.FOLDED, word) for word in words)
    return And(terms) if kind == "all" else Or(terms)


class _TextPreparer:
    """The preparation of documents as text, for engines that split it at blanks."""

    def __init__(self) -> None:
        self._analyzer = Analyzer()

    def prepare(self, documents: Iterable[Document]) -> list[object]:
        return [
            (document.identifier, document_texts(document, self._analyzer))
            for document in documents
        ]


class Fts5Writer(_TextPreparer):
    """The writer of SQLite FTS5: blank-separated terms, postings with positions, no stored text."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        folder.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(folder / "fts.db")
        self._base.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "CREATE VIRTUAL TABLE t USING fts5(folded, exact, pairs, exact_pairs, content='',"
            " tokenize=\"ascii tokenchars '._-/'\")"
        )

    def add(self, prepared: list[object]) -> None:
        rows = [(t.folded, t.exact, t.pairs, t.exact_pairs) for _, t in prepared]
        insert = "INSERT INTO t(folded, exact, pairs, exact_pairs) VALUES (?, ?, ?, ?)"
        self._base.executemany(insert, rows)

    def finish(self) -> None:
        self._base.commit()
        self._base.execute("INSERT INTO t(t) VALUES ('optimize')")
        self._base.commit()
        self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._base.close()


class Fts5Reader:
    """The reader of SQLite FTS5; the number of matches would be a second query."""

    _JOINED = {"any": " OR ", "all": " AND ", "phrase": " "}

    def __init__(self, folder: Path) -> None:
        self._base = sqlite3.connect(f"file:{folder / 'fts.db'}?mode=ro", uri=True)
        self._base.execute("PRAGMA mmap_size=4000000000")

    def prepare_query(self, kind: str, words: Sequence[str]) -> PreparedQuery:
        if kind == "phrase":
            match = f'folded : "{" ".join(words)}"'
        else:
            quoted = [f'"{word}"' for word in words]
            match = f"folded : ({self._JOINED[kind].join(quoted)})"
        select = f"SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT {TOP}"

        def ask() -> int:
            self._base.execute(select, (match,)).fetchall()
            return -1

        return ask

    def total(self, kind: str, words: Sequence[str]) -> int:
        """Return the number of matches."""
        quoted = " ".join(words) if kind == "phrase" else ""
        match = f'"{quoted}"' if quoted else self._JOINED[kind].join(f'"{w}"' for w in words)
        count = "SELECT count(*) FROM t WHERE t MATCH ?"
        return int(self._base.execute(count, (f"folded : ({match})",)).fetchone()[0])

    def close(self) -> None:
        self._base.close()


class TantivyWriter(_TextPreparer):
    """The writer of Tantivy: blank-separated terms, positions for phrases, no stored text."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        super().__init__()
        folder.mkdir(parents=True, exist_ok=True)
        schema = tantivy.SchemaBuilder()
        schema.add_integer_field("id", fast=True)
        for name in ("folded", "exact"):
            schema.add_text_field(name, tokenizer_name="whitespace")
        for name in ("pairs", "exact_pairs"):
            schema.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
        index = tantivy.Index(schema.build(), str(folder))
        self._writer = index.writer(512 << 20, threads)
        self._count = 0

    def add(self, prepared: list[object]) -> None:
        for _, texts in prepared:
            self._count += 1
            self._writer.add_document(tantivy.Document(id=self._count, **_named(texts)))

    def finish(self) -> None:
        self._writer.commit()
        self._writer.wait_merging_threads()


def _named(texts: DocumentTexts) -> dict[str, str]:
    return {
        "folded": texts.folded,
        "exact": texts.exact,
        "pairs": texts.pairs,
        "exact_pairs": texts.exact_pairs,
    }


class TantivyReader:
    """The reader of Tantivy."""

    def __init__(self, folder: Path, count: bool = True) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._index.reload()
        self._searcher, self._count = self._index.searcher(), count

    def prepare_query(self, kind: str, words: Sequence[str]) -> PreparedQuery:
        schema, searcher = self._index.schema, self._searcher
        if kind == "phrase":
            query = tantivy.Query.phrase_query(schema, "folded", list(words))
        else:
            occur = tantivy.Occur.Must if kind == "all" else tantivy.Occur.Should
            terms = [tantivy.Query.term_query(schema, "folded", word) for word in words]
            query = tantivy.Query.boolean_query([(occur, term) for term in terms])
        count = self._count

        def ask() -> int:
            results = searcher.search(query, TOP, count)
            searcher.fast_field_values("id", [address for _, address in results.hits])
            return int(results.count) if count else -1

        return ask

    def close(self) -> None:
        """Tantivy has nothing to close."""


class StockWriter(_TextPreparer):
    """The writer of stock Whoosh 2.7.4, as its documentation shows it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        folder.mkdir(parents=True, exist_ok=True)
        words, pairs = SpaceSeparatedTokenizer(), SpaceSeparatedTokenizer()
        schema = whoosh_fields.Schema(
            id=whoosh_fields.STORED,
            folded=whoosh_fields.TEXT(analyzer=words),
            exact=whoosh_fields.TEXT(analyzer=words),
            pairs=whoosh_fields.TEXT(analyzer=pairs, phrase=False),
            exact_pairs=whoosh_fields.TEXT(analyzer=pairs, phrase=False),
        )
        self._writer = FileStorage(str(folder)).create_index(schema).writer(limitmb=512)

    def add(self, prepared: list[object]) -> None:
        for identifier, texts in prepared:
            self._writer.add_document(id=identifier, **_named(texts))

    def finish(self) -> None:
        self._writer.commit()


class StockReader:
    """The reader of stock Whoosh."""

    def __init__(self, folder: Path) -> None:
        index = FileStorage(str(folder)).open_index()
        self._searcher = index.searcher(weighting=BM25F(B=0.75, K1=1.2))

    def prepare_query(self, kind: str, words: Sequence[str]) -> PreparedQuery:
        if kind == "phrase":
            query = whoosh_query.Phrase("folded", list(words))
        else:
            of = whoosh_query.And if kind == "all" else whoosh_query.Or
            query = of([whoosh_query.Term("folded", word) for word in words])

        def ask() -> int:
            results = self._searcher.search(query, limit=TOP)
            [hit["id"] for hit in results]
            return len(results)

        return ask

    def close(self) -> None:
        self._searcher.close()
