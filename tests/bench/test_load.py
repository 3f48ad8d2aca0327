"""The server under several connections at once: every page arrives, and memory is reported."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import pytest

from tests.bench import load
from tests.factories import ArchiveFactory, article, client_of
from web.http.server import Server, ServerAddress


@pytest.fixture(scope="module")
def port(shared_archive_of: ArchiveFactory) -> Iterator[int]:
    articles = (article(f"Công an phường {n} giữ gìn trật tự", "x") for n in range(60))
    client = client_of(shared_archive_of(*articles), rate="", export_rate="")
    with pytest.MonkeyPatch.context() as patch:
        # Signals belong to the main thread.
        patch.setattr(signal, "signal", lambda *_: None)
        server = Server(client.application, ServerAddress(port=0, threads=4))
        thread = threading.Thread(target=server.run)
        thread.start()
        yield server.port
        server.end()
        thread.join(30)


@pytest.mark.parametrize("how", ["even", "zipf", "once"])
def test_pages_arrive_on_every_connection(port: int, how: str) -> None:
    queries = load.collect_queries(port, 30, random.Random(1))
    assert len(queries) > 10
    draw = load.make_draw(how, queries)
    most = 5 if how != "once" else len(queries)
    until = time.monotonic() + 60
    logs = load.run_connections(port, lambda r: islice(draw(r), most), until, [1, 2, 3, 4])
    assert [log.errors for log in logs] == [[]] * 4
    pages = sum(len(log.times) for log in logs)
    assert pages == (len(queries) if how == "once" else 4 * most)


def test_a_connection_asks_no_more_when_the_time_is_over(port: int) -> None:
    draw = load.make_draw("even", load.collect_queries(port, 30, random.Random(1)))
    (log,) = load.run_connections(port, draw, time.monotonic() - 1, [1])
    assert (log.times, log.errors) == ([], [])


def test_queries_are_drawn_as_asked() -> None:
    queries = [f"q{number}" for number in range(100)]
    once = load.make_draw("once", queries)
    assert [*once(random.Random(1)), *once(random.Random(2))] == queries
    for how, counts in (("even", range(5, 20)), ("zipf", range(150, 250))):
        drawn = islice(load.make_draw(how, queries)(random.Random(1)), 1000)
        assert Counter(drawn)["q0"] in counts


def test_the_server_tells_its_memory(port: int) -> None:
    assert load.read_memory(port) > 1_000_000
