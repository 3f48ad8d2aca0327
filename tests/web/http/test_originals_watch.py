"""Pages while the object storage of originals is away: 503 for the original, all else as ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.errors import DamagedError, StoreError
from archive.settings.originals_location import OriginalsLocation, write_originals_location
from archive.store import Store
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import OpenArchive, open_archive
from tests.factories import article, client_of, keep
from tests.object_storage_server import ObjectStorageServer
from web.http import originals_watch
from web.http.originals_watch import OriginalsState, OriginalsWatch, register, watch_of


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


class _Pieces:
    """The contents of a storage that says, whenever it is asked, whether it is well."""

    def __init__(self, *says: Exception | None) -> None:
        self.says, self.asked = list(says), 0

    def read_first_byte(self) -> None:
        self.asked += 1
        if (error := self.says.pop(0)) is not None:
            raise error

    def unfinished_count(self) -> int:
        return 3

    def last_file(self) -> str:
        return "tangthu-1.warc.gz"


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of the clock, as the only one of a list; what is begun ends at once."""
    times = [2.0]

    threads = SimpleNamespace(
        Lock=threading.Lock,
        Thread=lambda target, **_: SimpleNamespace(start=target),
    )
    clock = SimpleNamespace(monotonic=lambda: times[0])
    monkeypatch.setattr(originals_watch, "time", clock)
    monkeypatch.setattr(originals_watch, "threading", threads)
    return times


def test_a_storage_is_asked_once_in_a_while(now: list[float]) -> None:
    pieces = _Pieces(None, StoreError("it is away"), DamagedError("a piece is gone"))
    watch = OriginalsWatch(pieces)
    assert watch.is_on
    states = []
    for moment in (2.0, 16.9, 17.0, 31.9, 32.0, 33.0):
        now[0] = moment
        states.append((str(watch.state()), pieces.asked))
    # What a storage lost is no reason to call it away.
    assert states == [("ok", 1), ("ok", 1), ("away", 2), ("away", 2), ("ok", 3), ("ok", 3)]
    assert watch.unfinished_count() == 3


def test_a_storage_that_just_did_not_answer_is_away_until_it_is_asked(now: list[float]) -> None:
    pieces = _Pieces(None)
    watch = OriginalsWatch(pieces)
    watch.note_away()
    now[0] += 14.9
    assert (watch.state(), pieces.asked) == (OriginalsState.AWAY, 0)
    now[0] += 0.1
    assert (watch.state(), pieces.asked) == (OriginalsState.OK, 1)


def test_after_an_error_that_nobody_expected_it_is_asked_again(now: list[float]) -> None:
    pieces = _Pieces(RuntimeError("on purpose"), None)
    watch = OriginalsWatch(pieces)
    with pytest.raises(RuntimeError):
        watch.state()
    now[0] += 15
    assert (watch.state(), pieces.asked) == (OriginalsState.OK, 2)


def test_originals_in_the_home_are_never_away(now: list[float]) -> None:
    watch = OriginalsWatch(None)
    watch.note_away()
    assert (watch.is_on, watch.state(), watch.unfinished_count()) == (False, "home", 0)


@pytest.mark.parametrize(
    ("pieces", "is_named", "is_on"),
    [(None, False, False), (_Pieces(), False, True), (_Pieces(), True, True)],
)
def test_a_storage_is_watched_where_originals_are_or_were_sent_there(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pieces: _Pieces | None,
    is_named: bool,
    is_on: bool,
) -> None:
    location = SimpleNamespace(is_elsewhere=is_named)
    monkeypatch.setattr(originals_watch, "read_originals_location", lambda _: location)
    app = Flask("small")
    register(app, SimpleNamespace(home=tmp_path, originals=SimpleNamespace(pieces=pieces)))
    assert watch_of(app).is_on is is_on
