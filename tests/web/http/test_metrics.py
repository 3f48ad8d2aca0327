"""Metrics: requests by endpoint, method and status, and the figures of the archive."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask, Response
from prometheus_client.parser import text_string_to_metric_families

from archive.catalogue.operations import OperatorNote
from indexer.open_archive import OpenArchive
from tests.factories import ArchiveFactory, article, client_of, keep
from web.http import metrics, originals_watch
from web.http.originals_watch import OriginalsState, OriginalsWatch

REQUESTS = "tangthu_requests_total"


@pytest.fixture
def archive(archive_of: ArchiveFactory) -> OpenArchive:
    return archive_of(article("Một", "tin"), article("Hai", "tin"))


def figures(text: str) -> dict[tuple[str, ...], float]:
    """Return the figures of an answer by name and labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_are_counted_by_endpoint_method_and_status(archive: OpenArchive) -> None:
    client = client_of(archive)
    for path in ("/?q=tin", "/?q=mot", "/nothing", "/nowhere"):
        client.get(path, buffered=True)
    client.post("/healthz", buffered=True)
    client.open("/nothing", method="ODD", buffered=True)
    counted = figures(client.get("/metrics", buffered=True).text)
    requests = {
        tuple(labels): count for (name, *labels), count in counted.items() if name == REQUESTS
    }
    # An unknown address is no label, and neither is what else was asked of it.
    assert requests.pop(("none", "none", "404")) == 3
    assert 2 in requests.values()
    assert {method for _, method, status in requests if status == "200"} == {"GET"}
    assert {method for _, method, _ in requests} <= {"GET", "POST", "none"}
    assert counted["tangthu_request_seconds_count", "none"] >= 3
    # Only this request is under way.
    assert counted["tangthu_requests_under_way",] == 1


def test_figures_are_those_of_the_archive_and_its_index(archive: OpenArchive) -> None:
    client = client_of(archive)
    (added,) = keep(archive.store, article("Ba", "tin"))
    with archive.store.operator_batch() as batch:
        batch.hide(added.identifier, OperatorNote("nhầm", "thủ thư"))
    counted = figures(client.get("/metrics").text)
    names = ("articles", "indexed_articles", "sequence", "indexed_sequence", "engine_up")
    assert [counted[f"tangthu_{name}",] for name in names] == [2, 2, 4, 2, 1]
    others = ("engine_missing_shards", "engine_unmerged", "drawing_children")
    assert [counted[f"tangthu_{name}",] for name in others] == [0, 0, 0]
    assert ("tangthu_object_storage_up",) not in counted


def test_seconds_are_those_from_a_request_to_the_end_of_its_answer(
    archive: OpenArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [50.0]
    monkeypatch.setattr(metrics, "time", SimpleNamespace(perf_counter=lambda: now[0]))
    app = Flask("small")
    app.register_blueprint(metrics.blueprint)
    originals_watch.register(app, archive.store)
    metrics.register(app, archive)
    running = []

    def answer() -> Response:
        now[0] += 0.25

        def blocks() -> list[str]:
            running.append(figures(app.test_client().get("/metrics", buffered=True).text))
            now[0] += 0.5
            yield "x"

        return Response(blocks())

    app.add_url_rule("/page", "page", view_func=answer)
    app.test_client().get("/page", buffered=True)
    counted = figures(app.test_client().get("/metrics", buffered=True).text)
    assert counted["tangthu_request_seconds_sum", "page"] == 0.75
    assert counted["tangthu_request_seconds_count", "page"] == 1
    assert counted["tangthu_requests_total", "page", "GET", "200"] == 1
    # While it was sent: itself, and the request for the figures.
    assert running[0]["tangthu_requests_under_way",] == 2
    assert counted["tangthu_requests_under_way",] == 1


@pytest.mark.parametrize(("state", "up"), [(OriginalsState.OK, 1.0), (OriginalsState.AWAY, 0.0)])
def test_figures_of_a_storage_are_there_where_originals_are_in_one(
    archive: OpenArchive, monkeypatch: pytest.MonkeyPatch, state: OriginalsState, up: float
) -> None:
    monkeypatch.setattr(OriginalsWatch, "is_on", True)
    monkeypatch.setattr(OriginalsWatch, "state", lambda _: state)
    monkeypatch.setattr(OriginalsWatch, "unfinished_count", lambda _: 3)
    counted = figures(client_of(archive).get("/metrics").text)
    assert counted["tangthu_object_storage_up",] == up
    assert counted["tangthu_unfinished_pieces",] == 3


@pytest.mark.parametrize(("status", "up"), [("green", 1), ("yellow", 1), ("red", 0), ("away", 0)])
def test_an_engine_is_up_where_all_its_shards_answer(
    archive: OpenArchive, monkeypatch: pytest.MonkeyPatch, status: str, up: int
) -> None:
    health = SimpleNamespace(status=status, missing_shards=4)
    monkeypatch.setattr(metrics, "read_engine_health", lambda _: health)
    monkeypatch.setattr(metrics, "has_unmerged_index", lambda _: True)
    counted = figures(client_of(archive).get("/metrics").text)
    names = ("engine_up", "engine_missing_shards", "engine_unmerged")
    assert [counted[f"tangthu_{name}",] for name in names] == [up, 4, 1]
