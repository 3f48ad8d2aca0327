"""The slowest requests of this process, so that an operator sees which queries cost most."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask, Response, current_app, g, request

MOST_KEPT = 20
"""Requests that are remembered, the slowest."""

LEAST_SECONDS = 0.1
"""Seconds from which on a request counts as slow."""

_SLOWEST = "tangthu.slow_requests"
_LONGEST_ADDRESS = 300


@dataclass(frozen=True, slots=True)
class SlowRequest:
    """A request: its seconds, when it came, and its address."""

    seconds: float
    moment: datetime
    address: str


class SlowRequests:
    """The slowest requests since the process began; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[SlowRequest] = []

    def add(self, slow: SlowRequest) -> None:
        """Remember a request if it is among the slowest; the same address counts once."""
        with self._lock:
            slower = [
                each
                for each in self._requests
                if each.address == slow.address and each.seconds >= slow.seconds
            ]
            if slower:
                return
            others = [each for each in self._requests if each.address != slow.address]
            ordered = sorted((*others, slow), key=lambda each: each.seconds, reverse=True)
            self._requests = ordered[:MOST_KEPT]

    def slowest(self) -> list[SlowRequest]:
        """Return the requests, slowest first."""
        with self._lock:
            return list(self._requests)


def register(app: Flask) -> None:
    """Let the application remember its slowest requests."""
    app.extensions[_SLOWEST] = slowest = SlowRequests()

    @app.before_request
    def start_clock() -> None:
        g.slow_started = time.perf_counter()

    @app.after_request
    def remember(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("slow_started", time.perf_counter())
        endpoint = request.endpoint or ""
        if seconds >= LEAST_SECONDS and not endpoint.startswith(("admin.", "access.")):
            address = request.full_path.rstrip("?")[:_LONGEST_ADDRESS]
            slowest.add(SlowRequest(seconds, datetime.now(UTC), address))
        return response


def slowest_requests() -> list[SlowRequest]:
    """Return the slowest requests of this process, slowest first."""
    slowest: SlowRequests = current_app.extensions[_SLOWEST]
    return slowest.slowest()
