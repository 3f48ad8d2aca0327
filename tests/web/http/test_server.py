"""The server: threads for requests, exports and health, short turns of them, an end in time."""

from __future__ import annotations

import gc
import logging
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType, SimpleNamespace

import pytest
from flask import Flask
from waitress import wasyncore

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
