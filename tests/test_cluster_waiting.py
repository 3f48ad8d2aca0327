"""A wait for a cluster says which copies of shards are in no place, and why."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from tests.cluster_waiting import describe_waiting
from tests.opensearch_server import ask_node

NODES = [{"name": "node-0"}, {"name": "node-1"}]
STARTED = {"index": "kho", "shard": "0", "prirep": "p", "state": "STARTED", "node": "node-0"}
AWAY = {"index": "kho", "shard": "0", "prirep": "r", "state": "UNASSIGNED", "node": None}
EXPLAINED = {
    "unassigned_info": {
        "reason": "ALLOCATION_FAILED",
        "details": "shard lock",
        "failed_allocation_attempts": 5,
    },
    "allocate_explanation": "cannot allocate because allocation is not permitted to any nodes",
    "node_allocation_decisions": [
        {
            "node_name": "node-1",
            "deciders": [{"decider": "max_retry", "explanation": "too often"}],
        }
    ],
}


class FakeCluster:
    """Answers by the first part of a path; a missing answer is a node that is away."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers, self.bodies = answers, list[Any]()

    def ask(self, method: str, path: str, body: Any) -> Any:
        name = path.partition("?")[0].removeprefix("/_cat/").removeprefix("/_cluster/")
        self.bodies += [body] * (method == "POST")
        if name not in self.answers:
            raise OSError(f"{name} does not answer")
        return self.answers[name]


def with_shards(*shards: Mapping[str, Any], **others: Any) -> FakeCluster:
    answers = {"nodes": NODES, "shards": list(shards), "recovery": [], "pending_tasks": []}
    return FakeCluster({**answers, **others})


def test_a_copy_in_no_place_is_named_with_the_reasons_of_the_manager() -> None:
    cluster = with_shards(AWAY, STARTED, **{"allocation/explain": EXPLAINED})
    waiting = describe_waiting(cluster.ask)
    assert waiting.startswith("2 nodes; kho 0 r UNASSIGNED (shard lock, 5, cannot allocate")
    assert "node-1: too often" in waiting
    assert cluster.bodies == [{"index": "kho", "shard": 0, "primary": False}]


def test_a_copy_that_found_its_place_meanwhile_is_named_all_the_same() -> None:
    waiting = describe_waiting(with_shards(AWAY).ask)
    assert waiting == "2 nodes; kho 0 r UNASSIGNED (allocation/explain does not answer)"


def test_only_some_copies_are_explained_and_all_are_named() -> None:
    copies = [AWAY | {"shard": str(number)} for number in range(9)]
    cluster = with_shards(*copies, **{"allocation/explain": EXPLAINED})
    waiting = describe_waiting(cluster.ask)
    assert len(cluster.bodies) < len(copies)
    assert all(f"kho {number} r UNASSIGNED" in waiting for number in range(9))


def test_what_goes_on_is_waiting() -> None:
    recovery = [{"index": "kho", "shard": "1", "stage": "index", "bytes_percent": "12.0%"}]
    tasks = [{"timeInQueue": "3s", "source": "node-left"}]
    waiting = describe_waiting(with_shards(STARTED, recovery=recovery, pending_tasks=tasks).ask)
    assert "every copy is in its place" in waiting
    assert "under way: kho 1 index 12.0%; under way: 3s node-left" in waiting


def test_a_cluster_without_a_manager_is_waiting_by_its_error() -> None:
    assert describe_waiting(FakeCluster({}).ask) == "nodes does not answer"


def test_a_copy_that_no_node_may_hold_is_explained(
    opensearch_urls: tuple[str, ...], opensearch_name: str
) -> None:
    def ask(method: str, path: str, body: Any) -> Any:
        return ask_node(opensearch_urls[0], method, path, body)

    settings = {
        "number_of_shards": 1,
        "number_of_replicas": 0,
        "routing.allocation.require._name": "no-such-node",
    }
    ask("PUT", f"/{opensearch_name}?wait_for_active_shards=0", {"settings": settings})
    end = time.monotonic() + 60
    while opensearch_name not in (waiting := describe_waiting(ask)) and time.monotonic() < end:
        time.sleep(0.1)
    assert f"{opensearch_name} 0 p UNASSIGNED INDEX_CREATED" in waiting
    assert "no-such-node" in waiting
