"""The access log: a line for each request in the combined log format, with its milliseconds."""

from __future__ import annotations

import logging
import time
from datetime import datetime
from logging import StreamHandler
from logging.handlers import WatchedFileHandler
from sys import stdout
from urllib.parse import quote

from flask import Flask, Response, g, request

LOGGER = "tangthu.access"
"""The name of the logger; the command line decides where it writes."""

_SAFE = "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"
"""Punctuation that ends neither a quoted field nor a line."""


def register(app: Flask) -> None:
    """Let the application log each request once its answer is sent."""
    log = logging.getLogger(LOGGER)

    @app.before_request
    def start_timer() -> None:
        g.access_started = time.perf_counter()

    @app.after_request
    def log_on_close(response: Response) -> Response:
        started = g.get("access_started", time.perf_counter())
        line = _combined_line(response)
        response.call_on_close(
            lambda: log.info("%s %.1f", line, (time.perf_counter() - started) * 1000)
        )
        return response


def log_to(path: str) -> None:
    """Write the access log to a file, which is reopened when it is rotated, or to output (-)."""
    handler = WatchedFileHandler(path, encoding="ascii") if path != "-" else StreamHandler(stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.getLogger(LOGGER)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


def _combined_line(response: Response) -> str:
    """Format client, time, request, status, length, referrer and user agent."""
    query = request.query_string.decode("latin-1")
    target = f"{request.path}?{query}" if query else request.path
    protocol = request.environ.get("SERVER_PROTOCOL", "-")
    request_line = f"{request.method} {_safe(target, '')} {protocol}"
    moment = datetime.now().astimezone().strftime("%d/%b/%Y:%H:%M:%S %z")
    length = response.headers.get("Content-Length", "-")
    referrer, agent = request.headers.get("Referer", "-"), request.headers.get("User-Agent", "-")
    return (
        f'{_safe(request.remote_addr or "-")} - - [{moment}] "{request_line}" '
        f'{response.status_code} {length} "{_safe(referrer)}" "{_safe(agent)}"'
    )


def _safe(text: str, allowed: str = " ") -> str:
    """Percent-encode the unsafe characters of a field but those that are allowed."""
    return quote(text[:4000], safe=_SAFE + allowed, errors="replace")
