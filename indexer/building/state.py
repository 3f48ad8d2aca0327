"""What the index is at, for status pages."""

from __future__ import annotations

from dataclasses import dataclass

from archive.errors import NoIndexError
from archive.store import Store
from indexer.building.generations import Generations


@dataclass(frozen=True, slots=True)
class IndexState:
    """The live generation; an empty name when nothing was published yet."""

    generation: str
    documents: int
    sequence: int
    analyzer: str


def index_state(store: Store) -> IndexState:
    """What the live generation of an archive holds.

    Raises:
        EngineError: its manifest is damaged.
    """
    try:
        current = Generations(store.home / "index").current()
    except NoIndexError:
        return IndexState("", 0, 0, "")
    manifest = current.manifest
    return IndexState(current.name, manifest.documents, manifest.sequence, manifest.analyzer)
