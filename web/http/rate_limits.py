"""Rate limits of a client, and the number of exports that are sent at the same time."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Generator, Iterable
from typing import Any, NoReturn

from flask import Flask, current_app
from flask_limiter import Limiter, RequestLimit
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from web.settings import Settings

_UNLIMITED = ("health.", "metrics.", "static")
"""Endpoints without a rate limit: for the operator's own machines, or free of cost."""

_EXPORT_SLOTS = "tangthu.export_slots"


def register(app: Flask, settings: Settings) -> None:
    """Let the application answer 429 and Retry-After to a client that is over its limit."""
    app.extensions[_EXPORT_SLOTS] = threading.BoundedSemaphore(max(1, settings.exports_at_once))
    limiter = Limiter(
        get_remote_address,
        app=app,
        application_limits=[settings.rate] if settings.rate else [],
        storage_uri="memory://",
        on_breach=_refuse,
    )
    for name, view in app.view_functions.items():
        if name.startswith(_UNLIMITED):
            limiter.exempt(view)
    if settings.export_rate:
        limit: Any = limiter.limit(settings.export_rate, override_defaults=False)
        app.view_functions["exports.export"] = limit(app.view_functions["exports.export"])


def _refuse(breached: RequestLimit) -> NoReturn:
    seconds = math.ceil(breached.reset_at - time.time())
    raise TooManyRequests(retry_after=max(1, seconds))


def occupy_export_slot(blocks: Iterable[bytes]) -> Generator[bytes, None, None]:
    """Yield the blocks of an export, which occupies a slot from its first block to its end.

    Raises:
        ServiceUnavailable: every slot is in use.
    """
    slots: threading.BoundedSemaphore = current_app.extensions[_EXPORT_SLOTS]
    if not slots.acquire(blocking=False):
        raise ServiceUnavailable("too many exports are under way", retry_after=30)
    try:
        yield from blocks
    finally:
        slots.release()
