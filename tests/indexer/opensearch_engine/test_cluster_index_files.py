"""The end of a rebuild on a cluster: copies that are begun late, or never."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from indexer.opensearch_engine import cluster_index_files
from indexer.opensearch_engine.cluster_client import ClusterClient
from indexer.opensearch_engine.cluster_index_files import _make_copies
from indexer.opensearch_engine.remote_index import RemoteIndex
from tests.indexer.opensearch_engine.fake_cluster import fake_node, location_of


def health(active: int, arriving: int = 0, nodes: int = 3) -> tuple[int, bytes]:
    """Return the health of an index with two shards, as a cluster reports it."""
    record: dict[str, Any] = {
        "status": "yellow" if active < 4 else "green",
        "number_of_nodes": nodes,
        "number_of_data_nodes": nodes,
        "active_primary_shards": 2,
        "active_shards": active,
        "initializing_shards": arriving,
        "unassigned_shards": 4 - active - arriving,
    }
    return 200, msgspec.json.encode(record)


@pytest.mark.parametrize(
    ("answers", "replicas"),
    [
        ([health(4)], 1),
        # Not begun yet, then one after the other, with a pause in between.
        ([health(2), health(2, 1), health(3), health(3, 1), health(4)], 1),
        ([health(2, 1), health(2), health(2, 2), health(4)], 1),
        # No further copies are wanted, or no other node could hold them.
        ([health(2)], 0),
        ([health(2, nodes=1)], 1),
        ([health(2, nodes=2), health(4, nodes=2)], 3),
    ],
)
def test_copies_are_waited_for_until_all_are_made(
    answers: list[tuple[int, bytes]], replicas: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_index_files, "_SECONDS_BETWEEN", 0.0)
    with fake_node((200, b"{}"), *answers) as (node, script):
        with ClusterClient(replace(location_of(node), replicas=replicas)) as client:
            _make_copies(RemoteIndex(client, "kho-000001"))
    assert len(script.received) == 1 + len(answers)
    assert b'"number_of_replicas":%d' % replicas in script.received[0].body


def test_copies_that_are_never_begun_are_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_index_files, "_SECONDS_BETWEEN", 0.0)
    monkeypatch.setattr(cluster_index_files, "_SECONDS_TO_BEGIN", 0.2)
    with fake_node((200, b"{}"), health(2, 1), health(3)) as (node, script):
        with ClusterClient(replace(location_of(node), replicas=1)) as client:
            _make_copies(RemoteIndex(client, "kho-000001"))
    assert len(script.received) > 3
