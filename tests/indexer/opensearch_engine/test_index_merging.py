"""An index that was built is merged when its copies will not ask for what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from indexer.analysis.analyzer import ANALYZER
from indexer.analysis.documents import Document
from indexer.analysis.fields import Field
from indexer.engine.queries import Term
from indexer.engine.records import EngineQuery
from indexer.engine_factory import open_engine
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
    return {"indices": {"news": {"shards": {"0": copies}}}}


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
        merge_index(remote, waited.append)
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
        merge_index(remote, lambda _: None)
    assert [request.method for request in script.received] == ["GET", "GET", "POST", "GET"]


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
