"""The checksums of an index, verified from end to end."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from indexer.whoosh_engine.format.index_manifest import read_manifest
from indexer.whoosh_engine.format.segment import Segment
from indexer.whoosh_engine.format.segment_inspection import inspect_numbers


def check_index(folder: Path, unchanged: Set[str]) -> None:
    """Verify every file of an index but the unchanged ones, and whether its numbers fit."""
    for entry in read_manifest(folder).segments:
        if entry.file not in unchanged:
            file = Segment(folder, entry).file
            file.verify()
            inspect_numbers(file, entry.documents)
            # All segments together may be larger than the memory.
            file.release()
