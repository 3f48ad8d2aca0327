"""Indices of tests on a cluster: created, with a pointer in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from indexer.opensearch_engine.cluster_client import ClusterClient
from indexer.opensearch_engine.index_pointer import write_pointer
from indexer.opensearch_engine.location import EngineLocation, Node
from indexer.opensearch_engine.remote_index import RemoteIndex


def location_at(urls: Sequence[str], name: str, shards: int = 3) -> EngineLocation:
    """Return the location of indices on the nodes of some addresses."""
    parts = [urlsplit(url) for url in urls]
    nodes = tuple(Node(part.hostname or "", part.port or 0) for part in parts)
    return EngineLocation(nodes, name, shards=shards, replicas=1 if len(nodes) > 1 else 0)


def create_index(urls: Sequence[str], folder: Path, name: str, shards: int = 3) -> None:
    """Create an index, and let a folder point to it."""
    with ClusterClient(location_at(urls, name, shards)) as client:
        write_pointer(folder, RemoteIndex(client, name).create())
