"""A worker of gunicorn that bounds its clients as `serve` with one process does.

A thread is given a request that is there whole (`arriving_requests`). It waits while its client
reads the answer, so a client that reads a byte now and then would keep it for as long as it likes:
once a second the worker looks at what was read, and ends such connections. Nor does its main thread
wait for clients that do not close what was answered.
"""

from __future__ import annotations

import socket
import struct
import termios
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from fcntl import ioctl
from selectors import EVENT_READ
from typing import Any

from gunicorn.http.body import ChunkedReader
from gunicorn.util import write_error
from gunicorn.workers.gthread import ThreadWorker

from web.http.arriving_requests import (
    PAUSE,
    RECEIVE_BUFFER,
    ArrivingRequests,
    has_long_body,
)
from web.http.client_accounts import client_name
from web.http.connections import (
    HEAD_SECONDS,
    MOST_OF_ONE_CLIENT,
    PAUSE_SECONDS,
    READING_SECONDS,
    SLOWEST_READER,
)

_ACKNOWLEDGED = struct.Struct("120xQ")
"""The bytes that the other side acknowledged, in the kernel's record of a connection."""


_CLOSING_SECONDS = 2.0
"""How long a client may take to close a connection that was answered, as with gunicorn's own."""

_WAITING = struct.Struct("i")
"""The bytes that wait to be read by the other side."""


@dataclass(slots=True)
class _RequestUnderWay:
    """A request that a thread reads or answers.

    Attributes:
        began: when the thread began.
        is_read: the request arrived whole.
        mark: the time, and the bytes that its client had read, when it was looked at last.
    """

    began: float
    is_read: bool = False
    mark: tuple[float, int] | None = None


class BoundedWorker(ThreadWorker):  # type: ignore[misc]
    """A worker whose clients have so many connections, and have to send and to read."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._lock = threading.Lock()
        self._under_way: dict[Any, _RequestUnderWay] = {}
        self._open: list[Any] = []
        self._paused_until = self._looked = 0.0
        self._arriving: ArrivingRequests | None = None
        self._closing: dict[Any, float] = {}

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept connections or not; for a moment none where the system had no more descriptors."""
        if not enabled or time.monotonic() >= self._paused_until:
            super().set_accept_enabled(enabled)

    def accept(self, listener: Any) -> None:
        """Accept a connection."""
        try:
            super().accept(listener)
        except OSError as error:
            self._paused_until = time.monotonic() + PAUSE_SECONDS
            self.set_accept_enabled(False)
            self.log.warning("no connection can be accepted now: %s", error.strerror)

    def enqueue_req(self, conn: Any) -> None:
        """Let a thread answer a request once it is there; refuse a client that has many."""
        if not conn.initialized and conn not in self._open:
            self._open = [other for other in self._open if other.sock.fileno() >= 0]
            if self._is_surplus(conn):
                self._give_up(conn)
                return
            self._open.append(conn)
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        self._arrivals.add(conn, time.monotonic() + HEAD_SECONDS)

    @property
    def _arrivals(self) -> ArrivingRequests:
        if self._arriving is None:
            self._arriving = ArrivingRequests(self.poller, self._admit, self._give_up)
        return self._arriving

    def _admit(self, conn: Any) -> None:
        conn.data_ready = True
        super().enqueue_req(conn)

    def _give_up(self, conn: Any) -> None:
        """Close a connection; what it brought is read, else its client would see an error."""
        self.nr_conns -= 1
        with suppress(OSError):
            conn.sock.recv(RECEIVE_BUFFER, socket.MSG_DONTWAIT)
        conn.close()

    def handle(self, conn: Any) -> Any:
        """Read and answer a request, in a thread."""
        with self._lock:
            self._under_way[conn] = _RequestUnderWay(time.monotonic())
        try:
            return super().handle(conn)
        finally:
            with self._lock:
                del self._under_way[conn]

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request that arrived; what may have more of a body to come is not waited for."""
        if req.body.reader.__class__ is ChunkedReader:
            write_error(conn.sock, 411, "Length Required", "")
            return False
        self._under_way[conn].is_read = True
        is_reusable = super().handle_request(req, conn)
        return is_reusable and not has_long_body(req)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Keep a connection for the next request, or close it as soon as its client does."""
        if fs.cancelled() or fs.exception() or fs.result():
            super().finish_request(conn, fs)
            return
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, EVENT_READ, lambda _: self._drain(conn))
            self._closing[conn] = time.monotonic() + _CLOSING_SECONDS
        except (OSError, ValueError):
            self._give_up(conn)

    def _drain(self, conn: Any) -> None:
        """Read what a client still sends after its last answer, until it closes as well."""
        try:
            if not conn.sock.recv(1 << 16):
                self._end_closing(conn)
        except BlockingIOError:
            pass
        except OSError:
            self._end_closing(conn)

    def _end_closing(self, conn: Any) -> None:
        del self._closing[conn]
        self.poller.unregister(conn.sock)
        self._give_up(conn)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait for events, and for requests of which a part is there."""
        is_short = self._arrivals.has_parts
        super().wait_for_and_dispatch_events(min(timeout, PAUSE) if is_short else timeout)

    def murder_pending(self) -> None:
        """End what takes too long; called often."""
        super().murder_pending()
        now = time.monotonic()
        self._arrivals.look(now)
        if not self.alive:
            self._arrivals.give_silent_up()
        for conn in [conn for conn, deadline in self._closing.items() if now >= deadline]:
            self._end_closing(conn)
        if now - self._looked < 1:
            return
        self._looked = now
        with self._lock:
            under_way = list(self._under_way.items())
        for conn, request in under_way:
            if is_too_slow(conn.sock, request, now):
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)

    def _is_surplus(self, conn: Any) -> bool:
        if getattr(self.app, "is_behind_proxy", False) or not isinstance(conn.client, tuple):
            return False
        counts = Counter(client_name(str(other.client[0])) for other in self._open)
        return counts[client_name(str(conn.client[0]))] >= MOST_OF_ONE_CLIENT


def is_too_slow(connection: socket.socket, request: _RequestUnderWay, now: float) -> bool:
    """Tell whether a client sends its request or reads its answer too slowly."""
    if not request.is_read:
        return now - request.began > HEAD_SECONDS
    read = _bytes_read(connection)
    if read is None:
        request.mark = None
        return False
    if request.mark is None:
        request.mark = (now, read)
    since, read_then = request.mark
    if now - since < READING_SECONDS:
        return False
    request.mark = (now, read)
    return read - read_then < SLOWEST_READER * READING_SECONDS


def _bytes_read(connection: socket.socket) -> int | None:
    """Return how much the other side of a connection has read; None if nothing waits for it."""
    try:
        (waiting,) = _WAITING.unpack(ioctl(connection, termios.TIOCOUTQ, bytes(_WAITING.size)))
        if not waiting:
            return None
        record = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _ACKNOWLEDGED.size)
        return int(_ACKNOWLEDGED.unpack(record)[0])
    except (AttributeError, OSError, ValueError, struct.error):
        # The connection is closed, or the system keeps no such record.
        return None
