"""How much one client may ask, and how much everybody together may have exported at once."""

from __future__ import annotations

import math
import threading
import time
from http import HTTPStatus
from typing import Any, cast

from flask import Flask, Response, current_app, g
from flask_limiter import Limiter, RequestLimit
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import ServiceUnavailable

from web.settings import Settings

_UNLIMITED = ("health.", "metrics.", "static")
"""Endpoints that are asked by machines of the house, or cost nothing."""

_SECONDS_TO_WAIT = 30


class ExportSlots:
    """The exports that may be under way at the same time.

    Args:
        slots: how many.
    """

    def __init__(self, slots: int) -> None:
        self._free = threading.BoundedSemaphore(max(1, slots))

    def take(self) -> None:
        """Begin an export.

        Raises:
            ServiceUnavailable: as many as allowed are under way.
        """
        if not self._free.acquire(blocking=False):
            raise ServiceUnavailable("too many exports are under way", retry_after=_SECONDS_TO_WAIT)

    def give_back(self) -> None:
        """End an export."""
        self._free.release()


def register(app: Flask, settings: Settings) -> None:
    """Limit the application; what a client is over is answered with 429 and Retry-After."""
    app.extensions["tangthu.exports"] = ExportSlots(settings.exports_at_once)
    limiter = Limiter(
        get_remote_address,
        app=app,
        application_limits=[settings.rate] if settings.rate else [],
        storage_uri="memory://",
        on_breach=_remember,
    )
    app.after_request(_tell_when)
    for name, view in app.view_functions.items():
        if name.startswith(_UNLIMITED):
            limiter.exempt(view)
    if settings.export_rate:
        limit: Any = limiter.limit(settings.export_rate, override_defaults=False)
        app.view_functions["exports.export"] = limit(app.view_functions["exports.export"])


def _remember(breached: RequestLimit) -> None:
    g.wait_until = breached.reset_at


def _tell_when(response: Response) -> Response:
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        seconds = g.get("wait_until", 0) - time.time()
        response.headers["Retry-After"] = str(max(1, math.ceil(seconds)))
    return response


def export_slots() -> ExportSlots:
    """The slots of the application that answers this request."""
    return cast(ExportSlots, current_app.extensions["tangthu.exports"])
