"""An index that was built is merged when its copies will not ask for what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from indexer.analysis.analyzer import ANALYZER
from indexer.opensearch_engine.cluster_client import ClusterClient
from indexer.opensearch_engine.index_merging import WORTH_WAITING, merge_index
from indexer.opensearch_engine.index_pointer import FORMAT
from indexer.opensearch_engine.location import EngineLocation
from indexer.opensearch_engine.remote_index import RemoteIndex
from tests.indexer.opensearch_engine.fake_cluster import Script, fake_node

META = {"format": FORMAT, "analyzer": ANALYZER, "routings": ["0", "7"]}
DESCRIPTION = {"news": {"mappings": {"_meta": META}}}


def shards(*retained: int) -> dict[str, object]:
    """The statistics of shards whose last change is 9: what their copies may still ask for."""
    copies = [
        {
            "seq_no": {"max_seq_no": 9},
            "retention_leases": {"leases": [{"retaining_seq_no": number}]},
        }
        for number in retained
    ]
    return {"indices": {"news": {"shards": {"0": copies}}}}


@contextmanager
def index_of(*answers: object) -> Iterator[tuple[RemoteIndex, Script]]:
    replies = [(200, json.dumps(answer).encode()) for answer in answers]
    with fake_node(*replies) as (node, script):
        with ClusterClient(EngineLocation((node,), "news")) as client:
            yield RemoteIndex(client, "news"), script


def test_a_large_index_is_merged_when_its_copies_are_noted() -> None:
    waited: list[float] = []
    answers: list[object] = [{"count": WORTH_WAITING}, DESCRIPTION, {}, {}, {}, {}]
    answers += [shards(10, 4), shards(10, 10), {"task": "a:1"}, {}, {"completed": True}, {}]
    with index_of(*answers) as (remote, script):
        merge_index(remote, waited.append)
    requests = [f"{request.method} {request.path.split('?')[0]}" for request in script.received]
    assert requests == [
        "GET /news/_count",
        "GET /news/_mapping",
        "PUT /news/_doc/marker-0",
        "PUT /news/_doc/marker-1",
        "POST /news,news-words/_refresh",
        "POST /news/_flush",
        "GET /news/_stats",
        "GET /news/_stats",
        "POST /news,news-words/_forcemerge",
        "GET /_tasks/a:1",
        "GET /_tasks/a:1",
        "DELETE /news/_doc/marker-0",
        "DELETE /news/_doc/marker-1",
        "POST /news,news-words/_refresh",
    ]
    assert [request.path.split("=")[-1] for request in script.received[2:4]] == ["0", "7"]
    assert len(waited) == 2


@pytest.mark.parametrize("documents", [0, WORTH_WAITING - 1])
def test_a_small_index_is_not_waited_for(documents: int) -> None:
    answers = ({"count": documents}, {"task": "a:1"}, {"completed": True})
    with index_of(*answers) as (remote, script):
        merge_index(remote, lambda _: None)
    assert [request.method for request in script.received] == ["GET", "POST", "GET"]
