"""Turns at drawing pictures: one drawing at a time in a process, and every client in its turn.

A drawing is made by a child process and takes no render slot: pages are answered meanwhile. The
processor time of the child is the client's, as that of pages is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, current_app

from web.http.client_accounts import ClientAccounts, RunningClients
from web.http.rate_limits import current_client, current_limiter
from web.http.request_gate import RenderGate
from web.services import current_archive, current_settings
from web.settings import Settings

_GATE = "tangthu.drawing_gate"


def register(
    app: Flask, settings: Settings, used: Callable[[str], float], accounts: ClientAccounts
) -> None:
    """Let the application's requests wait for their turn to draw."""
    # A thread is left for a page while as many drawings wait as may.
    most_waiting = max(1, settings.most_waiting - 1)
    app.extensions[_GATE] = RenderGate(most_waiting, used, RunningClients(accounts))


@contextmanager
def drawing_turn() -> Iterator[None]:
    """Wait for this client's turn to draw, and charge the drawings of the block to it.

    Raises:
        TooManyRequests: its answers took too much processor time.
        BusyError: it was not its turn in time.
    """
    client, limiter = current_client(), current_limiter()
    limiter.demand_processor_time(client)
    gate: RenderGate = current_app.extensions[_GATE]
    gate.acquire(client, current_settings().longest_wait, may_be_refused=True)
    artist = current_archive().artist
    before = artist.processor_seconds
    try:
        yield
    finally:
        limiter.charge(client, artist.processor_seconds - before)
        gate.release(client)
