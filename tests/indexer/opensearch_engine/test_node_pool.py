"""Nodes in turn, and those that failed put aside."""

from __future__ import annotations

from indexer.opensearch_engine.node_pool import (
    ASIDE_SECONDS,
    MOST_ASIDE_SECONDS,
    NodePool,
)


def test_nodes_take_turns() -> None:
    pool = NodePool(["a", "b", "c"], clock=lambda: 0.0)
    assert sorted(pool.next_address() for _ in range(6)) == ["a", "a", "b", "b", "c", "c"]


def test_a_node_that_fails_is_put_aside_for_longer_each_time() -> None:
    now = [0.0]
    pool = NodePool(["a", "b"], clock=lambda: now[0])
    seconds = []
    for _ in range(8):
        pool.put_aside("a")
        start = now[0]
        while {pool.next_address(), pool.next_address()} == {"b"}:
            now[0] += 0.5
        seconds.append(now[0] - start)
    assert seconds[:3] == [ASIDE_SECONDS, 2 * ASIDE_SECONDS, 4 * ASIDE_SECONDS]
    assert seconds[-1] == MOST_ASIDE_SECONDS
    pool.take_back("a")
    pool.put_aside("a")
    now[0] += ASIDE_SECONDS
    assert pool.count_available() == 2


def test_where_all_failed_the_first_to_come_back_is_asked() -> None:
    now = [0.0]
    pool = NodePool(["a", "b"], clock=lambda: now[0])
    pool.put_aside("b")
    now[0] = 1.0
    pool.put_aside("a")
    assert pool.count_available() == 0
    assert {pool.next_address() for _ in range(4)} == {"b"}
