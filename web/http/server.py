"""The server behind `tangthu serve`: Waitress, ended so that requests under way are answered."""

from __future__ import annotations

import gc
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import waitress
from flask import Flask
from waitress import wasyncore
from waitress.server import BaseWSGIServer

LONGEST_HEADERS = 32 << 10
"""Bytes of a request's line and headers."""

LONGEST_BODY = 64 << 10
"""Bytes of a request's body; no page reads one."""

SECONDS_TO_END = 30.0
"""How long requests under way are waited for."""

SECONDS_OF_SILENCE = 30
"""A connection on which nothing moves is closed then."""

_BETWEEN_COLLECTIONS = 20_000
"""Objects that are made before Python looks for cycles among the new ones.

A page makes some thousands and leaves none: looking for them every 700 objects, as Python does,
took 6 to 10 % of a page's time.
"""

_CONNECTIONS = 500
_TURN = 0.25

_LOG = logging.getLogger("tangthu")

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """The host and port at which a server listens, and its number of threads."""

    host: str = "127.0.0.1"
    port: int = 8080
    threads: int = 8


class Server:
    """One application, served until somebody ends it.

    Args:
        app: what answers.
        address: host, port (0 takes a free one) and threads.
        behind_proxy: the headers of a proxy in front reach the application.
    """

    def __init__(self, app: Flask, address: ServerAddress, behind_proxy: bool = False) -> None:
        self._ending = threading.Event()
        self._busy = RequestCounter(app)
        self._sockets: dict[int, Any] = {}
        self._server = waitress.create_server(
            self._busy,
            map=self._sockets,
            host=address.host,
            port=address.port,
            threads=address.threads,
            ident="tangthu",
            channel_timeout=SECONDS_OF_SILENCE,
            connection_limit=_CONNECTIONS,
            max_request_header_size=LONGEST_HEADERS,
            max_request_body_size=LONGEST_BODY,
            clear_untrusted_proxy_headers=not behind_proxy,
        )
        self.port = int(self._listeners()[0].effective_port)

    def run(self) -> None:
        """Serve until `end` or Ctrl+C, then let the requests under way be answered."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_end)
        thresholds = gc.get_threshold()
        collect_seldom()
        try:
            while not self._ending.is_set():
                self._turn()
            self._finish()
        finally:
            gc.unfreeze()
            gc.set_threshold(*thresholds)
            self._server.task_dispatcher.shutdown(timeout=1)
            wasyncore.close_all(self._sockets, ignore_all=True)

    def end(self) -> None:
        """Take no more requests and let `run` return."""
        self._ending.set()

    def _asked_to_end(self, number: int, frame: object) -> None:
        if self._ending.is_set():
            raise SystemExit(1)
        self.end()

    def _finish(self) -> None:
        """Close the doors, then go on until the last answer is with its client."""
        listeners = self._listeners()
        for listener in listeners:
            wasyncore.dispatcher.close(listener)
        until = time.monotonic() + SECONDS_TO_END
        while time.monotonic() < until and (self._busy.requests or _unsent(listeners)):
            self._turn()
        if self._busy.requests:
            _LOG.warning("%d requests were not answered in time", self._busy.requests)

    def _listeners(self) -> list[Any]:
        return [one for one in self._sockets.values() if isinstance(one, BaseWSGIServer)]

    def _turn(self) -> None:
        wasyncore.loop(timeout=_TURN, use_poll=True, map=self._sockets, count=1)


def collect_seldom() -> None:
    """Let Python look for garbage as seldom as serving pages needs it."""
    gc.collect()
    # What is there now stays until the end: it need not be looked at again.
    gc.freeze()
    gc.set_threshold(_BETWEEN_COLLECTIONS, 10, 10)


def _unsent(listeners: list[Any]) -> bool:
    """Whether a request waits, or an answer is not yet with its client."""
    channels = [channel for one in listeners for channel in list(one.active_channels.values())]
    return any(channel.requests or channel.total_outbufs_len for channel in channels)


class RequestCounter:
    """An application that knows how many requests it is answering."""

    def __init__(self, app: Wsgi | Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self.requests = 0

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        self._add(1)
        try:
            answer = self._app(environ, start)
        except BaseException:
            self._add(-1)
            raise
        return CountedResponse(answer, self._add)

    def _add(self, number: int) -> None:
        with self._lock:
            self.requests += number


class CountedResponse:
    """The answer to one request, which counts until it is closed."""

    def __init__(self, answer: Iterable[bytes], add: Callable[[int], None]) -> None:
        self._answer, self._add = answer, add

    def __iter__(self) -> Any:
        return iter(self._answer)

    def close(self) -> None:
        """End the answer."""
        try:
            if hasattr(self._answer, "close"):
                self._answer.close()
        finally:
            self._add(-1)
