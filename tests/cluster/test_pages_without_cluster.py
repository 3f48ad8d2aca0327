"""Pages while the cluster of the index is away, or a part of it: said, never a silent zero."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from archive.store import Store
from indexer.engine.records import EngineResult
from indexer.generations import live_index
from indexer.generations.generations import Generations
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import open_archive
from indexer.opensearch_engine.engine import OpenSearchEngine
from tests.factories import article, client_of, keep

FOUND = article("Bão số ba", "Mưa lớn ở Huế.")


@pytest.fixture
def store(store: Store) -> Store:
    keep(store, FOUND, article("Lúa mùa", "Được mùa ở An Giang."))
    IndexBuilder(store).update()
    return store


@contextmanager
def _client(store: Store) -> Iterator[Any]:
    with open_archive(store.home) as archive:
        yield client_of(archive)


def test_articles_and_originals_are_served_while_the_cluster_is_away(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_index, "PATIENCE", 1.5)
    pointer = Generations(store.home / "index").current().folder / "index.json"
    record = json.loads(pointer.read_text())
    record["location"] = "opensearch://127.0.0.1:9/none"
    pointer.write_text(json.dumps(record))
    with _client(store) as client:
        page = client.get("/?q=mưa&lang=en")
        assert (page.status_code, "articles can still be read" in page.text) == (503, True)
        assert client.get("/api/v1/search?q=mưa").status_code == 503
        for path in ("", "/original", "/cite.bib", "?q=mưa"):
            assert client.get(f"/article/{FOUND.identifier}{path}").status_code == 200, path
        health = client.get("/healthz").get_json()
        assert (health["status"], health["engine"]) == ("ok", "away")
        assert client.get("/readyz").status_code == 503
        assert "tangthu_engine_up 0.0" in client.get("/metrics").text


def test_a_part_that_is_away_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    search = OpenSearchEngine.search

    def miss_a_part(engine: OpenSearchEngine, *arguments: Any) -> EngineResult:
        return replace(search(engine, *arguments), complete=False, missing_shards=1)

    monkeypatch.setattr(OpenSearchEngine, "search", miss_a_part)
    with _client(store) as client:
        page = client.get("/?q=khong-co-gi&lang=en")
        assert (page.status_code, "part of the archive" in page.text) == (200, True)
        assert client.get("/api/v1/search?q=khong-co-gi").get_json()["complete"] is False
        # Yellow while copies of the shards are still being made.
        assert client.get("/healthz").get_json()["engine"] in ("green", "yellow")
