"""Pages while the object storage of originals is away: 503 for the original, all else as ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.settings.originals_location import OriginalsLocation, write_originals_location
from archive.store import Store
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import OpenArchive, open_archive
from tests.factories import article, client_of, keep
from tests.object_storage_server import ObjectStorageServer
from web.http.originals_watch import OriginalsState, watch_of


@pytest.fixture
def archive(tmp_path: Path, object_storage: ObjectStorageServer) -> Iterator[OpenArchive]:
    """An archive of two articles; the original of the first is in the storage alone."""
    write_originals_location(tmp_path, OriginalsLocation(object_storage.new_location()))
    with Store(tmp_path, file_limit=1) as store:
        for title in ("Công an xã", "Học phí"):
            keep(store, article(title, "một hai ba"))
        store.ship()
        assert len(store.originals.files()) == 1
        IndexBuilder(store).update()
    with open_archive(tmp_path) as opened:
        yield opened


def ask(client: FlaskClient) -> OriginalsState:
    """Have the storage asked anew, and wait for what it says."""
    watch = watch_of(client.application)
    watch._asked = float("-inf")
    watch.state()
    for thread in threading.enumerate():
        if thread.name == "originals watch":
            thread.join(60)
    return watch.state()


def test_an_original_that_is_away_is_answered_503_and_everything_else_goes_on(
    archive: OpenArchive, object_storage: ObjectStorageServer
) -> None:
    client = client_of(archive)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    first, second = (change.identifier for change in archive.store.changes(0))
    assert ask(client) == OriginalsState.OK
    assert client.get(f"/article/{first}/original").status_code == 200
    assert client.get("/healthz").json["originals"] == "ok"
    page = client.get(f"/article/{first}")
    assert "cannot be had now" not in page.text
    object_storage.stop()
    try:
        answer = client.get(f"/article/{first}/original")
        assert answer.status_code == 503
        assert "The original cannot be had now" in answer.text
        assert "articles can still be read and searched" in answer.text
        assert client.get("/healthz").json["originals"] == "away"
        assert "tangthu_object_storage_up 0.0" in client.get("/metrics").text
        tag = {"If-None-Match": page.headers["ETag"]}
        away = client.get(f"/article/{first}", headers=tag)
        assert (away.status_code, "cannot be had now; try again" in away.text) == (200, True)
        assert "cannot be had now" not in client.get(f"/article/{second}").text
        assert client.get(f"/article/{second}/original").status_code == 200
        assert [client.get(path).status_code for path in ("/?q=cong+an", "/readyz")] == [200, 200]
        assert ask(client) == OriginalsState.AWAY
    finally:
        object_storage.start()
    assert ask(client) == OriginalsState.OK
    assert "cannot be had now" not in client.get(f"/article/{first}").text
    metrics = client.get("/metrics").text
    assert "tangthu_object_storage_up 1.0" in metrics
    assert "tangthu_unfinished_pieces 0.0" in metrics


def test_an_archive_with_its_originals_in_the_home_asks_nobody(
    archive: OpenArchive, tmp_path: Path
) -> None:
    with open_archive(tmp_path / "other") as other:
        client = client_of(other)
        assert client.get("/healthz").json["originals"] == "home"
        assert "object_storage" not in client.get("/metrics").text
        assert not [thread for thread in threading.enumerate() if thread.name == "originals watch"]
