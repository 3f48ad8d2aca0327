"""Searches on a cluster some of whose shards do not answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from archive.errors import EngineError
from indexer.analysis.fields import Field
from indexer.engine.queries import MatchAll, Term
from indexer.engine.records import EngineQuery
from indexer.opensearch_engine.cluster_client import ClientLimits, ClusterClient
from indexer.opensearch_engine.cluster_search import ClusterSearch
from indexer.opensearch_engine.lowering import QueryFacts, QueryLowering
from indexer.opensearch_engine.search_answers import SearchTarget
from tests.indexer.opensearch_engine.fake_cluster import fake_node, location_of


def answer(total: int = 1, failed: int = 0, shards: int = 3, **keys: Any) -> dict[str, Any]:
    hits = {"total": {"value": total}, "hits": [{"_id": "a", "_score": 2.5}][:total]}
    return {"status": 200, "_shards": {"total": shards, "failed": failed}, "hits": hits, **keys}


def answers(*replies: dict[str, Any]) -> tuple[int, bytes]:
    return 200, json.dumps({"responses": replies}).encode()


BUSY = {"status": 503, "error": {"type": "busy", "root_cause": [{"type": "r", "reason": "full"}]}}
WRONG = {"status": 400, "error": {"type": "parse", "reason": "no\nsuch query"}}
DIED = {
    "status": 500,
    "error": {
        "type": "search_phase_execution_exception",
        "reason": "",
        "root_cause": [],
        "caused_by": {"type": "node_disconnected_exception", "reason": "[node-1] disconnected"},
    },
}
GONE = {"status": 404, "error": {"type": "index_not_found_exception"}}


def search(*replies: tuple[int, bytes], point: str = "") -> tuple[Any, int]:
    """Return the result of a request, and how often the node was asked."""
    request = EngineQuery(Term(Field.FOLDED, "hoa"), counts=(MatchAll(),))
    with fake_node(*replies) as (node, script):
        with ClusterClient(location_of(node), ClientLimits(seconds=20), lambda _: None) as client:
            target = SearchTarget(client, "tests", point)
            result = ClusterSearch(request, target, QueryLowering(QueryFacts())).run()
    return result, len(script.received)


def test_a_whole_answer_is_exact() -> None:
    result, requests = search(answers(answer(), answer(7)))
    assert (result.total, result.counts, result.complete, result.missing_shards) == (
        1,
        (7,),
        True,
        0,
    )
    assert [(hit.identifier, hit.score) for hit in result.hits] == [("a", 2.5)]
    assert requests == 1


@pytest.mark.parametrize("first", [answer(0, failed=1), answer(0, failed=3), BUSY, DIED])
def test_shards_that_fail_are_asked_again(first: dict[str, Any]) -> None:
    result, requests = search(answers(first, answer(7)), answers(answer(), answer(7)))
    assert (result.total, result.complete, result.missing_shards) == (1, True, 0)
    assert requests == 2


@pytest.mark.parametrize("first", [answer(0, failed=3), BUSY, DIED])
def test_a_search_without_any_answer_is_asked_for_longer(first: dict[str, Any]) -> None:
    result, requests = search(*[answers(first, answer(7))] * 6, answers(answer(), answer(7)))
    assert (result.total, result.complete, requests) == (1, True, 7)


def test_a_search_that_is_wrong_is_not_asked_again() -> None:
    with fake_node(answers(WRONG), answers(answer())) as (node, script):
        with ClusterClient(location_of(node), sleep=lambda _: None) as client:
            with pytest.raises(EngineError, match="no such query"):
                SearchTarget(client, "tests").search([{}])
    assert len(script.received) == 1


def test_missing_shards_are_said() -> None:
    result, requests = search(answers(answer(), answer(7, failed=2)))
    assert (result.total, result.complete, result.missing_shards) == (1, False, 2)
    assert requests > 2


def test_time_that_ran_out_is_said() -> None:
    result, requests = search(answers(answer(timed_out=True), answer(7)))
    assert (result.complete, result.missing_shards, requests) == (False, 0, 1)


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (answer(0, failed=3), "all shards failed.*try again"),
        (BUSY, "r: full.*try again"),
        (DIED, "node_disconnected_exception: .*try again"),
        (WRONG, "parse: no such query.*log"),
        (GONE, "run `tangthu rebuild`"),
    ],
)
def test_nothing_answered_is_an_error_and_not_nothing_found(
    reply: dict[str, Any], message: str
) -> None:
    with pytest.raises(EngineError, match=message) as failure:
        search(answers(reply, answer(7)))
    assert str(failure.value).isprintable()


def test_a_lost_point_in_time_is_said() -> None:
    with pytest.raises(EngineError, match="begin again"):
        search(answers(GONE, answer(7)), point="abc")


@pytest.mark.parametrize("reply", [answers(), answers(answer()), (200, b"{}"), (200, b"[]")])
def test_another_number_of_answers_is_an_error(reply: tuple[int, bytes]) -> None:
    with pytest.raises(EngineError, match="answer"):
        search(reply)
