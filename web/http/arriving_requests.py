"""Requests that arrive: a thread is given a connection when its request is there whole.

A thread of gunicorn that reads a request waits for its client. A few clients that send a byte now
and then would have all threads waiting, so they wait here instead, where nobody waits with them.
"""

from __future__ import annotations

import re
import selectors
import socket
from collections.abc import Callable
from typing import Any

from web.http.server import LONGEST_BODY

LONGEST_HEAD = 32 << 10
"""Bytes of a request before its body, as with one process."""

RECEIVE_BUFFER = 2 * (LONGEST_HEAD + LONGEST_BODY)
"""Bytes of the kernel's buffer, in which a request waits until it is whole."""

PAUSE = 0.02
"""Seconds after which it is looked again at requests of which a part is there."""

_NO_WAIT = socket.MSG_PEEK | socket.MSG_DONTWAIT
_CLOSED = (b"\x07", b"\x08")
"""The first byte of the kernel's record of a connection that is closed, by both or the other."""

_LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*([0-9]{1,9})[ \t]*\r?$")


class ArrivingRequests:
    """The connections of one worker whose requests are not there yet; for its main thread alone.

    Args:
        poller: tells when a connection can be read.
        admit: called with a connection whose request is there, or which has ended.
        give_up: called with one that took too long, or sends too much.
    """

    def __init__(
        self,
        poller: selectors.BaseSelector,
        admit: Callable[[Any], None],
        give_up: Callable[[Any], None],
    ) -> None:
        self._poller, self._admit, self._give_up = poller, admit, give_up
        # Until when they may take: those that sent nothing yet, and those that sent a part.
        self._silent: dict[Any, float] = {}
        self._partial: dict[Any, float] = {}

    def add(self, conn: Any, deadline: float) -> None:
        """Admit a connection, at once or as soon as its request is there."""
        if peek(conn) is None:
            self._silent[conn] = deadline
            self._poller.register(conn.sock, selectors.EVENT_READ, lambda _: self._wake(conn))
        else:
            self._look_at(conn, deadline)

    def look(self, now: float) -> None:
        """Look at all of which a part is there, and give those up that took too long."""
        for conn, deadline in list(self._partial.items()):
            del self._partial[conn]
            self._look_at(conn, deadline)
        for conn in [conn for conn, deadline in self._silent.items() if now >= deadline]:
            self._end_silence(conn)
            self._give_up(conn)
        for conn in [conn for conn, deadline in self._partial.items() if now >= deadline]:
            del self._partial[conn]
            self._give_up(conn)

    def give_silent_up(self) -> None:
        """Give up those that sent nothing yet: the worker ends."""
        for conn in list(self._silent):
            self._end_silence(conn)
            self._give_up(conn)

    @property
    def has_parts(self) -> bool:
        """Whether a part of a request is there, at which has to be looked again."""
        return bool(self._partial)

    def _look_at(self, conn: Any, deadline: float) -> None:
        # Asked first: what arrived before the end is then there.
        is_ended = sends_no_more(conn.sock)
        data = peek(conn)
        if data is None or is_whole(data):
            self._admit(conn)
        elif (len(data) > LONGEST_HEAD and b"\r\n\r\n" not in data) or is_ended:
            self._give_up(conn)
        else:
            self._partial[conn] = deadline

    def _wake(self, conn: Any) -> None:
        """Look at a connection that sent its first bytes, or ended."""
        self._look_at(conn, self._end_silence(conn))

    def _end_silence(self, conn: Any) -> float:
        self._poller.unregister(conn.sock)
        return self._silent.pop(conn)


def peek(conn: Any) -> bytes | None:
    """Return what a connection brings, left where it is; None if nothing is there, or it broke."""
    ahead: bytes = conn.parser.unreader.buf.getvalue() if conn.parser else b""
    try:
        data = conn.sock.recv(LONGEST_HEAD + LONGEST_BODY + 1, _NO_WAIT)
    except OSError:
        return ahead or None
    # A connection that has ended is whole: whoever reads it is told.
    return ahead + (data or b"\r\n\r\n")


def sends_no_more(connection: socket.socket) -> bool:
    """Tell whether the other side of a connection has closed it; False where no system tells.

    What it sent before hides its end from `recv`, as long as that is left where it is.
    """
    try:
        return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1) in _CLOSED
    except (AttributeError, OSError):
        return False


def has_long_body(request: Any) -> bool:
    """Tell whether a request of gunicorn has a body for which nobody waited."""
    lengths = [value for name, value in request.headers if name == "CONTENT-LENGTH"]
    return any(not value.isdecimal() or int(value) > LONGEST_BODY for value in lengths)


def is_whole(data: bytes) -> bool:
    """Tell whether a request is there with its body, or one that is refused without it."""
    head, end, body = data.partition(b"\r\n\r\n")
    lengths = _LENGTH.findall(head)
    length = int(lengths[0]) if lengths else 0
    return bool(end) and (length > LONGEST_BODY or len(body) >= length)
