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

from web.http.client_accounts import Allowance, ClientAccounts, client_name

LOGGER = "tangthu.access"
"""The name of the logger; the command line decides where it writes."""

CLIENT_BYTES = Allowance(150_000, 60)
"""Bytes of the lines of one client, by default, in a minute: about a thousand requests."""

_ONE_WARNING = Allowance(1, 60)
_MOST_CLIENTS = 4096
_LONGEST_WORD, _LONGEST_FIELD, _LONGEST_TARGET = 45, 180, 400
"""Characters of an address or a method, of what a browser says of itself, of what it asks for.

With them a line is shorter than a kilobyte.
"""


_SAFE = "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"
"""Punctuation that ends neither a quoted field nor a line."""


def register(app: Flask, limited: bool = True) -> None:
    """Let the application log each request once its answer is sent.

    Args:
        app: the application.
        limited: leave out the lines of a client beyond `CLIENT_BYTES` a minute.
    """
    log = logging.getLogger(LOGGER)
    accounts = ClientAccounts(_MOST_CLIENTS)

    @app.before_request
    def start_timer() -> None:
        g.access_started = time.perf_counter()

    @app.after_request
    def log_on_close(response: Response) -> Response:
        started = g.get("access_started", time.perf_counter())
        line = _combined_line(response)
        if limited and _is_surplus(accounts, client_name(request.remote_addr), len(line)):
            return response
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


def _is_surplus(accounts: ClientAccounts, client: str, size: int) -> bool:
    """Tell whether the line of a client is left out; the first of a minute is warned of."""
    if not accounts.spend(f"bytes {client}", size, CLIENT_BYTES):
        return False
    if not accounts.spend(f"warning {client}", 1, _ONE_WARNING):
        logging.getLogger("tangthu").warning(
            "access log: further lines of %s are left out in this minute", client
        )
    return True


def _combined_line(response: Response) -> str:
    """Format client, time, request, status, length, referrer and user agent."""
    query = request.query_string.decode("latin-1")
    target = f"{request.path}?{query}" if query else request.path
    protocol = request.environ.get("SERVER_PROTOCOL", "-")
    words = (request.method, _LONGEST_WORD), (target, _LONGEST_TARGET), (protocol, _LONGEST_WORD)
    request_line = " ".join(_safe(word, longest, "") for word, longest in words)
    moment = datetime.now().astimezone().strftime("%d/%b/%Y:%H:%M:%S %z")
    length = response.headers.get("Content-Length", "-")
    referrer, agent = request.headers.get("Referer", "-"), request.headers.get("User-Agent", "-")
    return (
        f'{_safe(request.remote_addr or "-", _LONGEST_WORD)} - - [{moment}] "{request_line}" '
        f'{response.status_code} {length} "{_safe(referrer)}" "{_safe(agent)}"'
    )


def _safe(text: str, longest: int = _LONGEST_FIELD, allowed: str = " ") -> str:
    """Percent-encode the unsafe characters of a field but those that are allowed, and cut it."""
    return quote(text[:longest], safe=_SAFE + allowed, errors="replace")[:longest]
