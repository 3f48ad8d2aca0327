"""Error pages for people, problem details for programs, and the HTTP status of our errors."""

from __future__ import annotations

import logging
from datetime import datetime
from http import HTTPStatus

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import lazy_gettext
from msgspec import to_builtins
from werkzeug.exceptions import HTTPException, SecurityError

from archive.catalogue.operations import OperationKind
from archive.errors import (
    ArchiveError,
    EngineError,
    HomeGoneError,
    NotFoundError,
    WithdrawnError,
)
from archive.originals.object_storage import StorageAwayError
from web.http.originals_watch import current_watch
from web.http.problem_details import ProblemDetails
from web.http.request_gate import BusyError

_LOG = logging.getLogger(__name__)

_TITLES = {
    HTTPStatus.BAD_REQUEST: lazy_gettext("The request is not valid"),
    HTTPStatus.UNAUTHORIZED: lazy_gettext("A name and a password are needed"),
    HTTPStatus.FORBIDDEN: lazy_gettext("This is not open to you"),
    HTTPStatus.NOT_FOUND: lazy_gettext("There is no such page"),
    HTTPStatus.GONE: lazy_gettext("This article is not available"),
    HTTPStatus.METHOD_NOT_ALLOWED: lazy_gettext("This cannot be done here"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: lazy_gettext("The request is too large"),
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: lazy_gettext("The file has no such part"),
    HTTPStatus.TOO_MANY_REQUESTS: lazy_gettext("Too many requests: wait a moment"),
    HTTPStatus.REQUEST_URI_TOO_LONG: lazy_gettext("The address is too long"),
    HTTPStatus.SERVICE_UNAVAILABLE: lazy_gettext("The index is not ready"),
    HTTPStatus.INTERNAL_SERVER_ERROR: lazy_gettext("Something went wrong on the server"),
}

_VERSION_GONE = lazy_gettext("This version is not available")

_AWAY = lazy_gettext("The original cannot be had now")

_LONGEST_NAME = 200
"""Characters of a missing address that are offered as a query."""


def register(app: Flask) -> None:
    """Let the application answer errors with a page, below /api/ with problem details."""
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(ArchiveError, _answer_archive_error)


def _answer_http_error(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):
        # No page can be made: it would hold addresses under a name that is not ours.
        return Response("this site has another name\n", error.code, content_type="text/plain")
    busy = _TITLES[HTTPStatus.TOO_MANY_REQUESTS] if isinstance(error, BusyError) else None
    headers = {name: value for name, value in error.get_headers()}
    wait = headers.get("Retry-After", "")
    response = _answer(HTTPStatus(error.code or 500), error.description or "", busy, wait)
    for name in ("Allow", "Content-Range", "Retry-After", "WWW-Authenticate"):
        if name in headers:
            response.headers[name] = headers[name]
    return response


def _answer_archive_error(error: ArchiveError) -> Response:
    if isinstance(error, WithdrawnError):
        return _answer_withdrawn(error)
    if isinstance(error, NotFoundError):
        return _answer(HTTPStatus.NOT_FOUND, str(error))
    # The message names files: it is for the operator.
    _LOG.error("%s: %s", request.path, error)
    if isinstance(error, StorageAwayError):
        current_watch().note_away()
        detail = "the original cannot be had now; the server's log says why"
        return _answer(HTTPStatus.SERVICE_UNAVAILABLE, detail, _AWAY, away=True)
    status, subject = HTTPStatus.INTERNAL_SERVER_ERROR, "archive cannot be read"
    if isinstance(error, HomeGoneError):
        status, subject = HTTPStatus.SERVICE_UNAVAILABLE, "archive is not there now"
    if isinstance(error, EngineError):
        status, subject = HTTPStatus.SERVICE_UNAVAILABLE, "index cannot be read now"
    return _answer(status, f"the {subject}; the server's log says why")


def _answer_withdrawn(error: WithdrawnError) -> Response:
    """Answer 410 with a page that says what happened to an article, when and why.

    A hidden article has the reason for the operator alone.
    """
    day = datetime.fromisoformat(error.made) if error.made else None
    is_removed = error.kind == OperationKind.REMOVED
    if request.path.startswith("/api/"):
        reason = f": {error.reason}" if is_removed else ""
        what = f"version {error.version} {error.kind}" if error.version else error.kind
        return _answer(HTTPStatus.GONE, f"{what} on {error.made[:10]}{reason}")
    page = render_template(
        "withdrawn.html",
        title=_VERSION_GONE if error.version else _TITLES[HTTPStatus.GONE],
        version=error.version,
        is_removed=is_removed,
        day=day,
        reason=error.reason if is_removed else "",
        identifier=error.identifier,
    )
    response = make_response(page)
    response.status_code = HTTPStatus.GONE
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _missing_name() -> str:
    """Return the last part of an address that leads nowhere, as words to search for."""
    path = request.path.removeprefix("/url/")
    if path != request.path:
        return path[:_LONGEST_NAME]
    last = path.rstrip("/").rpartition("/")[2].rpartition(".")
    return (last[0] or last[2]).replace("-", " ").replace("_", " ").strip()[:_LONGEST_NAME]


def _answer(
    status: HTTPStatus,
    detail: str,
    title: object = None,
    retry_after: str = "",
    *,
    away: bool = False,
) -> Response:
    if request.path.startswith("/api/"):
        response = jsonify(to_builtins(ProblemDetails(status.phrase, status, detail)))
        response.content_type = "application/problem+json"
    else:
        title = title or _TITLES.get(status, status.phrase)
        page = render_template(
            "error.html",
            title=title,
            status=status,
            are_originals_away=away,
            wait=int(retry_after) if retry_after.isdecimal() else 0,
            name=_missing_name() if status == HTTPStatus.NOT_FOUND else "",
        )
        response = make_response(page)
    response.status_code = status
    return response
