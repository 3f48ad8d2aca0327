"""Changes in bulk: sent again where the cluster is busy, named where it refuses them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from archive.errors import EngineError
from indexer.opensearch_engine import bulk_requests
from indexer.opensearch_engine.bulk_requests import BulkSender
from indexer.opensearch_engine.cluster_client import ClientLimits, ClusterClient
from tests.indexer.opensearch_engine.fake_cluster import fake_node, location_of

CHANGES = [f'{{"delete":{{"_id":"{name}"}}}}\n'.encode() for name in "abc"]
WELL = (200, b'{"errors": false}')


def results(*statuses: int) -> tuple[int, bytes]:
    items = [
        {"delete": {"_id": name, "status": status, "error": {"type": "t", "reason": "r\nr"}}}
        for name, status in zip("abc", statuses, strict=False)
    ]
    return 200, json.dumps({"errors": True, "items": items}).encode()


def send(*replies: tuple[int, bytes], accepted: tuple[int, ...] = ()) -> list[Any]:
    """Return the requests that three changes took."""
    with fake_node(*replies) as (node, script):
        with ClusterClient(location_of(node), ClientLimits(seconds=20)) as client:
            BulkSender(client).send("tests", CHANGES, accepted)
    return [received.body for received in script.received]


def test_changes_are_sent_at_once() -> None:
    assert send(WELL) == [b"".join(CHANGES)]


def test_what_is_refused_as_busy_is_sent_again_alone() -> None:
    assert send(results(200, 429, 503), WELL) == [b"".join(CHANGES), b"".join(CHANGES[1:])]


def test_accepted_statuses_are_no_errors() -> None:
    assert len(send(results(200, 409, 404), accepted=(404, 409))) == 1


def test_a_refused_document_is_named() -> None:
    with pytest.raises(EngineError, match="refuses the document b: 400 t: r r"):
        send(results(200, 400, 200))


def test_another_number_of_results_is_an_error() -> None:
    with pytest.raises(EngineError, match="another number of changes"):
        send(results(200, 429))


def test_a_cluster_that_stays_busy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_requests, "_FIRST_PAUSE", 0.001)
    monkeypatch.setattr(bulk_requests, "_LONGEST_PAUSE", 0.001)
    with pytest.raises(EngineError, match="too busy"):
        send(results(429, 429, 429))


def test_large_changes_are_sent_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_requests, "LARGEST_REQUEST", 2 * len(CHANGES[0]))
    assert send(WELL) == [b"".join(CHANGES[:2]), CHANGES[2]]


def test_no_change_is_no_request() -> None:
    with fake_node(WELL) as (node, script):
        with ClusterClient(location_of(node)) as client:
            BulkSender(client).send("tests", [])
    assert not script.received
