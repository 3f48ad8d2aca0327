"""Requests are handed on when they are there whole; who takes too long is given up."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from web.http.arriving_requests import (
    LONGEST_HEAD,
    RECEIVE_BUFFER,
    ArrivingRequests,
    has_long_body,
    is_whole,
    peek,
)
from web.http.server import LONGEST_BODY

HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class Room:
    """The requests that arrive at one listener, and what became of them."""

    def __init__(self, listener: socket.socket, poller: selectors.BaseSelector) -> None:
        self.admitted: list[Any] = []
        self.given_up: list[Any] = []
        self._listener, self._poller = listener, poller
        self.arriving = ArrivingRequests(poller, self.admitted.append, self.given_up.append)
        self._opened: list[socket.socket] = []

    def connect(self, sent: bytes = b"", ahead: bytes = b"") -> tuple[socket.socket, Any]:
        """Connect, send something, and let it arrive until the 100th second."""
        client = socket.create_connection(self._listener.getsockname())
        client.sendall(sent)
        server, _ = self._listener.accept()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        self._opened += (client, server)
        if sent:
            # What was sent is there.
            selector = selectors.DefaultSelector()
            selector.register(server, selectors.EVENT_READ)
            selector.select()
            selector.close()
        buffer = SimpleNamespace(getvalue=lambda: ahead)
        parser = SimpleNamespace(unreader=SimpleNamespace(buf=buffer)) if ahead else None
        conn = _Connection(server, parser)
        self.arriving.add(conn, 100.0)
        return client, conn

    def wait(self) -> None:
        """Wait for what arrives at those that were silent."""
        for key, _ in self._poller.select(5):
            key.data(key.fileobj)

    def heard(self, seconds: float) -> bool:
        """Tell whether anything comes that is listened for."""
        return bool(self._poller.select(seconds))

    def close(self) -> None:
        """Close all connections."""
        for connection in self._opened:
            connection.close()


class _Connection:
    def __init__(self, sock: socket.socket, parser: Any) -> None:
        self.sock, self.parser = sock, parser


@pytest.fixture
def room() -> Iterator[Room]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        poller = selectors.DefaultSelector()
        room = Room(listener, poller)
        yield room
        room.close()
        poller.close()


def test_a_request_that_is_there_is_admitted_at_once(room: Room) -> None:
    _, conn = room.connect(HEAD)
    assert room.admitted == [conn]
    assert not room.arriving.has_parts
    # Nothing of it was taken.
    assert conn.sock.recv(1000) == HEAD


def test_a_silent_connection_is_admitted_with_its_request(room: Room) -> None:
    client, conn = room.connect()
    assert (room.admitted, room.arriving.has_parts) == ([], False)
    client.sendall(HEAD)
    room.wait()
    room.arriving.look(1000.0)
    assert (room.admitted, room.given_up) == ([conn], [])


@pytest.mark.parametrize("cut", [1, 10, len(HEAD) - 1])
def test_a_part_is_not_admitted_until_the_rest_is_there(room: Room, cut: int) -> None:
    client, conn = room.connect(HEAD[:cut])
    room.arriving.look(99.0)
    assert (room.admitted, room.arriving.has_parts) == ([], True)
    client.sendall(HEAD[cut:])
    while room.arriving.has_parts:
        room.arriving.look(99.0)
    assert (room.admitted, room.given_up) == ([conn], [])


def test_who_takes_too_long_is_given_up(room: Room) -> None:
    _, silent = room.connect()
    _, slow = room.connect(HEAD[:9])
    room.arriving.look(99.9)
    assert room.given_up == []
    room.arriving.look(100.0)
    assert room.given_up == [silent, slow]
    room.arriving.look(200.0)
    assert (room.given_up, room.admitted) == ([silent, slow], [])


def test_an_endless_head_is_given_up(room: Room) -> None:
    _, conn = room.connect(b"GET / HTTP/1.1\r\nX: " + bytes(LONGEST_HEAD))
    while room.arriving.has_parts:
        room.arriving.look(1.0)
    assert (room.given_up, room.admitted) == ([conn], [])


def test_the_longest_request_fits_the_kernels_buffer(room: Room) -> None:
    filler = b"X: " + b"x" * (LONGEST_HEAD - 200) + b"\r\n"
    head = b"POST / HTTP/1.1\r\n" + filler + b"Content-Length: %d\r\n\r\n" % LONGEST_BODY
    client, conn = room.connect(head)
    client.settimeout(20)
    client.sendall(b"x" * (LONGEST_BODY - 1))
    room.arriving.look(1.0)
    assert room.arriving.has_parts
    client.sendall(b"x")
    while room.arriving.has_parts:
        room.arriving.look(1.0)
    assert room.admitted == [conn]


@pytest.mark.parametrize("sent", [b"", HEAD[:5]])
def test_a_connection_that_ended_is_admitted_or_given_up(room: Room, sent: bytes) -> None:
    client, conn = room.connect(sent)
    client.close()
    if not sent:
        room.wait()
    room.arriving.look(100.0)
    # Some systems do not tell the part that came before the end from one that is to be continued.
    assert (room.admitted, room.given_up) == (([], [conn]) if sent else ([conn], []))


@pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="the system keeps no such record")
@pytest.mark.parametrize("sent", [b"GET / HT", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\na="])
def test_who_closes_after_a_part_does_not_keep_a_place(room: Room, sent: bytes) -> None:
    client, conn = room.connect(sent)
    room.arriving.look(1.0)
    assert (room.admitted, room.given_up) == ([], [])
    client.close()
    until = time.monotonic() + 20
    while not room.given_up and time.monotonic() < until:
        room.arriving.look(1.0)
    assert (room.admitted, room.given_up) == ([], [conn])


def test_what_a_thread_read_ahead_counts(room: Room) -> None:
    _, whole = room.connect(HEAD[9:], ahead=HEAD[:9])
    _, part = room.connect(ahead=HEAD[:9])
    assert room.admitted == [whole]
    room.arriving.look(100.0)
    assert room.given_up == [part]


def test_who_was_silent_is_given_up_at_the_end(room: Room) -> None:
    _, silent = room.connect()
    room.connect(HEAD[:9])
    room.arriving.give_silent_up()
    assert room.given_up == [silent]
    assert room.arriving.has_parts


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"", False),
        (b"GET / HTTP/1.1\r\n", False),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", False),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", True),
        (b"POST / HTTP/1.1\r\ncontent-length:3\r\nX: y\r\n\r\nab", False),
        (b"POST / HTTP/1.1\r\nX-Content-Length: 3\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % LONGEST_BODY, False),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (LONGEST_BODY + 1), True),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", True),
    ],
)
def test_a_request_is_whole_with_its_body(sent: bytes, expected: bool) -> None:
    assert is_whole(sent) is expected


@pytest.mark.parametrize(
    ("length", "expected"),
    [(None, False), ("0", False), (str(LONGEST_BODY), False), (str(LONGEST_BODY + 1), True)],
)
def test_a_body_that_nobody_waits_for_is_long(length: str | None, expected: bool) -> None:
    headers = [("HOST", "x")] + ([("CONTENT-LENGTH", length)] if length else [])
    assert has_long_body(SimpleNamespace(headers=headers)) is expected


@pytest.mark.parametrize(("longer", "is_given_up"), [(0, False), (1, True)])
def test_a_head_may_have_so_many_bytes(room: Room, longer: int, is_given_up: bool) -> None:
    sent = b"GET / HTTP/1.1\r\nX: ".ljust(LONGEST_HEAD + longer, b"x")
    client, conn = room.connect(sent[:-1])
    while len(peek(conn) or b"") < len(sent) - 1:
        pass
    room.arriving.look(1.0)
    assert (room.given_up, room.arriving.has_parts) == ([], True)
    client.sendall(sent[-1:])
    while len(peek(conn) or b"") < len(sent):
        pass
    room.arriving.look(1.0)
    assert (room.given_up, room.arriving.has_parts) == ([conn] * is_given_up, not is_given_up)


def test_who_was_given_up_is_not_listened_to_any_more(room: Room) -> None:
    client, conn = room.connect()
    room.arriving.look(100.0)
    assert room.given_up == [conn]
    client.sendall(HEAD)
    assert not room.heard(0.05)
    assert room.admitted == []


def test_a_broken_connection_brings_nothing_but_what_was_read_ahead(room: Room) -> None:
    _, conn = room.connect()
    conn.sock.close()
    assert peek(conn) is None
    buffer = SimpleNamespace(getvalue=lambda: b"GET")
    conn.parser = SimpleNamespace(unreader=SimpleNamespace(buf=buffer))
    assert peek(conn) == b"GET"


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [(["x"], True), (["-1"], True), (["1", str(LONGEST_BODY + 1)], True), (["1", "2"], False)],
)
def test_a_length_that_is_none_is_not_waited_for(lengths: list[str], expected: bool) -> None:
    headers = [("CONTENT-LENGTH", length) for length in lengths]
    assert has_long_body(SimpleNamespace(headers=headers)) is expected
