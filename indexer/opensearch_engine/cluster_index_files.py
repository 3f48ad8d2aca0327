"""An index on a cluster while it is built and checked: what stands for the files of an index.

A rebuild sends its documents straight to a new index, so that a task leaves no spill file and no
segment is assembled here. What is sent twice changes nothing: a killed task is simply done again.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import msgspec

from archive.errors import DamagedError, EngineError
from archive.files.json_records import read_json_record
from indexer.analysis.documents import Document
from indexer.opensearch_engine.cluster_client import ClusterRequest
from indexer.opensearch_engine.index_lifecycle import (
    SECONDS_TO_RECOVER,
    join_address,
    open_remote,
    read_health,
    split_address,
)
from indexer.opensearch_engine.index_merging import merge_index
from indexer.opensearch_engine.index_pointer import (
    MAX_POINTER_SIZE,
    POINTER,
    IndexPointer,
    write_pointer,
)
from indexer.opensearch_engine.opensearch_writer import OpenSearchWriter
from indexer.opensearch_engine.remote_index import RemoteIndex

_DOCUMENTS_AT_ONCE: Final = 128
"""Documents that are sent together, some megabytes."""

_SECONDS_BETWEEN: Final = 0.5
_SECONDS_TO_BEGIN: Final = 60.0
_SECONDS_TO_MERGE: Final = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class _PointerPlace:
    """The keys of a pointer that say where the index is."""

    location: str
    index: str


@dataclass(frozen=True, slots=True)
class OpenSearchIndexFiles:
    """The index of an address; implements `indexer.engine.api.IndexFiles`. Can be pickled."""

    address: str

    def spill(self, folder: Path, documents: Iterable[Document], memory: int) -> list[Path]:
        """Send documents to the index, durably; there are no files."""
        location, index = split_address(self.address)
        write_pointer(folder, IndexPointer(str(location), index))
        with OpenSearchWriter(folder, memory) as writer:
            for number, document in enumerate(documents, start=1):
                writer.add(document)
                if number % _DOCUMENTS_AT_ONCE == 0:
                    writer.flush()
            writer.flush()
        (folder / POINTER).unlink()
        return []

    def group_spills(self, files: Sequence[Path], memory: int) -> list[list[Path]]:
        """Return no group: the cluster makes its segments itself."""
        return []

    def assemble(self, folder: Path, files: Sequence[Path], sequence: int, memory: int) -> None:
        """Do nothing: there is no group."""

    def adopt(self, target: Path, sources: Sequence[Path], sequence: int) -> None:
        """Merge what was sent, make the copies that the location wants, and point to the index."""
        with open_remote(self.address) as remote:
            remote.refresh()
            is_merged = merge_index(remote)
            _make_copies(remote)
            documents = remote.count_documents()
            description = remote.read_description()
            remote.describe(replace(description, sequence=sequence, documents=documents))
            location = str(remote.client.location)
            pointer = IndexPointer(location, remote.name, sequence, documents, not is_merged)
            write_pointer(target, pointer)

    def check(self, folder: Path, unchanged: Set[str] = frozenset()) -> None:
        """Compare what the index says of itself with what it holds; the cluster checks its files.

        Raises:
            EngineError: a shard is missing, or documents are.
        """
        if self.address != address_of(folder):
            raise EngineError(f"{folder} points to another index; run `tangthu rebuild`")
        with open_remote(self.address) as remote:
            description = remote.read_description()
            if read_health(remote, SECONDS_TO_RECOVER).status == "red":
                raise EngineError(
                    f"shards of {remote.name} are on no node; start the nodes that are missing"
                )
            documents = remote.count_documents()
        if documents != description.documents:
            raise EngineError(
                f"{remote.name} holds {documents} documents and was left with "
                f"{description.documents}; run `tangthu rebuild`"
            )


def address_of(folder: Path) -> str:
    """Return the address of the index that a folder points to, whichever program made it.

    Raises:
        EngineError: the pointer is missing or damaged.
    """
    path = folder / POINTER
    try:
        place = read_json_record(path, _PointerPlace, MAX_POINTER_SIZE)
    except (OSError, DamagedError) as error:
        raise EngineError(f"{path} cannot be read: {error}; run `tangthu rebuild`") from error
    return join_address(place.location, place.index)


def _make_copies(remote: RemoteIndex) -> None:
    """Have as many copies of each shard as the location wants, and wait while they are made.

    The cluster begins them in its own time, some after others. What it has not begun after a
    minute, such as copies for which no disk has room, is not waited for.
    """
    replicas = remote.client.location.replicas
    settings: dict[str, Any] = {"index": {"number_of_replicas": replicas}}
    path = f"/{remote.name},{remote.dictionary}/_settings"
    remote.client.send(ClusterRequest("PUT", path, msgspec.json.encode(settings)))
    begun = time.monotonic()
    end = begun + _SECONDS_TO_MERGE
    while not (health := read_health(remote)).has_copies(replicas):
        now = time.monotonic()
        if health.arriving:
            begun = now
        if now > end or now - begun > _SECONDS_TO_BEGIN:
            return
        time.sleep(_SECONDS_BETWEEN)
