"""Limits of a client: requests, exports, and the processor time that its answers took."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from flask import Flask, current_app, g, request
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from indexer.engine.processor_time import share_processor_time
from web.http.client_accounts import Allowance, ClientAccounts, client_name, read_allowances
from web.http.request_gate import RenderGate, acquire_render_slot, has_render_slot, render_gate
from web.settings import Settings

_UNLIMITED = ("health.", "metrics.", "static")
"""Endpoints without a rate limit: for the operator's own machines, or free of cost."""

_EXPORT = "exports.export"
_LIMITER, _EXPORT_SLOTS = "tangthu.limiter", "tangthu.export_slots"

CHEAP_SHARE = 0.15
"""Share of its processor time that a client uses before its searches get less."""

REDUCED_SHARE = 0.25
"""Share of the budget of a search that such a client gets."""

EXPORT_SECONDS = 60.0
"""Seconds that a part of an export waits until it may be made; then the export breaks off."""


class ClientLimiter:
    """The limits of all clients.

    Args:
        accounts: the accounts, which other processes of the server may share.
        settings: the limits.
    """

    def __init__(self, accounts: ClientAccounts, settings: Settings) -> None:
        self._accounts = accounts
        self._requests = read_allowances(settings.rate)
        self._exports = read_allowances(settings.export_rate)
        self._limited = bool(settings.rate) and settings.seconds_per_minute > 0
        self._processor = Allowance(settings.seconds_per_minute or math.inf, 60)

    def count_request(self, client: str, is_export: bool) -> None:
        """Count a request.

        Raises:
            TooManyRequests: the client made too many.
        """
        for allowance in self._requests:
            _refuse(self._accounts.spend(f"requests {client}", 1, allowance))
        for allowance in self._exports if is_export else ():
            _refuse(self._accounts.spend(f"exports {client}", 1, allowance))

    def demand_processor_time(self, client: str) -> None:
        """Check that a client has processor time left.

        Raises:
            TooManyRequests: its answers took too much.
        """
        if self._limited:
            _refuse(self._accounts.spend(f"processor {client}", 0, self._processor))

    def search_seconds(self, client: str, budget: float, waits_for_itself: bool) -> float:
        """Return the processor seconds for a search.

        Who used much of them lately gets less, and who asks for several pages at once.
        """
        if waits_for_itself:
            return budget * REDUCED_SHARE
        if self._limited and self.processor_seconds(client) > CHEAP_SHARE * self._processor.amount:
            return budget * REDUCED_SHARE
        return budget

    def charge(self, client: str, seconds: float) -> None:
        """Charge processor time to a client."""
        self._accounts.charge(f"processor {client}", seconds, self._processor)

    def processor_seconds(self, client: str) -> float:
        """Return the processor time that a client used in this minute."""
        return self._accounts.spent(f"processor {client}", self._processor)


class ExportSlots:
    """The exports that are sent at the same time, of which one client has half at most."""

    def __init__(self, slots: int) -> None:
        self._slots, self._most_of_one = slots, max(1, slots // 2)
        self._lock = threading.Lock()
        self._clients: Counter[str] = Counter()

    @contextmanager
    def occupy(self, client: str) -> Iterator[None]:
        """Occupy a slot until the block ends.

        Raises:
            ServiceUnavailable: every slot is in use, or the client has its share.
        """
        with self._lock:
            if self._clients.total() >= self._slots or self._clients[client] >= self._most_of_one:
                raise ServiceUnavailable("too many exports are under way", retry_after=30)
            self._clients[client] += 1
        try:
            yield
        finally:
            with self._lock:
                self._clients[client] -= 1
                self._clients += Counter()


def register(
    app: Flask, settings: Settings, accounts: ClientAccounts | None = None
) -> ClientLimiter:
    """Let the application answer 429 and Retry-After to a client that is over its limit."""
    limiter = ClientLimiter(accounts or ClientAccounts(), settings)
    app.extensions[_LIMITER] = limiter
    app.extensions[_EXPORT_SLOTS] = ExportSlots(max(1, settings.exports_at_once))

    @app.before_request
    def count_request() -> None:
        g.processor_started = time.thread_time()
        # An unknown address is counted as well.
        if not (request.endpoint or "").startswith(_UNLIMITED):
            limiter.count_request(current_client(), request.endpoint == _EXPORT)

    @app.teardown_request
    def charge_request(_: BaseException | None) -> None:
        g.pop("shared_time", ExitStack()).close()
        started = g.pop("processor_started", None)
        if started is not None and not (request.endpoint or "").startswith(_UNLIMITED):
            limiter.charge(current_client(), time.thread_time() - started)

    return limiter


def begin_rendering(settings: Settings) -> None:
    """Wait for this client's turn to render, and limit the processor time of its searches.

    Raises:
        TooManyRequests: its answers took too much processor time.
        BusyError: it was not its turn in time.
    """
    client, limiter, gate = current_client(), current_limiter(), render_gate(current_app)
    limiter.demand_processor_time(client)
    acquire_render_slot(current_app, client, settings.longest_wait)
    if request.endpoint != _EXPORT:
        seconds = limiter.search_seconds(client, settings.budget, gate.is_waiting(client))
        g.shared_time = shared_time = ExitStack()
        shared_time.enter_context(share_processor_time(seconds, partial(gate.others_wait, client)))


def current_client() -> str:
    """Return the client of this request."""
    name: str | None = g.get("client_name")
    if name is None:
        name = g.client_name = client_name(request.remote_addr)
    return name


def current_limiter() -> ClientLimiter:
    """Return the limits of the application that answers this request."""
    limiter: ClientLimiter = current_app.extensions[_LIMITER]
    return limiter


def _refuse(seconds: float) -> None:
    if seconds:
        raise TooManyRequests(retry_after=max(1, math.ceil(seconds)))


def occupy_export_slot(blocks: Iterable[bytes]) -> Generator[bytes, None, None]:
    """Yield the blocks of an export, which occupies a slot from its first block to its end.

    Blocks are made in turn with pages, and their processor time is the client's.

    Raises:
        ServiceUnavailable: every slot is in use.
    """
    slots: ExportSlots = current_app.extensions[_EXPORT_SLOTS]
    limiter, gate, client = current_limiter(), render_gate(current_app), current_client()
    remaining = iter(blocks)
    with slots.occupy(client):
        # The first block is made by the request itself, with its slot and on its account.
        block = next(remaining, None) if has_render_slot() else b""
        while block is not None:
            yield block
            block = _make_block(remaining, gate, limiter, client)


def _make_block(
    blocks: Iterator[bytes], gate: RenderGate, limiter: ClientLimiter, client: str
) -> bytes | None:
    """Make the next block of an export in its turn; None after the last one."""
    gate.acquire(client, EXPORT_SECONDS)
    started = time.thread_time()
    try:
        return next(blocks, None)
    finally:
        limiter.charge(client, time.thread_time() - started)
        gate.release(client)
