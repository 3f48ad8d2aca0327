"""An index folder read from end to end: is every byte what was written."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from indexer.whoosh_engine.format.index_manifest import read_manifest
from indexer.whoosh_engine.format.segment import Segment, segment_entries


def check_index(folder: Path, known: Set[str]) -> None:
    """Hold the files of an index against their checksums; see `indexer.engine.api.check_index`."""
    for entry in segment_entries(read_manifest(folder)):
        if entry.file not in known:
            Segment(folder, entry).file.verify()
