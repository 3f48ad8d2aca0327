"""The contract of an engine: `Engine` reads an index, `IndexWriter` writes one.

An engine that keeps its indexes in files has `IndexFiles` as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Protocol, Self

from indexer.analysis.documents import Document
from indexer.analysis.fields import Field
from indexer.engine.records import (
    EngineQuery,
    EngineResult,
    EngineStatus,
    TermCount,
    TermWeight,
)


class Engine(Protocol):
    """An index, opened for reading: it never changes while it is open.

    Called by `indexer.search` and `indexer.indexing`; safe to share between threads. Every
    method raises `archive.errors.EngineError` when the index cannot be read.
    """

    def search(self, request: EngineQuery) -> EngineResult:
        """Return the best matches, counts and facets; equal scores are ordered by identifier.

        Raises:
            ValueError: the query asks for what no index can answer, such as a phrase of pairs.
        """
        ...

    def document_frequencies(self, field: Field, texts: Sequence[str]) -> list[int]:
        """Return the document frequency of each term; 0 for one that no document holds."""
        ...

    def exact_forms(self, folded: str) -> list[TermCount]:
        """Return exact forms of a folded word (`dien`) or pair (`dien bien`), commonest first."""
        ...

    def expansion_terms(self, weights: Mapping[str, float], limit: int) -> list[TermWeight]:
        """Return the exact words that are typical of the texts of some documents, best first.

        A word's weight is the sum over the documents of the document's weight * its frequency /
        the words of the text, times its idf. Words of one document of the index, and of more than
        a tenth of all, are left out (Lavrenko and Croft, Relevance-based language models, 2001,
        with idf).

        Args:
            weights: identifier -> weight of the document; unknown ones are left out.
            limit: words wanted.
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
