"""The contract of an engine: `Engine` reads an index, `IndexWriter` writes one.

An engine that keeps its indexes in files has `IndexFiles` as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, Self

from indexer.analysis.documents import Document
from indexer.engine.records import (
    EngineQuery,
    EngineResult,
    EngineStatus,
    TermFigures,
    TermLookup,
)


class Searchable(Protocol):
    """What can be searched: an engine, or one unchanging state of it."""

    def search(self, request: EngineQuery) -> EngineResult:
        """Return the best matches, counts and facets; equal scores are ordered by identifier.

        A part of the index that does not answer is said in the result, never left out in silence.

        Raises:
            ValueError: the query asks for what no index can answer, such as a phrase of pairs.
        """
        ...


class Engine(Searchable, Protocol):
    """An index, opened for reading.

    Called by `indexer.search` and `indexer.indexing`; safe to share between threads. Every
    method raises `archive.errors.EngineError` when the index cannot be read.

    An engine may be far away: each call is taken to cost a round trip, and a page of results
    makes few of them (`tests/test_round_trips.py`). It asks `look_up` for all that
    an interpretation is known to need, and `search` once for hits, totals, facets and feedback. An
    engine that keeps its term dictionary beside the searches may answer `look_up` from a copy, as
    old as the last rebuild at most: figures of terms choose between readings, they are not shown.
    """

    def look_up(self, lookup: TermLookup) -> TermFigures:
        """Return frequencies and exact forms of terms and numbers of matches, all in one call."""
        ...

    def snapshot(self) -> AbstractContextManager[Searchable]:
        """Return one state of the index for the searches of an export, which never changes.

        Outside a snapshot an engine whose index changes in place may answer two searches from two
        states. A snapshot that is lost (a server's node went away) raises an error from its
        searches; an export is begun again then.
        """
        ...

    def documents(self) -> Iterator[tuple[str, int]]:
        """Yield the identifier and version of every document, in no particular order."""
        ...

    def status(self) -> EngineStatus:
        """Return the size and origin of the index."""
        ...

    def close(self) -> None:
        """Release the files; closing twice is allowed."""
        ...


class IndexWriter(Protocol):
    """A batch of changes to one index: durable when committed, thrown away otherwise.

    Called by `indexer.indexing`. A document is analysed before it reaches `add`, so that a bad
    one cannot leave anything behind. Not to be shared between threads.
    """

    def add(self, document: Document) -> None:
        """Add a document; it replaces any other of the same identifier, in this batch as well."""
        ...

    def delete(self, identifier: str) -> None:
        """Delete a document; an unknown identifier is no error."""
        ...

    def commit(self, sequence: int) -> None:
        """Write everything, fsync it, and record the last sequence number it includes."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None:
        """Throw away changes that were not committed."""
        ...


class IndexFiles(Protocol):
    """The files of an engine's indexes, as a resumable rebuild and `verify` need them.

    Called by `indexer.indexing`. An engine that keeps no files of its own, such as a server,
    implements it with documents kept in any form and with checks of its own. Every method raises
    `archive.errors.EngineError` when a file is missing or damaged or cannot be written.
    """

    def spill(self, folder: Path, documents: Iterable[Document], memory: int) -> list[Path]:
        """Write analyzed documents to spill files, which an index can be assembled from.

        Much cheaper than an index, so that a long rebuild can save its work often. Durable when
        it returns; spill files cannot be searched.

        Args:
            folder: an existing folder.
            documents: each has another identifier.
            memory: bytes that the buffered documents may take; further ones begin another file.
        """
        ...

    def group_spills(self, files: Sequence[Path], memory: int) -> list[list[Path]]:
        """Split spill files, in their order, into groups of similar size: one segment each."""
        ...

    def assemble(self, folder: Path, files: Sequence[Path], sequence: int, memory: int) -> None:
        """Build an index from spill files that share no document, durably."""
        ...

    def adopt(self, target: Path, sources: Sequence[Path], sequence: int) -> None:
        """Combine indexes that share no document, such as those of several processes, into one.

        Args:
            target: a folder that is missing, or without an index.
            sources: folders of indexes; their files are linked, not written again, where possible.
            sequence: the last sequence number that the target includes.
        """
        ...

    def check(self, folder: Path, unchanged: Set[str] = frozenset()) -> None:
        """Read an index from end to end and compare it with its checksums.

        Args:
            folder: the index.
            unchanged: names of files that were verified already and need not be read.
        """
        ...
