"""Connections to the server: so many of one client, heads in time, answers read at some speed.

A connection that is held open costs a place among all connections, and an answer that nobody
reads a thread. Behind a proxy all connections are the proxy's own, so their number is not limited.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import BaseWSGIServer
from waitress.task import WSGITask

from web.http.client_accounts import client_name

MOST_OF_ONE_CLIENT = 50
"""Connections of one client; a browser opens six."""

HEAD_SECONDS = 10.0
"""Seconds in which a request has to arrive whole."""

SLOWEST_READER = 500
"""Bytes a second at which an answer has to be read, over `READING_SECONDS`."""

READING_SECONDS = 30.0

REST_SECONDS = 1.0
"""Seconds that a connection rests after its client was refused: it asked too much."""

_REFUSALS = ("429", "503")
PAUSE_SECONDS = 0.5
"""Seconds without accepting after the system had no more descriptors."""

_LOG = logging.getLogger("tangthu")


class StrictParser(HTTPRequestParser):  # type: ignore[misc]
    """A request whose end everybody sees at the same place.

    Where a length and chunks both say where a body ends, or an older request names chunks, a proxy
    in front may go by the other one, and take for a body what is answered here as a request.
    """

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head.

        Raises:
            ParsingError: it is none, or says in two ways where its body ends.
        """
        super().parse_header(header_plus)
        # Of the newer requests the parser has taken the encoding out of the headers.
        if "TRANSFER_ENCODING" in self.headers or (
            self.chunked and "CONTENT_LENGTH" in self.headers
        ):
            raise ParsingError("Transfer-Encoding and Content-Length contradict each other")


class WatchedTask(WSGITask):  # type: ignore[misc]
    """An answer that lets its connection rest after a refusal."""

    def build_response_header(self) -> bytes:
        """Return the head of the answer; nothing was sent yet."""
        if self.channel.rests_after_refusals and str(self.status).startswith(_REFUSALS):
            self.channel.rests_until = time.monotonic() + REST_SECONDS
        return bytes(super().build_response_header())


class WatchedChannel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows since when a request arrives, and how much was sent.

    Attributes:
        head_began: when the request that is arriving began.
        sent: bytes sent so far.
        rests_after_refusals: whether nothing is read for a moment after 429 and 503.
        rests_until: when the next request is read.
        mark: the time and the bytes sent when the reader was looked at last.
    """

    task_class = WatchedTask
    parser_class = StrictParser
    rests_after_refusals = True
    head_began = rests_until = 0.0
    sent = 0
    mark: tuple[float, int] | None = None

    def readable(self) -> bool:
        """Tell whether the next request is to be read."""
        return time.monotonic() >= self.rests_until and bool(super().readable())

    def received(self, data: bytes) -> bool:
        """Take bytes of a request."""
        if self.request is None:
            self.head_began = time.monotonic()
        return bool(super().received(data))

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send bytes of an answer; return how many the system took."""
        count = int(super().send(data, do_close=do_close) or 0)
        self.sent += count
        return count

    def is_too_slow(self, now: float) -> bool:
        """Tell whether its client sends or reads too slowly."""
        if self.requests:
            # Nothing is read behind a request that waits for us.
            self.head_began = now
        elif self.request is not None and now - self.head_began > HEAD_SECONDS:
            return True
        if not self.total_outbufs_len:
            self.mark = None
            return False
        if self.mark is None:
            self.mark = (now, self.sent)
        since, sent = self.mark
        if now - since < READING_SECONDS:
            return False
        self.mark = (now, self.sent)
        return bool(self.sent - sent < SLOWEST_READER * READING_SECONDS)


class SharedChannel(WatchedChannel):
    """A connection of a proxy, which is many clients'."""

    rests_after_refusals = False


class ConnectionGuard:
    """The rules for the connections of some listening sockets.

    Args:
        listeners: the sockets; the guard changes how they accept.
        most_of_one: connections of one client; None is no limit.
    """

    def __init__(self, listeners: Iterable[BaseWSGIServer], most_of_one: int | None) -> None:
        self._listeners, self._most_of_one = list(listeners), most_of_one
        self._paused_until = self._warned = self._looked = 0.0
        for listener in self._listeners:
            listener.channel_class = SharedChannel if most_of_one is None else WatchedChannel
            self._guard(listener)

    def close_slow_connections(self) -> None:
        """Close the connections of clients that are too slow; call it often."""
        now = time.monotonic()
        if now - self._looked < 1:
            return
        self._looked = now
        for channel in self._channels():
            if channel.is_too_slow(now):
                channel.handle_close()

    def _guard(self, listener: Any) -> None:
        accept, readable = listener.accept, listener.readable

        def accept_in_bounds() -> tuple[Any, Any] | None:
            try:
                accepted: tuple[Any, Any] | None = accept()
            except OSError as error:
                self._pause(error)
                return None
            if accepted and self._is_surplus(accepted[1]):
                accepted[0].close()
                return None
            return accepted

        def readable_unless_paused() -> bool:
            return time.monotonic() >= self._paused_until and bool(readable())

        listener.accept, listener.readable = accept_in_bounds, readable_unless_paused

    def _is_surplus(self, address: Any) -> bool:
        if self._most_of_one is None or not isinstance(address, tuple):
            return False
        client = client_name(str(address[0]))
        counts = Counter(client_name(str(channel.addr[0])) for channel in self._channels())
        return counts[client] >= self._most_of_one

    def _channels(self) -> list[WatchedChannel]:
        return [
            channel
            for listener in self._listeners
            for channel in list(listener.active_channels.values())
        ]

    def _pause(self, error: OSError) -> None:
        now = time.monotonic()
        self._paused_until = now + PAUSE_SECONDS
        if now - self._warned > 60:
            self._warned = now
            _LOG.warning("no connection can be accepted now: %s", error.strerror)
