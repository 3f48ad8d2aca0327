"""Connections: so many of one client, heads in time, answers read at some speed, no spinning."""

from __future__ import annotations

import errno
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, Response

from web.http import connections
from web.http.connections import HEAD_SECONDS, READING_SECONDS, SLOWEST_READER, WatchedChannel
from web.http.server import Server, ServerAddress

AMBIGUOUS = (
    "Content-Length: 4\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nContent-Length: 4",
    "Content-Length: 4\r\nContent-Length: 5",
    "Content-Length: 4, 5",
    "Content-Length: +4",
    "Content-Length: -4",
    "Content-Length: 0x4",
    "Content-Length : 4",
    "Content-Length: 4 4",
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding : chunked",
    "Transfer-Encoding: \x0bchunked",
    "X: y\rTransfer-Encoding: chunked",
    "X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 4\r\nTransfer-Encoding: chunked",
)
"""Headers of a body whose end a proxy and a server could see at different places."""


def count_answers(port: int, headers: str, version: str = "1.1") -> int:
    """Send a request with such a body and, behind it, another one; count what is answered."""
    body = "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), 20) as connection:
        connection.sendall(f"POST / HTTP/{version}\r\nHost: x\r\n{headers}\r\n\r\n{body}".encode())
        answer = b""
        with suppress(ConnectionResetError):
            while block := connection.recv(1 << 16):
                answer += block
    return answer.count(b"HTTP/1.1 ") + answer.count(b"HTTP/1.0 ")


@pytest.fixture
def serve() -> Iterator[Callable[[bool], Server]]:
    """Yield what starts a server of a small page."""
    app, ended = Flask("small"), ExitStack()
    app.add_url_rule("/", "small", view_func=lambda: "small")
    app.add_url_rule("/busy", "busy", view_func=lambda: Response("busy", 503))

    def start(behind_proxy: bool = False) -> Server:
        server = Server(app, ServerAddress(port=0, threads=2), behind_proxy)
        thread = threading.Thread(target=_run_without_signals, args=(server,))
        thread.start()
        ended.callback(thread.join, 20)
        ended.callback(server.end)
        return server

    with ended:
        yield start


def _run_without_signals(server: Server) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("signal.signal", lambda *_: None)
        server.run()


def connect(server: Server, request: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), 20)
    connection.sendall(request)
    return connection


def is_answered(connection: socket.socket) -> bool:
    try:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        return read_until(connection, b"small").endswith(b"small")
    except OSError:
        return False


def read_until(connection: socket.socket, end: bytes) -> bytes:
    """Read an answer up to its last bytes, or to the end of the connection."""
    answer = b""
    while not answer.endswith(end) and (block := connection.recv(1000)):
        answer += block
    return answer


@pytest.mark.parametrize(("behind_proxy", "answered"), [(False, 3), (True, 5)])
def test_a_client_has_so_many_connections(
    serve: Callable[[bool], Server],
    monkeypatch: pytest.MonkeyPatch,
    behind_proxy: bool,
    answered: int,
) -> None:
    monkeypatch.setattr("web.http.server.MOST_OF_ONE_CLIENT", 3)
    server = serve(behind_proxy)
    with ExitStack() as opened:
        pool = [opened.enter_context(connect(server)) for _ in range(5)]
        assert sum(map(is_answered, pool)) == answered


def test_a_head_that_never_ends_ends(
    serve: Callable[[bool], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.1)
    with connect(serve(False), b"GET / HT") as connection:
        assert connection.recv(1000) == b""


@pytest.mark.parametrize("headers", AMBIGUOUS)
def test_no_request_is_hidden_in_anothers_body(
    serve: Callable[[bool], Server], headers: str
) -> None:
    assert count_answers(serve(True).port, headers) <= 1


def test_an_older_request_has_no_chunks(serve: Callable[[bool], Server]) -> None:
    headers = "Connection: keep-alive\r\nTransfer-Encoding: chunked"
    assert count_answers(serve(True).port, headers, "1.0") == 1


def test_a_body_in_chunks_is_read(serve: Callable[[bool], Server]) -> None:
    with connect(serve(True), b"GET / HTTP/1.1\r\nHost: x\r\n") as connection:
        connection.sendall(b"Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n")
        assert read_until(connection, b"small").startswith(b"HTTP/1.1 200")
        assert is_answered(connection)


def test_who_was_refused_rests(
    serve: Callable[[bool], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "REST_SECONDS", 1000.0)
    server = serve(False)
    with connect(server, b"GET /busy HTTP/1.1\r\nHost: x\r\n\r\n") as connection:
        assert read_until(connection, b"busy").startswith(b"HTTP/1.1 503")
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.settimeout(0.5)
        with pytest.raises(TimeoutError):
            connection.recv(1000)
        with connect(server) as other:
            assert is_answered(other)


@pytest.mark.parametrize(
    ("read", "too_slow"),
    [(0, True), (SLOWEST_READER * READING_SECONDS - 1, True), (1 << 20, False)],
)
def test_a_reader_has_to_read(read: int, too_slow: bool) -> None:
    channel = WatchedChannel.__new__(WatchedChannel)
    channel.requests = []
    channel.total_outbufs_len = 1 << 20
    now = time.monotonic()
    assert not channel.is_too_slow(now)
    channel.sent += int(read)
    assert channel.is_too_slow(now + READING_SECONDS) is too_slow
    channel.total_outbufs_len = 0
    assert not channel.is_too_slow(now + 2 * READING_SECONDS)


def test_a_machine_without_descriptors_is_not_asked_again_at_once(
    serve: Callable[[bool], Server],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    failures = []

    def refuse(_: socket.socket) -> None:
        failures.append(1)
        raise OSError(errno.EMFILE, "Too many open files")

    server = serve(False)
    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(socket.socket, "accept", refuse)
        patch.setattr(connections, "PAUSE_SECONDS", 60.0)
        with connect(server):
            while not failures:
                time.sleep(0.01)
            time.sleep(0.3)
    assert len(failures) == 1
    assert len([record for record in caplog.records if "Too many" in record.message]) == 1


@pytest.mark.parametrize(
    ("head_seconds", "unread", "read_before", "passed", "is_too_slow"),
    [
        (HEAD_SECONDS - 1, False, 0, 0, False),
        (HEAD_SECONDS + 1, False, 0, 0, True),
        (None, False, 0, READING_SECONDS * 9, False),
        (None, True, 0, READING_SECONDS - 1, False),
        (None, True, 0, READING_SECONDS, True),
        (None, True, 0, READING_SECONDS + 1, True),
        (None, True, SLOWEST_READER * READING_SECONDS - 1, READING_SECONDS, True),
        (None, True, SLOWEST_READER * READING_SECONDS, READING_SECONDS, False),
    ],
)
def test_slowness_is_a_late_head_or_a_slow_reader(
    head_seconds: float | None, unread: bool, read_before: int, passed: float, is_too_slow: bool
) -> None:
    channel = WatchedChannel.__new__(WatchedChannel)
    start = HEAD_SECONDS + 4.0
    channel.request, channel.requests = None if head_seconds is None else object(), []
    channel.head_began = start - (head_seconds or 0)
    channel.total_outbufs_len = int(unread)
    channel.sent = 50
    if head_seconds is None:
        assert not channel.is_too_slow(start)
        channel.sent += read_before
    assert channel.is_too_slow(start + passed) == is_too_slow


def test_a_request_behind_others_may_wait_as_long_as_they_do() -> None:
    channel = WatchedChannel.__new__(WatchedChannel)
    channel.request, channel.total_outbufs_len, channel.head_began = object(), 0, 1000.0
    channel.requests = [object()]
    assert not channel.is_too_slow(1000 + 3 * HEAD_SECONDS)
    channel.requests = []
    assert not channel.is_too_slow(1000 + 4 * HEAD_SECONDS)
    assert channel.is_too_slow(1001 + 4 * HEAD_SECONDS)


def test_a_lack_of_descriptors_is_logged_once_a_minute(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    guard, moment = connections.ConnectionGuard([], None), [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    logged = []
    for second in (0, 30, 60, 60.5, 61, 120, 120.5, 121):
        moment[0] = 1000.0 + second
        with caplog.at_level(logging.WARNING):
            caplog.clear()
            guard._pause(OSError(errno.EMFILE, "Too many open files"))
        logged += [second] * len(caplog.records)
        assert guard._paused_until == moment[0] + connections.PAUSE_SECONDS
    assert logged == [0, 60.5, 121]


@pytest.mark.parametrize(("taken", "count"), [(None, 0), (0, 0), (1, 1), (700, 700)])
def test_what_the_system_took_of_an_answer_is_counted(
    monkeypatch: pytest.MonkeyPatch, taken: int | None, count: int
) -> None:
    channel = WatchedChannel.__new__(WatchedChannel)
    base = WatchedChannel.__mro__[1]
    monkeypatch.setattr(base, "send", lambda *_, **__: taken)
    assert [channel.send(b"x" * 1000), channel.send(b"x")] == [count, count]
    assert channel.sent == 2 * count


class _Listener:
    """A socket that listens, with the addresses of its connections."""

    def __init__(self, *addresses: Any) -> None:
        self.active_channels = {
            number: SimpleNamespace(addr=address, closed=0)
            for number, address in enumerate(addresses)
        }
        self.arriving: list[Any] = []
        self.is_readable = True

    def accept(self) -> Any:
        return self.arriving.pop() if self.arriving else None

    def readable(self) -> bool:
        return self.is_readable


def arrive(listener: _Listener, address: Any) -> bool:
    """Let a connection come; tell whether it is accepted, else it was closed."""
    closed: list[bool] = []
    connection = SimpleNamespace(close=lambda: closed.append(True))
    listener.arriving.append((connection, address))
    accepted = listener.accept()
    assert bool(closed) is (accepted is None)
    return accepted is not None


def test_connections_of_a_client_count_at_all_listeners_together() -> None:
    first = _Listener(("10.0.0.1", 1), ("10.0.0.2", 1))
    second = _Listener(("10.0.0.1", 2), ("2001:db8::1", 1), ("2001:db8::2", 1))
    connections.ConnectionGuard([first, second], 3)
    assert arrive(first, ("10.0.0.1", 3))
    assert arrive(second, ("2001:db8::3", 3))
    first.active_channels[9] = SimpleNamespace(addr=("10.0.0.1", 3))
    first.active_channels[10] = SimpleNamespace(addr=("2001:db8::3", 3))
    assert not arrive(first, ("10.0.0.1", 4))
    assert not arrive(second, ("10.0.0.1", 4))
    assert not arrive(first, ("2001:db8::4", 4))
    assert arrive(first, ("10.0.0.2", 4))
    assert arrive(first, "")
    # Nothing came after all.
    assert first.accept() is None


def test_behind_a_proxy_nobody_counts() -> None:
    listener = _Listener(*[("10.0.0.1", number) for number in range(99)])
    connections.ConnectionGuard([listener], None)
    assert arrive(listener, ("10.0.0.1", 3))


def test_nothing_is_accepted_during_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    listener = _Listener()
    guard = connections.ConnectionGuard([listener], 3)
    assert listener.readable()
    guard._pause(OSError(errno.EMFILE, "Too many open files"))
    for passed, is_readable in ((0, False), (0.49, False), (0.5, True), (9, True)):
        moment[0] = 1000 + passed
        assert listener.readable() is is_readable
    listener.is_readable = False
    assert not listener.readable()


def test_slow_connections_are_looked_for_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    moment, looked, closed = [1000.0], list[float](), list[str]()
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])

    def look(now: float) -> bool:
        looked.append(now)
        return True

    listener = _Listener()
    listener.active_channels = {
        1: SimpleNamespace(is_too_slow=look, handle_close=lambda: closed.append("slow")),
        2: SimpleNamespace(is_too_slow=lambda _: False, handle_close=lambda: closed.append("ok")),
    }
    guard = connections.ConnectionGuard([listener], 3)
    for passed in (0.0, 0.5, 0.9, 1.0, 1.9, 2.0, 2.5):
        moment[0] = 1000 + passed
        guard.close_slow_connections()
    assert looked == [1000, 1001, 1002]
    assert closed == ["slow"] * 3


@pytest.mark.parametrize(
    ("status", "rests", "until"),
    [
        ("429 Too Many Requests", True, 1001.0),
        ("503 Service Unavailable", True, 1001.0),
        ("200 OK", True, 0.0),
        ("500 Internal Server Error", True, 0.0),
        ("429 Too Many Requests", False, 0.0),
    ],
)
def test_a_connection_rests_after_a_refusal(
    monkeypatch: pytest.MonkeyPatch, status: str, rests: bool, until: float
) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    monkeypatch.setattr(connections.WSGITask, "build_response_header", lambda _: b"head")
    task = connections.WatchedTask.__new__(connections.WatchedTask)
    task.status = status
    task.channel = SimpleNamespace(rests_after_refusals=rests, rests_until=0.0)
    assert task.build_response_header() == b"head"
    assert task.channel.rests_until == until


def test_a_connection_reads_when_it_has_rested(monkeypatch: pytest.MonkeyPatch) -> None:
    moment, base = [1000.0], WatchedChannel.__mro__[1]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    monkeypatch.setattr(base, "readable", lambda channel: channel.is_open)
    monkeypatch.setattr(base, "received", lambda channel, data: len(data))
    channel = WatchedChannel.__new__(WatchedChannel)
    channel.rests_until, channel.is_open, channel.request = 1001.0, True, None
    assert not channel.readable()
    moment[0] = 1001.0
    assert channel.readable()
    channel.is_open = False
    assert not channel.readable()
    # A head begins with its first bytes, and not again with the next.
    assert channel.received(b"x")
    assert channel.head_began == 1001.0
    moment[0], channel.request = 1005.0, object()
    assert not channel.received(b"")
    assert channel.head_began == 1001.0
