"""The access log: a line for each request in the combined format, with its milliseconds."""

from __future__ import annotations

import logging
import re
import time
from datetime import datetime
from logging import StreamHandler
from logging.handlers import WatchedFileHandler
from sys import stdout

from flask import Flask, Response, g, request

LOGGER = "tangthu.access"
"""The name of the logger; whoever serves decides where it writes."""

_UNSAFE = re.compile(r"[^\x21\x23-\x5b\x5d-\x7e]")
"""What could end a quoted field or a line, and what is not ASCII."""


def register(app: Flask) -> None:
    """Let the application log what it answers, once the answer is sent."""
    log = logging.getLogger(LOGGER)

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def tell(response: Response) -> Response:
        began = g.get("began", time.perf_counter())
        line = _line(response)
        response.call_on_close(
            lambda: log.info("%s %.1f", line, (time.perf_counter() - began) * 1000)
        )
        return response


def log_to(path: str) -> None:
    """Let the access log go to a file, opened again when it is moved away, or to output (-)."""
    handler = WatchedFileHandler(path, encoding="ascii") if path != "-" else StreamHandler(stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.getLogger(LOGGER)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


def _line(response: Response) -> str:
    """Client, time, request, status, length, referrer and program, as `combined` has them."""
    query = request.query_string.decode("latin-1")
    target = f"{request.path}?{query}" if query else request.path
    said = f"{request.method} {_safe(target, '')} {request.environ.get('SERVER_PROTOCOL', '-')}"
    moment = datetime.now().astimezone().strftime("%d/%b/%Y:%H:%M:%S %z")
    length = response.headers.get("Content-Length", "-")
    referrer, agent = request.headers.get("Referer", "-"), request.headers.get("User-Agent", "-")
    return (
        f'{_safe(request.remote_addr or "-")} - - [{moment}] "{said}" {response.status_code} '
        f'{length} "{_safe(referrer)}" "{_safe(agent)}"'
    )


def _safe(text: str, kept: str = " ") -> str:
    def escaped(found: re.Match[str]) -> str:
        if found[0] in kept and found[0]:
            return found[0]
        return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace"))

    return _UNSAFE.sub(escaped, text[:4000])
