"""The contract between the archive and an engine: what one is given, asked and answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from indexer.analysis import Document, Field
from indexer.query import Column, Query, Sort


@dataclass(frozen=True, slots=True)
class Request:
    """One question: everything a page of results needs, so that a page costs one engine call.

    Attributes:
        query: what has to match, and what it scores.
        filters: what has to match as well, without any score; facets obey them.
        counts: further queries of which only the number of matches (within `filters`) is wanted.
        offset: results to leave out from the start.
        limit: results wanted; 0 asks for counts and facets alone.
        facets: the columns whose values are counted over all matches.
        facet_size: values wanted for each column, the commonest first.
        budget: seconds after which the engine stops and answers with what it has; None is no end.
    """

    query: Query
    filters: tuple[Query, ...] = ()
    counts: tuple[Query, ...] = ()
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10
    facets: tuple[Column, ...] = ()
    facet_size: int = 50
    budget: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One matching document and its score (0 when sorted by date)."""

    identifier: str
    score: float


@dataclass(frozen=True, slots=True)
class Facet:
    """How many matches have each value of a column; (value, documents), commonest first."""

    column: Column
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine answers to a `Request`; `complete` is False when the budget ran out."""

    total: int
    hits: tuple[Hit, ...]
    counts: tuple[int, ...] = ()
    facets: tuple[Facet, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """A form with marks that the archive holds, and in how many documents."""

    text: str
    documents: int


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What an index holds: documents, the last sequence number it includes, and who made it."""

    documents: int
    sequence: int
    analyzer: str


class Engine(Protocol):
    """One index, opened for reading: it never changes while it is open.

    Called by `indexer.searching` and `indexer.building`; safe to share between threads. Every
    method raises `archive.errors.EngineError` when the index cannot be read.
    """

    def search(self, request: Request) -> Answer:
        """Answer one question; equal scores are ordered by identifier."""
        ...

    def frequencies(self, field: Field, texts: Sequence[str]) -> list[int]:
        """How many documents hold each term; 0 for one that is not there."""
        ...

    def readings(self, folded: str) -> list[Reading]:
        """The exact forms of a folded syllable (`dien`) or pair (`dien bien`), commonest first."""
        ...

    def terms(self, field: Field, prefix: str, limit: int) -> list[Reading]:
        """Up to `limit` terms that begin so, commonest first."""
        ...

    def documents(self) -> Iterator[tuple[str, int]]:
        """The identifier and version of every document, in no particular order."""
        ...

    def status(self) -> EngineStatus:
        """What this index holds."""
        ...

    def close(self) -> None:
        """Let go of the files; closing twice is allowed."""
        ...


class Writer(Protocol):
    """Changes to one index folder: all of them are kept on a clean exit, none on an error.

    Called by `indexer.building`. A document is analysed before it reaches `add`, so that a bad
    one cannot leave anything behind. Not to be shared between threads.
    """

    def add(self, document: Document) -> None:
        """Add a document; it replaces any other of the same identifier, in this batch as well."""
        ...

    def delete(self, identifier: str) -> None:
        """Take a document out; one that is not there is no error."""
        ...

    def commit(self, sequence: int) -> None:
        """Write everything, fsync it, and record the last sequence number it includes."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Throw away what was not committed."""
        ...


def open_engine(folder: Path) -> Engine:
    """Open the index in a folder for reading.

    Raises:
        AnalyzerChangedError: it was made by another analyzer or format.
        EngineError: it is not there, damaged or unreadable.
    """
    from indexer.whoosh_engine.engine import WhooshEngine

    return WhooshEngine(folder)


def open_writer(folder: Path, memory: int = 512 << 20) -> Writer:
    """Open the index in a folder for writing; an empty or missing folder becomes an empty index.

    Args:
        folder: where the index is.
        memory: bytes that the buffered documents may take.

    Raises:
        AnalyzerChangedError: it was made by another analyzer or format.
        EngineError: it is damaged or cannot be written.
    """
    from indexer.whoosh_engine.writer import WhooshWriter

    return WhooshWriter(folder, memory)


def adopt(target: Path, sources: Sequence[Path], sequence: int) -> None:
    """Make one index of several that share no document, such as the work of several processes.

    Args:
        target: a folder that is missing, or without an index.
        sources: folders of indexes; their files are linked, not written again, where they can be.
        sequence: the last sequence number that the whole index includes.

    Raises:
        AnalyzerChangedError: a source was made by another analyzer or format.
        EngineError: a source is missing or damaged, or the target has an index.
    """
    from indexer.whoosh_engine.writer import adopt_segments

    adopt_segments(target, sources, sequence)


def write_drafts(folder: Path, documents: Iterable[Document], memory: int) -> list[Path]:
    """Keep documents as files that an index can be assembled of; nothing is found in them yet.

    Much cheaper than an index, so that a long build can keep what it has done often. Durable when
    it returns.

    Args:
        folder: where the files go; it is there.
        documents: each has another identifier.
        memory: bytes that the buffered documents may take; more begin another file.

    Raises:
        EngineError: they cannot be written.
    """
    from indexer.whoosh_engine import drafts

    return drafts.write_drafts(folder, documents, memory)


def group_drafts(files: Sequence[Path], memory: int) -> list[list[Path]]:
    """Part drafts, in their order, into few groups of about one size, each to become one segment.

    Raises:
        EngineError: one is missing or damaged.
    """
    from indexer.whoosh_engine import drafts

    return drafts.group_drafts(files, memory)


def assemble(folder: Path, files: Sequence[Path], sequence: int, memory: int) -> None:
    """Make an index of drafts that share no document; durable when it returns.

    Raises:
        EngineError: a draft is missing or damaged, or the folder has an index or is unwritable.
    """
    from indexer.whoosh_engine import drafts

    drafts.assemble(folder, files, sequence, memory)


def check_index(folder: Path, known: Set[str] = frozenset()) -> None:
    """Read the index in a folder from end to end and hold it against its checksums.

    Args:
        folder: where the index is.
        known: names of files that need not be read again.

    Raises:
        EngineError: something is missing or not what was written.
    """
    from indexer.whoosh_engine.checking import check_index as check

    check(folder, known)
