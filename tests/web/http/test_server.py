"""The server: threads for requests, exports and health, short turns of them, an end in time."""

from __future__ import annotations

import gc
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from types import FrameType, SimpleNamespace

import pytest
from flask import Flask, request
from waitress import wasyncore

from tests.factories import ArchiveFactory, article
from web.http import server as server_module
from web.http.server import GRACEFUL_SECONDS, Server, ServerAddress, threads_of

Handler = Callable[[int, FrameType | None], object]


@pytest.mark.parametrize(
    ("requests", "exports", "threads"), [(8, 4, 13), (1, 0, 2), (0, 0, 2), (2, 1, 4)]
)
def test_exports_and_requests_leave_a_thread_for_health(
    requests: int, exports: int, threads: int
) -> None:
    assert threads_of(requests, exports) == threads


class _RecordingServer(Server):
    """A server that notes how Python runs while it serves."""

    seen: tuple[float, int, int] | None = None

    def _drain(self) -> None:
        self.seen = (sys.getswitchinterval(), gc.get_threshold()[0], gc.get_freeze_count())
        super()._drain()


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> dict[int, Handler]:
    """The handlers of signals that are set, which the process does not get."""
    handlers: dict[int, Handler] = {}
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    return handlers


def test_threads_take_short_turns_only_while_it_serves(handlers: dict[int, Handler]) -> None:
    defaults = sys.getswitchinterval(), gc.get_threshold()
    server = _RecordingServer(Flask("small"), ServerAddress(port=0, threads=1))
    server.end()
    server.run()
    assert server.seen
    interval, allocations, frozen = server.seen
    # Health waits for some twenty turns of a page that is made beside it.
    assert 20 * interval < 0.02
    assert allocations > defaults[1][0]
    assert frozen > 1000
    assert (sys.getswitchinterval(), gc.get_threshold()) == defaults
    assert gc.get_freeze_count() < frozen


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_it_at_once(handlers: dict[int, Handler], number: int) -> None:
    server = Server(Flask("small"), ServerAddress(port=0, threads=1))
    server.end()
    server.run()
    with pytest.raises(SystemExit) as ended:
        handlers[number](number, None)
    assert ended.value.code == 1


@pytest.mark.parametrize(
    ("active", "ended_after", "polls", "is_late"),
    [(0, 0, 0, False), (1, 3, 3, False), (1, 10**9, 5, True)],
)
def test_open_requests_are_answered_before_it_ends_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    active: int,
    ended_after: int,
    polls: int,
    is_late: bool,
) -> None:
    server = Server(Flask("small"), ServerAddress(port=0, threads=1))
    threads = server._server.task_dispatcher
    now, polled = [0.0], list[float]()
    # A thread counts itself as idle when it comes to run, which may be late.
    while threads.active_count:
        time.sleep(0.01)

    def poll() -> None:
        polled.append(now[0])
        now[0] += GRACEFUL_SECONDS / 5
        if len(polled) >= ended_after:
            threads.active_count = 0

    monkeypatch.setattr(threads, "active_count", active)
    monkeypatch.setattr(server, "_poll", poll)
    monkeypatch.setattr(server_module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    with caplog.at_level(logging.WARNING):
        server._drain()
    assert len(polled) == polls
    assert ("were not answered in time" in caplog.text) is is_late
    threads.active_count = 0
    threads.shutdown(timeout=1)
    wasyncore.close_all(server._sockets, ignore_all=True)


def test_requests_under_way_are_answered_before_the_end() -> None:
    app, begun = Flask("slow"), threading.Event()

    @app.get("/")
    def slow() -> str:
        begun.set()
        time.sleep(0.5)
        return "whole" * 100_000

    server = Server(app, ServerAddress(port=0, threads=2))
    ended = threading.Thread(target=_run_without_signals, args=(server,))
    ended.start()
    bodies: list[bytes] = []
    asking = threading.Thread(target=lambda: bodies.append(_read(server.port)))
    asking.start()
    assert begun.wait(10)
    server.end()
    asking.join(20)
    ended.join(20)
    assert bodies == [b"whole" * 100_000]
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port), 2).close()


def _run_without_signals(server: Server) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signal, "signal", lambda *_: None)
        server.run()


def _read(port: int) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
        return bytes(answer.read())


def test_serve_ends_cleanly_when_it_is_told_to(archive_of: ArchiveFactory) -> None:
    archive = archive_of(article("Công an", "công an"))
    command = [sys.executable, "-c", "from web.cli.main import main; main()"]
    command += ["--home", str(archive.store.home), "serve", "--port", "0", "--access-log", "-"]
    environ = dict(os.environ, PYTHONUNBUFFERED="1")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ)
    try:
        assert process.stdout
        port = int(re.findall(r":(\d+)/", process.stdout.readline())[0])
        assert b"<html" in _read(port)
        assert '"GET / HTTP/1.1" 200' in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("channels", "is_open"),
    [
        ([], False),
        ([(0, 0), (0, 0)], False),
        ([(0, 0), (1, 0)], True),
        ([(0, 9), (0, 0)], True),
    ],
)
def test_a_request_is_open_until_its_answer_is_with_its_client(
    channels: list[tuple[int, int]], is_open: bool
) -> None:
    made = [
        SimpleNamespace(requests=[object()] * requests, total_outbufs_len=length)
        for requests, length in channels
    ]
    listeners = [
        SimpleNamespace(active_channels=dict(enumerate(part))) for part in (made[:1], made[1:])
    ]
    assert server_module._has_open_requests(listeners) is is_open


def test_an_answer_that_is_not_sent_keeps_the_server_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Server(Flask("small"), ServerAddress(port=0, threads=1))
    while server._server.task_dispatcher.active_count:
        time.sleep(0.01)
    polls: list[int] = []
    monkeypatch.setattr(server, "_poll", lambda: polls.append(1))
    monkeypatch.setattr(server_module, "_has_open_requests", lambda _: len(polls) < 3)
    server._drain()
    assert len(polls) == 3
    server._server.task_dispatcher.shutdown(timeout=1)
    wasyncore.close_all(server._sockets, ignore_all=True)


@pytest.mark.parametrize(("behind_proxy", "seen"), [(False, None), (True, "192.0.2.7")])
def test_headers_of_a_proxy_reach_the_application_where_there_is_one(
    handlers: dict[int, Handler], behind_proxy: bool, seen: str | None
) -> None:
    app, forwarded = Flask("small"), list[str | None]()

    @app.get("/")
    def answer() -> str:
        forwarded.append(request.headers.get("X-Forwarded-For"))
        return "x" * 10

    server = Server(app, ServerAddress(port=0, threads=1), behind_proxy)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        page_request = urllib.request.Request(
            f"http://127.0.0.1:{server.port}/", headers={"X-Forwarded-For": "192.0.2.7"}
        )
        with urllib.request.urlopen(page_request, timeout=20) as answered:
            assert answered.headers["Server"] == "tangthu"
    finally:
        server.end()
        thread.join(20)
    assert forwarded == [seen]
    assert set(handlers) == {signal.SIGTERM, signal.SIGINT}
