"""Metrics: requests by endpoint, method and status, and the figures of the archive."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from archive.catalogue.operations import OperatorNote
from indexer.open_archive import OpenArchive
from tests.factories import ArchiveFactory, article, client_of, keep

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
