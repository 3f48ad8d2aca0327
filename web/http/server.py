"""The server of `tangthu serve`: Waitress, with a graceful end that answers open requests."""

from __future__ import annotations

import gc
import logging
import signal
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

import waitress
from flask import Flask
from waitress import wasyncore
from waitress.server import BaseWSGIServer

from web.http.connections import MOST_OF_ONE_CLIENT, ConnectionGuard

LONGEST_HEADERS = 32 << 10
"""Bytes of a request's line and headers that are read."""

LONGEST_BODY = 64 << 10
"""Bytes of a request's body that are read; no page needs one."""

GRACEFUL_SECONDS = 30.0
"""Seconds that a graceful end waits for open requests."""

IDLE_SECONDS = 30
"""Seconds after which an idle connection is closed."""

_COLLECTION_THRESHOLD = 20_000
"""Allocations between two runs of the garbage collector over the youngest objects.

A page allocates some thousands and leaves no cycles: a run every 700 allocations, as Python does,
took 6 to 10 % of a page's time.
"""

_TURN_SECONDS = 0.0005
"""Seconds that a thread keeps the interpreter while another one waits for it.

Health reads files and the catalogue, some twenty times, and after each of them waits for its turn
beside a thread that renders: at the 5 ms of Python that was 20 ms and more, at this 4. It costs
pages nothing that could be measured.
"""

_MOST_CONNECTIONS = 500
_POLL_SECONDS = 0.25

_LOG = logging.getLogger("tangthu")


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """The host and port at which a server listens, and its number of threads."""

    host: str = "127.0.0.1"
    port: int = 8080
    threads: int = 8


class Server:
    """A server of one application, until it is ended.

    Args:
        app: the application.
        address: host, port (0 takes a free one) and threads.
        behind_proxy: the headers of a proxy in front reach the application.
        exports_at_once: exports that are sent at the same time.

    Attributes:
        port: the port at which it listens.
    """

    def __init__(
        self,
        app: Flask,
        address: ServerAddress,
        behind_proxy: bool = False,
        exports_at_once: int = 0,
    ) -> None:
        self._end_requested = threading.Event()
        self._sockets: dict[int, Any] = {}
        self._server = waitress.create_server(
            app,
            map=self._sockets,
            host=address.host,
            port=address.port,
            threads=threads_of(address.threads, exports_at_once),
            ident="tangthu",
            channel_timeout=IDLE_SECONDS,
            connection_limit=_MOST_CONNECTIONS,
            max_request_header_size=LONGEST_HEADERS,
            max_request_body_size=LONGEST_BODY,
            clear_untrusted_proxy_headers=not behind_proxy,
        )
        self._guard = ConnectionGuard(
            self._listeners(), None if behind_proxy else MOST_OF_ONE_CLIENT
        )
        self.port = int(self._listeners()[0].effective_port)

    def run(self) -> None:
        """Serve until `end`, SIGTERM or Ctrl+C, then answer the open requests."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        thresholds, turn = gc.get_threshold(), sys.getswitchinterval()
        collect_garbage_seldom()
        take_short_turns()
        try:
            while not self._end_requested.is_set():
                self._poll()
            self._drain()
        finally:
            gc.unfreeze()
            gc.set_threshold(*thresholds)
            sys.setswitchinterval(turn)
            self._server.task_dispatcher.shutdown(timeout=1)
            wasyncore.close_all(self._sockets, ignore_all=True)

    def end(self) -> None:
        """Accept no more connections and let `run` return."""
        self._end_requested.set()

    def _on_signal(self, number: int, frame: object) -> None:
        if self._end_requested.is_set():
            raise SystemExit(1)
        self.end()

    def _drain(self) -> None:
        """Close the listening sockets, then serve until the last answer is with its client."""
        listeners, threads = self._listeners(), self._server.task_dispatcher
        for listener in listeners:
            wasyncore.dispatcher.close(listener)
        deadline = time.monotonic() + GRACEFUL_SECONDS
        while time.monotonic() < deadline and (
            threads.active_count or _has_open_requests(listeners)
        ):
            self._poll()
        if threads.active_count:
            _LOG.warning("%d requests were not answered in time", threads.active_count)

    def _listeners(self) -> list[Any]:
        sockets = self._sockets.values()
        return [server for server in sockets if isinstance(server, BaseWSGIServer)]

    def _poll(self) -> None:
        wasyncore.loop(timeout=_POLL_SECONDS, use_poll=True, map=self._sockets, count=1)
        self._guard.close_slow_connections()


def threads_of(requests: int, exports_at_once: int) -> int:
    """Return the threads of a process: of requests, of exports, and one for health.

    Exports keep a thread as long as their clients read, and requests wait for their turn.
    """
    return max(1, requests) + exports_at_once + 1


def collect_garbage_seldom() -> None:
    """Let the garbage collector run as seldom as serving pages needs it."""
    gc.collect()
    # The objects of now stay until the end: the collector need not visit them again.
    gc.freeze()
    gc.set_threshold(_COLLECTION_THRESHOLD, 10, 10)


def take_short_turns() -> None:
    """Let threads hand the interpreter over often, so that short answers are not late."""
    sys.setswitchinterval(_TURN_SECONDS)


def _has_open_requests(listeners: list[Any]) -> bool:
    """Tell whether a request waits, or an answer is not yet with its client."""
    channels = [
        channel for listener in listeners for channel in list(listener.active_channels.values())
    ]
    return any(channel.requests or channel.total_outbufs_len for channel in channels)
