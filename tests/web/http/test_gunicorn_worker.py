"""Workers of gunicorn end slow clients, and give one client so many connections."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from gunicorn.workers.gthread import ThreadWorker

from tests.factories import ArchiveFactory, article
from tests.web.cli.test_gunicorn_server import serving
from tests.web.http.test_connections import AMBIGUOUS, count_answers, read_until
from web.http import gunicorn_worker
from web.http.connections import (
    HEAD_SECONDS,
    MOST_OF_ONE_CLIENT,
    READING_SECONDS,
    SLOWEST_READER,
)
from web.http.gunicorn_worker import BoundedWorker, _RequestUnderWay, is_too_slow

SERVING = """
import web.http.gunicorn_worker as workers
from web.cli.main import main
workers.HEAD_SECONDS, workers.MOST_OF_ONE_CLIENT = {}, {}
main()
"""
"""The command, with workers of some patience."""


@pytest.fixture(scope="module")
def home(shared_archive_of: ArchiveFactory) -> Path:
    return shared_archive_of(article("Công an xã", "x")).store.home


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection: the server's, and the client's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
        with server, client:
            yield server, client


def test_a_request_has_to_arrive(ends: tuple[socket.socket, socket.socket]) -> None:
    request = _RequestUnderWay(began=100.0)
    assert not is_too_slow(ends[0], request, 100 + HEAD_SECONDS)
    assert is_too_slow(ends[0], request, 101 + HEAD_SECONDS)
    request.is_read = True
    # The answer is being made: nothing waits to be read.
    assert not is_too_slow(ends[0], request, 100 + 10 * READING_SECONDS)


@pytest.mark.parametrize(("reads", "too_slow"), [(0, True), (1 << 20, False)])
def test_an_answer_has_to_be_read(
    ends: tuple[socket.socket, socket.socket], reads: int, too_slow: bool
) -> None:
    assert reads == 0 or reads > SLOWEST_READER * READING_SECONDS
    server, client = ends
    server.setblocking(False)
    fill(server)
    request = _RequestUnderWay(began=100.0, is_read=True)
    assert not is_too_slow(server, request, 200.0)
    left = reads
    while left > 0:
        left -= len(client.recv(1 << 16))
        fill(server)
    assert not is_too_slow(server, request, 199.0 + READING_SECONDS)
    assert is_too_slow(server, request, 201.0 + READING_SECONDS) is too_slow


def fill(server: socket.socket) -> None:
    """Send until nothing more is taken."""
    with suppress(BlockingIOError):
        while server.send(bytes(1 << 16)):
            pass


def test_a_closed_connection_is_nothing_to_end(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[0].close()
    assert not is_too_slow(ends[0], _RequestUnderWay(0.0, is_read=True), 1e9)


def is_answered(connection: socket.socket) -> bool:
    try:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        return read_until(connection, b"}\n").startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def test_slow_heads_end_and_connections_are_counted(home: Path) -> None:
    with serving(home, script=SERVING.format(0.2, 3)) as (_, port), ExitStack() as opened:

        def connect() -> socket.socket:
            return opened.enter_context(socket.create_connection(("127.0.0.1", port), 20))

        pool = [connect() for _ in range(12)]
        # Each of the two workers gives one client three.
        assert 3 <= sum(map(is_answered, pool)) <= 6
        for connection in pool:
            connection.close()
        # The places of closed connections are free again.
        slow = next(connection for connection in iter(connect, None) if is_answered(connection))
        slow.sendall(b"GET / HT")
        assert slow.recv(1000) == b""


@pytest.fixture(scope="module")
def patient(home: Path) -> Iterator[int]:
    """The port of a server that waits for its clients longer than the tests do."""
    with serving(home, script=SERVING.format(300, MOST_OF_ONE_CLIENT)) as (_, port):
        yield port


def connect(stack: ExitStack, port: int) -> socket.socket:
    return stack.enter_context(socket.create_connection(("127.0.0.1", port), 20))


def test_who_sends_part_of_a_request_keeps_nobody_waiting(patient: int) -> None:
    with ExitStack() as stack:
        body = b"POST /login HTTP/1.1\r\nContent-Length: 9\r\n\r\nname="
        for sent in (*[b"GET / HT"] * 40, *[b""] * 4, *[body] * 4):
            connect(stack, patient).sendall(sent)
        assert is_answered(connect(stack, patient))


@pytest.mark.parametrize("headers", AMBIGUOUS)
def test_no_request_is_hidden_in_anothers_body(patient: int, headers: str) -> None:
    assert count_answers(patient, headers) <= 1


def test_an_older_request_has_no_chunks(patient: int) -> None:
    headers = "Connection: keep-alive\r\nTransfer-Encoding: chunked"
    assert count_answers(patient, headers, "1.0") == 1


def test_who_does_not_close_keeps_nobody_waiting(patient: int) -> None:
    with ExitStack() as stack:
        rude = [connect(stack, patient) for _ in range(40)]
        for connection in rude:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        for connection in rude:
            read_until(connection, b"}\n")
        assert is_answered(connect(stack, patient))


def test_a_body_is_waited_for_and_one_in_pieces_is_refused(patient: int) -> None:
    with ExitStack() as stack:
        post = b"POST /login HTTP/1.1\r\nHost: x\r\n"
        whole, in_pieces, long = (connect(stack, patient) for _ in range(3))
        whole.sendall(post + b"Content-Length: 4\r\n\r\na=")
        whole.settimeout(0.3)
        with pytest.raises(TimeoutError):
            whole.recv(1000)
        whole.sendall(b"bc")
        whole.settimeout(20)
        assert whole.recv(1000).startswith(b"HTTP/1.1 404")
        in_pieces.sendall(post + b"Transfer-Encoding: chunked\r\n\r\n")
        assert read_until(in_pieces, b"</html>").startswith(b"HTTP/1.1 411")
        long.sendall(post + b"Content-Length: 100000\r\n\r\n")
        assert long.recv(1000).startswith(b"HTTP/1.1 4")
        long.settimeout(20)
        while long.recv(1 << 16):
            pass


def test_a_worker_without_descriptors_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    worker, changes = BoundedWorker.__new__(BoundedWorker), []
    worker._paused_until = 0.0
    worker.log = type("Log", (), {"warning": lambda *_: None})()

    def refuse(*_: object) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(ThreadWorker, "accept", refuse)
    monkeypatch.setattr(
        ThreadWorker, "set_accept_enabled", lambda _, enabled: changes.append(enabled)
    )
    worker.accept(None)
    worker.set_accept_enabled(True)
    assert changes == [False]
    worker._paused_until = 0.0
    worker.set_accept_enabled(True)
    assert changes == [False, True]


class _Connection:
    """A connection of a client, perhaps closed already."""

    def __init__(self, client: str, number: int = 7, *, initialized: bool = False) -> None:
        self.client, self.initialized = (client, 1), initialized
        self.sock = SimpleNamespace(fileno=lambda: number, setsockopt=lambda *_: None)


def test_open_connections_of_a_client_are_counted_and_closed_ones_forgotten() -> None:
    worker = BoundedWorker.__new__(BoundedWorker)
    worker.app = SimpleNamespace(is_behind_proxy=False)
    given_up: list[object] = []
    admitted: list[object] = []
    worker._give_up = given_up.append
    deadlines: list[float] = []
    worker._arriving = SimpleNamespace(
        add=lambda conn, deadline: (admitted.append(conn), deadlines.append(deadline))
    )
    before = time.monotonic()
    closed = [_Connection("10.0.0.1", -1) for _ in range(9)]
    open_ones = [_Connection("10.0.0.1", 0) for _ in range(MOST_OF_ONE_CLIENT - 1)]
    worker._open = [*closed, *open_ones]
    last, surplus, foreign = (_Connection(host) for host in ("10.0.0.1", "10.0.0.1", "10.0.0.2"))
    for connection in (last, surplus, foreign):
        worker.enqueue_req(connection)
    assert worker._open == [*open_ones, last, foreign]
    assert (admitted, given_up) == ([last, foreign], [surplus])
    # The next request of a connection that is counted is none more.
    worker.enqueue_req(last)
    worker.enqueue_req(_Connection("10.0.0.1", initialized=True))
    assert (len(admitted), given_up) == (4, [surplus])
    latest = time.monotonic() + HEAD_SECONDS
    assert all(before + HEAD_SECONDS <= deadline <= latest for deadline in deadlines)


def test_slow_clients_are_looked_for_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = BoundedWorker.__new__(BoundedWorker)
    monkeypatch.setattr(ThreadWorker, "murder_pending", lambda _: None)
    worker.alive = True
    worker._lock, worker._closing, worker._looked = threading.Lock(), {}, 0.0
    worker._arriving = SimpleNamespace(look=lambda now: None)
    shut: list[float] = []
    now = [100.0]
    connection = Mock()
    connection.sock.shutdown = lambda how: shut.append(now[0])
    worker._under_way = {connection: _RequestUnderWay(0.0)}
    monkeypatch.setattr(gunicorn_worker, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(gunicorn_worker, "is_too_slow", lambda *_: True)
    for moment in (100.0, 100.5, 100.9, 101.0, 101.5, 102.0, 110.0):
        now[0] = moment
        worker.murder_pending()
    assert shut == [100.0, 101.0, 102.0, 110.0]
    # What is answered and not closed by its client ends at its time.
    ended: list[object] = []
    worker._end_closing = lambda conn: (ended.append(conn), worker._closing.pop(conn))
    worker._closing = {"first": 111.0, "second": 112.0}
    for moment, names in ((110.9, []), (111.0, ["first"]), (112.5, ["first", "second"])):
        now[0] = moment
        worker.murder_pending()
        assert ended == names


@pytest.fixture
def worker() -> BoundedWorker:
    """A worker that closes, with a poller that notes what it listens for."""
    worker = BoundedWorker.__new__(BoundedWorker)
    worker._closing, worker.nr_conns, worker.poller = {}, 5, Mock()
    return worker


def answered(*, is_reusable: bool) -> Mock:
    """A result of a thread that has answered: its connection may be used again or not."""
    return Mock(cancelled=lambda: False, exception=lambda: None, result=lambda: is_reusable)


def test_an_answered_connection_waits_for_its_client_to_close(
    worker: BoundedWorker,
    ends: tuple[socket.socket, socket.socket],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gunicorn_worker, "time", SimpleNamespace(monotonic=lambda: 100.0))
    server, client = ends
    conn = Mock(sock=server)
    worker.finish_request(conn, answered(is_reusable=False))
    assert worker._closing == {conn: 102.0}
    assert client.recv(10) == b""
    wake = worker.poller.register.call_args.args[2]
    # Nothing is there yet; then something that nobody reads any more; then the end.
    wake(server)
    client.sendall(b"more")
    select.select([server], [], [], 20)
    wake(server)
    assert (worker._closing, conn.close.called) == ({conn: 102.0}, False)
    client.close()
    select.select([server], [], [], 20)
    wake(server)
    assert (worker._closing, worker.nr_conns) == ({}, 4)
    assert conn.close.called
    worker.poller.unregister.assert_called_once_with(server)


def test_a_connection_that_broke_is_closed_at_once(worker: BoundedWorker) -> None:
    conn = Mock()
    conn.sock.shutdown.side_effect = OSError("broken")
    worker.finish_request(conn, answered(is_reusable=False))
    assert (worker._closing, worker.nr_conns) == ({}, 4)
    assert conn.close.called
    broken = Mock()
    broken.sock.recv.side_effect = ConnectionResetError
    worker._closing = {broken: 1.0}
    worker._drain(broken)
    assert (worker._closing, worker.nr_conns) == ({}, 3)
    assert broken.close.called


@pytest.mark.parametrize(
    "outcome",
    [
        answered(is_reusable=True),
        Mock(cancelled=lambda: True),
        Mock(cancelled=lambda: False, exception=lambda: ValueError()),
    ],
)
def test_what_is_used_again_or_failed_is_gunicorns(
    worker: BoundedWorker, monkeypatch: pytest.MonkeyPatch, outcome: Mock
) -> None:
    handed: list[object] = []
    monkeypatch.setattr(ThreadWorker, "finish_request", lambda _, conn, fs: handed.append(conn))
    conn = Mock()
    worker.finish_request(conn, outcome)
    assert (handed, worker._closing, worker.nr_conns) == ([conn], {}, 5)


@pytest.mark.parametrize(("has_parts", "waited"), [(True, [0.02, 0.01]), (False, [3.0, 0.01])])
def test_parts_of_requests_are_looked_at_soon(
    worker: BoundedWorker, monkeypatch: pytest.MonkeyPatch, has_parts: bool, waited: list[float]
) -> None:
    seconds: list[float] = []
    name = "wait_for_and_dispatch_events"
    monkeypatch.setattr(ThreadWorker, name, lambda _, timeout: seconds.append(timeout))
    worker._arriving = SimpleNamespace(has_parts=has_parts)
    worker.wait_for_and_dispatch_events(3.0)
    worker.wait_for_and_dispatch_events(0.01)
    assert seconds == waited


@pytest.mark.parametrize(
    ("is_behind_proxy", "client", "is_surplus"),
    [
        (False, ("10.0.0.1", 1), True),
        (False, ("10.0.0.2", 1), False),
        (True, ("10.0.0.1", 1), False),
        (False, "", False),
    ],
)
def test_a_client_has_so_many_connections_unless_it_is_a_proxy(
    worker: BoundedWorker, is_behind_proxy: bool, client: object, is_surplus: bool
) -> None:
    worker.app = SimpleNamespace(is_behind_proxy=is_behind_proxy)
    worker._open = [_Connection("10.0.0.1") for _ in range(MOST_OF_ONE_CLIENT)]
    assert worker._is_surplus(SimpleNamespace(client=client)) is is_surplus


LEAST = SLOWEST_READER * READING_SECONDS


@pytest.mark.parametrize(("read", "too_slow"), [(0, True), (LEAST - 1, True), (LEAST, False)])
def test_a_reader_reads_at_some_speed(
    monkeypatch: pytest.MonkeyPatch, read: float, too_slow: bool
) -> None:
    acknowledged: list[float | None] = [700, 700, 700 + read, 700 + read, None]
    monkeypatch.setattr(gunicorn_worker, "_bytes_read", lambda _: acknowledged.pop(0))
    request, sock = _RequestUnderWay(began=0.0, is_read=True), Mock()
    assert not is_too_slow(sock, request, 100.0)
    assert not is_too_slow(sock, request, 99.9 + READING_SECONDS)
    assert is_too_slow(sock, request, 100 + READING_SECONDS) is too_slow
    # It is looked at anew from here.
    assert request.mark == (100 + READING_SECONDS, 700 + read)
    assert not is_too_slow(sock, request, 101 + READING_SECONDS)
    assert not is_too_slow(sock, request, 102 + READING_SECONDS)
    assert request.mark is None


def test_the_end_of_a_worker_ends_those_that_were_silent(
    worker: BoundedWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ThreadWorker, "murder_pending", lambda _: None)
    worker._lock, worker._under_way, worker._looked = threading.Lock(), {}, 0.0
    worker._arriving = Mock()
    for worker.alive in (True, False):
        worker.murder_pending()
        assert worker._arriving.give_silent_up.called is not worker.alive


def test_what_is_admitted_has_its_data(
    worker: BoundedWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[bool] = []
    monkeypatch.setattr(ThreadWorker, "enqueue_req", lambda _, conn: handed.append(conn.data_ready))
    worker._admit(Mock(data_ready=False))
    assert handed == [True]
