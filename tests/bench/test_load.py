"""The server under several connections at once: every page arrives, and memory is told."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from archive.store import Store
from indexer.generations.live_index import LiveIndex
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import OpenArchive
from indexer.search.service import SearchService
from tests.bench import load
from tests.factories import article, keep
from web import create_app
from web.http.server import Server, ServerAddress
from web.settings import Settings


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    home: Path = tmp_path_factory.mktemp("home")
    with Store(home) as store:
        keep(store, *(article(f"Công an phường {n} giữ gìn trật tự", "x") for n in range(60)))
        IndexBuilder(store).update()
        live = LiveIndex(home / "index")
        unlimited = Settings(rate="", export_rate="")
        app = create_app(OpenArchive(store, live, SearchService(store, live)), unlimited)
        with pytest.MonkeyPatch.context() as patch:
            # Signals belong to the main thread.
            patch.setattr(signal, "signal", lambda *_: None)
            server = Server(app, ServerAddress(port=0, threads=4))
            thread = threading.Thread(target=server.run)
            thread.start()
            yield server.port
            server.end()
            thread.join(30)
        live.close()


@pytest.mark.parametrize("how", ["even", "zipf", "once"])
def test_pages_arrive_on_every_connection(port: int, how: str) -> None:
    asked = load.queries(port, 30, random.Random(1))
    assert len(asked) > 10
    seen = load._at_once(port, load.drawing(how, asked), time.monotonic() + 1, [1, 2, 3, 4])
    assert [one.errors for one in seen] == [[]] * 4
    number = sum(len(one.times) for one in seen)
    assert number == len(asked) if how == "once" else number > len(asked)


def test_queries_are_drawn_as_asked() -> None:
    asked = [f"q{one}" for one in range(100)]
    once = load.drawing("once", asked)
    assert [*once(random.Random(1)), *once(random.Random(2))] == asked
    for how, often in (("even", range(5, 20)), ("zipf", range(150, 250))):
        some = islice(load.drawing(how, asked)(random.Random(1)), 1000)
        assert Counter(some)["q0"] in often


def test_the_server_tells_its_memory(port: int) -> None:
    assert load.memory(port) > 1_000_000
