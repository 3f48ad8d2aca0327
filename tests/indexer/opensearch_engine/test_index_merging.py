"""An index that was built is merged when its copies will not ask for what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.errors import EngineError
from indexer.analysis.analyzer import ANALYZER
from indexer.analysis.documents import Document
from indexer.analysis.fields import Field
from indexer.engine.queries import Term
from indexer.engine.records import EngineQuery
from indexer.engine_factory import open_engine
from indexer.opensearch_engine import index_merging
from indexer.opensearch_engine.cluster_client import ClusterClient
from indexer.opensearch_engine.cluster_index_files import OpenSearchIndexFiles, address_of
from indexer.opensearch_engine.index_merging import WORTH_WAITING, merge_index
from indexer.opensearch_engine.index_pointer import FORMAT
from indexer.opensearch_engine.location import EngineLocation
from indexer.opensearch_engine.remote_index import RemoteIndex
from tests.indexer.opensearch_engine.cluster_indices import create_index
from tests.indexer.opensearch_engine.fake_cluster import Script, fake_node
from tests.indexer.opensearch_engine.random_documents import documents_of

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
    by_shard = {str(number): [copy] for number, copy in enumerate(copies)}
    return {"indices": {"news": {"shards": by_shard}}}


@contextmanager
def index_of(*answers: object) -> Iterator[tuple[RemoteIndex, Script]]:
    replies = [(200, json.dumps(answer).encode()) for answer in answers]
    with fake_node(*replies) as (node, script):
        with ClusterClient(EngineLocation((node,), "news")) as client:
            yield RemoteIndex(client, "news"), script


def deleted(count: int) -> dict[str, object]:
    """The statistics of an index of which some documents were deleted or replaced."""
    return {"_all": {"primaries": {"docs": {"deleted": count}}}}


@pytest.mark.parametrize(
    ("answers", "questions"),
    [
        ([{"count": WORTH_WAITING}], []),
        # Sent twice: what was replaced would count in the scores until it is merged away.
        ([{"count": 60}, deleted(1)], ["GET /news/_stats/docs"]),
    ],
    ids=["large", "sent twice"],
)
def test_a_large_index_is_merged_when_its_copies_are_noted(
    answers: list[object], questions: list[str]
) -> None:
    waited: list[float] = []
    answers = [*answers, DESCRIPTION, {}, {}, {}, {}]
    answers += [shards(10, 4), shards(10, 10), {"task": "a:1"}, {}, {"completed": True}, {}]
    with index_of(*answers) as (remote, script):
        assert merge_index(remote, waited.append)
    requests = [f"{request.method} {request.path.split('?')[0]}" for request in script.received]
    assert requests == [
        "GET /news/_count",
        *questions,
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
    markers = [request.path for request in script.received if request.method == "PUT"]
    assert [path.split("=")[-1] for path in markers] == ["0", "7"]
    assert len(waited) == 2


@pytest.mark.parametrize("documents", [0, WORTH_WAITING - 1])
def test_a_small_index_is_not_waited_for(documents: int) -> None:
    answers = ({"count": documents}, deleted(0), {"task": "a:1"}, {"completed": True})
    with index_of(*answers) as (remote, script):
        assert merge_index(remote, lambda _: None)
    assert [request.method for request in script.received] == ["GET", "GET", "POST", "GET"]


@pytest.mark.parametrize(
    "answer",
    [{}, {"_shards": {"failed": 1}} | deleted(0)],
    ids=["no shard says", "a shard does not say"],
)
def test_a_small_index_is_waited_for_where_a_shard_does_not_say_what_was_deleted(
    answer: dict[str, object],
) -> None:
    answers = [{"count": 60}, answer, DESCRIPTION, {}, {}, {}, {}, shards(10, 10), {"task": "a:1"}]
    with index_of(*answers, {"completed": True}, {}) as (remote, script):
        assert merge_index(remote, lambda _: None)
    assert "PUT /news/_doc/marker-0?routing=0" in [
        f"{request.method} {request.path}" for request in script.received
    ]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        shards(10),
        shards(10, 10) | {"_shards": {"failed": 1}},
        {"indices": {"news": {"shards": {"0": [{}], "1": [{}]}}}},
        shards(10, 4),
    ],
    ids=["nothing", "one shard of two", "a copy failed", "no numbers", "asked for"],
)
def test_what_not_every_shard_has_noted_is_waited_for_and_said(
    answer: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter(range(0, 1000, 30))
    clock = SimpleNamespace(monotonic=lambda: float(next(seconds)))
    monkeypatch.setattr(index_merging, "time", clock)
    stats = 2  # in the 90 seconds of a clock that goes 30 at each look
    answers = [{"count": WORTH_WAITING}, DESCRIPTION, {}, {}, {}, {}, *[answer] * stats]
    with index_of(*answers, {"task": "a:1"}, {"completed": True}, {}) as (remote, script):
        assert not merge_index(remote, lambda _: None)
    paths = [request.path.split("?")[0] for request in script.received]
    assert paths.count("/news/_stats") == stats
    assert "/news,news-words/_forcemerge" in paths
    assert script.received[-1].method == "POST"


def test_a_merge_whose_node_went_away_is_not_taken_as_done() -> None:
    answers = [(200, {"count": 3}), (200, deleted(0)), (200, {"task": "a:1"}), (404, {})]
    replies = [(status, json.dumps(answer).encode()) for status, answer in answers]
    with fake_node(*replies) as (node, _):
        with ClusterClient(EngineLocation((node,), "news")) as client:
            assert not merge_index(RemoteIndex(client, "news"), lambda _: None)


def test_documents_of_some_shards_alone_are_no_number() -> None:
    partial = {"count": 3, "_shards": {"total": 2, "failed": 1}}
    with index_of(partial, partial, {"count": 5, "_shards": {"total": 2, "failed": 0}}) as (
        remote,
        script,
    ):
        remote.client.sleep = lambda _: None
        assert remote.count_documents() == 5
    assert len(script.received) == 3
    with index_of(partial) as (remote, _):
        remote.client.sleep = lambda _: None
        with pytest.raises(EngineError, match="1 of 2 shards of news do not answer"):
            remote.count_documents()


def build(urls: Sequence[str], folder: Path, name: str, *sent: Sequence[Document]) -> Path:
    """Build an index from what some workers send one after the other."""
    create_index(urls, folder / "begun", name)
    files = OpenSearchIndexFiles(address_of(folder / "begun"))
    for number, documents in enumerate(sent):
        (folder / str(number)).mkdir()
        files.spill(folder / str(number), documents, 1 << 20)
    (folder / "built").mkdir()
    files.adopt(folder / "built", [], 1)
    return folder / "built"


def scores(folder: Path) -> list[list[tuple[str, float]]]:
    """Return what one-word searches find, with its scores."""
    with closing(open_engine(folder)) as engine:
        results = [
            engine.search(EngineQuery(Term(Field.EXACT, word), limit=50))
            for word in ("an", "án", "bình", "hòa")
        ]
    assert all(result.total for result in results)
    return [[(hit.identifier, hit.score) for hit in result.hits] for result in results]


def test_documents_that_were_sent_twice_count_once(
    opensearch_urls: tuple[str, ...], opensearch_name: str, tmp_path: Path
) -> None:
    # A worker was killed before it noted what it had sent, and another sends it again.
    documents = documents_of(40, seed=8)
    answers = []
    for name, sent in (("once", [documents]), ("twice", [documents[:25], documents])):
        (tmp_path / name).mkdir()
        folder = build(opensearch_urls, tmp_path / name, f"{opensearch_name}-{name}", *sent)
        answers.append(scores(folder))
    assert answers[0] == answers[1]
