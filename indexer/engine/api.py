"""The contract of an engine: one protocol to read an index, one to write it, one for its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from indexer.analysis.documents import Document
from indexer.analysis.fields import Field
from indexer.engine.records import EngineQuery, EngineResult, EngineStatus, TermCount


class Engine(Protocol):
    """One index, opened for reading: it never changes while it is open.

    Called by `indexer.search` and `indexer.indexing`; safe to share between threads. Every
    method raises `archive.errors.EngineError` when the index cannot be read.
    """

    def search(self, request: EngineQuery) -> EngineResult:
        """Answer one question; equal scores are ordered by identifier."""
        ...

    def document_frequencies(self, field: Field, texts: Sequence[str]) -> list[int]:
        """How many documents hold each term; 0 for one that is not there."""
        ...

    def exact_forms(self, folded: str) -> list[TermCount]:
        """The exact forms of a folded syllable (`dien`) or pair (`dien bien`), commonest first."""
        ...

    def terms(self, field: Field, prefix: str, limit: int) -> list[TermCount]:
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


class IndexWriter(Protocol):
    """Changes to one index folder: all of them are kept on a clean exit, none on an error.

    Called by `indexer.indexing`. A document is analysed before it reaches `add`, so that a bad
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


class IndexFiles(Protocol):
    """Indexes as files of one engine: what a resumable rebuild and `verify` need of it.

    Called by `indexer.indexing`. An engine that keeps no files of its own, such as a server,
    implements it with documents kept in any form and with checks of its own. Every method raises
    `archive.errors.EngineError` when a file is missing or damaged or cannot be written.
    """

    def spill(self, folder: Path, documents: Iterable[Document], memory: int) -> list[Path]:
        """Write analyzed documents as spill files, which an index can be assembled from.

        Much cheaper than an index, so that a long rebuild can keep what it has done often.
        Durable when it returns; nothing is found in a spill file yet.

        Args:
            folder: an existing folder.
            documents: each has another identifier.
            memory: bytes that the buffered documents may take; more begin another file.
        """
        ...

    def group_spills(self, files: Sequence[Path], memory: int) -> list[list[Path]]:
        """Split spill files, in their order, into groups of similar size: one segment each."""
        ...

    def assemble(self, folder: Path, files: Sequence[Path], sequence: int, memory: int) -> None:
        """Build an index from spill files that share no document; durable when it returns."""
        ...

    def adopt(self, target: Path, sources: Sequence[Path], sequence: int) -> None:
        """Combine indexes that share no document, such as those of several processes, into one.

        Args:
            target: a folder that is missing, or without an index.
            sources: folders of indexes; their files are linked, not written again, where possible.
            sequence: the last sequence number that the whole index includes.
        """
        ...

    def check(self, folder: Path, unchanged: Set[str] = frozenset()) -> None:
        """Read an index from end to end and compare it with its checksums.

        Args:
            folder: the index.
            unchanged: names of files that need not be read again.
        """
        ...
