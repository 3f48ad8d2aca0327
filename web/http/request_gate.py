"""The gate to rendering: at most one page at a time in a process, and every client in its turn.

Python runs one thread at a time, and every array operation lets another one in, which then keeps
the interpreter for milliseconds: eight threads that rendered pages together made 27 a second where
one alone made 46 (35,431 articles, nothing cached). So a request that has to render something
waits for the render slot. Answers of 304, cached pages, health, metrics and static files need
none. More processes render more pages at once.

Clients take turns, the one that used least processor time lately first, and each client's own
requests in their order: whoever asks much waits for itself. Only so many requests wait that a
thread is free for what needs no slot. When too many do, the newest of the client with the most is
answered 503, and so is one that waited too long.

Of one client one request runs at a time in all processes of the server together: whoever has many
connections does not take the slots of all of them.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, g
from werkzeug.exceptions import ServiceUnavailable

from web.http.client_accounts import ClientAccounts, RunningClients
from web.settings import Settings

RENDER_SLOTS = 1
"""Pages that one process renders at the same time."""

_GATE = "tangthu.render_gate"
_RETRY_SECONDS = 5
_POLL_SECONDS = 0.05
"""Seconds until a process looks again whether a client's request in another one has ended."""

_SECONDS_PER_LEVEL = 2.0
"""Processor seconds by which clients are told apart: below that they take plain turns."""

_MOST_REMEMBERED = 4096


class BusyError(ServiceUnavailable):
    """The server has too much to do: the client may ask again soon."""


@dataclass(slots=True, eq=False)
class _WaitingRequest:
    """A request before the gate."""

    client: str
    number: int
    may_be_refused: bool
    decided: threading.Event = field(default_factory=threading.Event)
    has_slot: bool = False


class RenderGate:
    """The render slots of a process, which clients are given in turn.

    Args:
        most_waiting: requests that wait at the same time, the parts of exports not counted.
        used: the processor seconds that a client used lately.
        running: the clients for which the processes of this server render.
    """

    def __init__(
        self, most_waiting: int, used: Callable[[str], float], running: RunningClients
    ) -> None:
        self._most_waiting, self._used, self._running = most_waiting, used, running
        self._lock = threading.Lock()
        self._free = RENDER_SLOTS
        self._waiting: list[_WaitingRequest] = []
        self._number = 0
        self._last_turns: OrderedDict[str, int] = OrderedDict()

    def acquire(self, client: str, seconds: float, may_be_refused: bool = False) -> None:
        """Wait for a slot.

        Args:
            client: whose turn it will be.
            seconds: how long to wait.
            may_be_refused: give way at once when too many wait.

        Raises:
            BusyError: it was not this client's turn in time.
        """
        with self._lock:
            self._number += 1
            waiting = _WaitingRequest(client, self._number, may_be_refused)
            self._waiting.append(waiting)
            self._give_slots()
            self._refuse_surplus()
        deadline = time.monotonic() + seconds
        while not waiting.decided.wait(min(_POLL_SECONDS, max(0, deadline - time.monotonic()))):
            with self._lock:
                self._give_slots()
                if time.monotonic() >= deadline and not waiting.decided.is_set():
                    self._waiting.remove(waiting)
                    break
        if waiting.has_slot:
            return
        raise BusyError("too many requests wait", retry_after=_RETRY_SECONDS)

    def release(self, client: str) -> None:
        """Give a client's slot back: it is the next client's turn."""
        with self._lock:
            self._free += 1
            self._running.end(client)
            self._give_slots()

    def is_waiting(self, client: str) -> bool:
        """Tell whether a request of a client waits."""
        with self._lock:
            return any(request.client == client for request in self._waiting)

    def others_wait(self, client: str) -> bool:
        """Tell whether a request of another client waits; cheap, and without the lock."""
        return any(request.client != client for request in tuple(self._waiting))

    def _give_slots(self) -> None:
        for request in sorted(self._waiting, key=self._order) if self._free else ():
            if not self._free:
                break
            if not self._running.begin(request.client):
                continue
            self._waiting.remove(request)
            self._free -= 1
            self._number += 1
            self._last_turns[request.client] = self._number
            self._last_turns.move_to_end(request.client)
            if len(self._last_turns) > _MOST_REMEMBERED:
                self._last_turns.popitem(last=False)
            request.has_slot = True
            request.decided.set()

    def _order(self, request: _WaitingRequest) -> tuple[int, int, int]:
        level = math.floor(self._used(request.client) / _SECONDS_PER_LEVEL)
        return level, self._last_turns.get(request.client, 0), request.number

    def _refuse_surplus(self) -> None:
        """Refuse the newest request of the client with the most, if too many wait."""
        requests = [request for request in self._waiting if request.may_be_refused]
        if len(requests) > self._most_waiting:
            counts = Counter(request.client for request in requests)
            newest = max(requests, key=lambda request: (counts[request.client], request.number))
            self._waiting.remove(newest)
            newest.decided.set()


def register(
    app: Flask, settings: Settings, used: Callable[[str], float], accounts: ClientAccounts
) -> None:
    """Let the application's requests release their slot, whatever becomes of them."""
    gate = RenderGate(settings.most_waiting, used, RunningClients(accounts))
    app.extensions[_GATE] = gate

    @app.teardown_request
    def release_render_slot(_: BaseException | None) -> None:
        client = g.pop("rendered_client", None)
        if client is not None:
            gate.release(client)


def render_gate(app: Flask) -> RenderGate:
    """Return the gate of an application."""
    gate: RenderGate = app.extensions[_GATE]
    return gate


def acquire_render_slot(app: Flask, client: str, seconds: float) -> None:
    """Wait until this request has a render slot; it takes no second one.

    Raises:
        BusyError: it was not this client's turn in time.
    """
    if not has_render_slot():
        render_gate(app).acquire(client, seconds, may_be_refused=True)
        g.rendered_client = client


def has_render_slot() -> bool:
    """Tell whether this request has a render slot."""
    return "rendered_client" in g
