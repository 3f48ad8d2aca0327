"""Rate limits of a client, and the number of exports that are sent at the same time."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, g
from flask_limiter import Limiter, RequestLimit
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import ServiceUnavailable

from web.settings import Settings

_UNLIMITED = ("health.", "metrics.", "static")
"""Endpoints without a rate limit: for the operator's own machines, or free of cost."""

_RETRY_SECONDS = 30
_EXPORT_SLOTS = "tangthu.export_slots"


def register(app: Flask, settings: Settings) -> None:
    """Let the application answer 429 and Retry-After to a client that is over its limit."""
    app.extensions[_EXPORT_SLOTS] = threading.BoundedSemaphore(max(1, settings.exports_at_once))
    limiter = Limiter(
        get_remote_address,
        app=app,
        application_limits=[settings.rate] if settings.rate else [],
        storage_uri="memory://",
        on_breach=_remember_reset,
    )
    app.after_request(_add_retry_after)
    for name, view in app.view_functions.items():
        if name.startswith(_UNLIMITED):
            limiter.exempt(view)
    if settings.export_rate:
        limit: Any = limiter.limit(settings.export_rate, override_defaults=False)
        app.view_functions["exports.export"] = limit(app.view_functions["exports.export"])


def _remember_reset(breached: RequestLimit) -> None:
    g.limit_reset = breached.reset_at


def _add_retry_after(response: Response) -> Response:
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        seconds = g.get("limit_reset", 0) - time.time()
        response.headers["Retry-After"] = str(max(1, math.ceil(seconds)))
    return response


@contextmanager
def export_slot() -> Iterator[None]:
    """Occupy a slot of the application that answers this request until the block ends.

    Raises:
        ServiceUnavailable: every slot is in use.
    """
    slots: threading.BoundedSemaphore = current_app.extensions[_EXPORT_SLOTS]
    if not slots.acquire(blocking=False):
        raise ServiceUnavailable("too many exports are under way", retry_after=_RETRY_SECONDS)
    try:
        yield
    finally:
        slots.release()
