"""Indexes as files: spilling, assembling, adopting and checking them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from pathlib import Path

from indexer.analysis.documents import Document
from indexer.whoosh_engine.format.index_checksums import check_index
from indexer.whoosh_engine.writing import spill_files
from indexer.whoosh_engine.writing.index_writer import adopt_segments


class WhooshIndexFiles:
    """The `IndexFiles` of the embedded engine."""

    def spill(self, folder: Path, documents: Iterable[Document], memory: int) -> list[Path]:
        """Write analyzed documents to spill files, which an index can be assembled from."""
        return spill_files.write_spills(folder, documents, memory)

    def group_spills(self, files: Sequence[Path], memory: int) -> list[list[Path]]:
        """Split spill files, in their order, into groups of similar size: one segment each."""
        return spill_files.group_spills(files, memory)

    def assemble(self, folder: Path, files: Sequence[Path], sequence: int, memory: int) -> None:
        """Build an index from spill files that share no document."""
        spill_files.assemble(folder, files, sequence, memory)

    def adopt(self, target: Path, sources: Sequence[Path], sequence: int) -> None:
        """Combine indexes that share no document into one."""
        adopt_segments(target, sources, sequence)

    def check(self, folder: Path, unchanged: Set[str] = frozenset()) -> None:
        """Read an index from end to end and compare it with its checksums."""
        check_index(folder, unchanged)
