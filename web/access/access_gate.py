"""The gate before every answer of a private archive, and before the operator's pages."""

from __future__ import annotations

from flask import Flask, Response, abort, g, redirect, request, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_wtf import CSRFProtect
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from web.access.ended_sessions import SESSION
from web.access.readers import AccessControl, current_control, current_reader
from web.access.session_key import session_key
from web.services import ARCHIVE

OPEN_ENDPOINTS = (
    "static",
    "access.login",
    "access.logout",
    "assets.accent",
    "assets.default_icon",
    "assets.icon",
    "assets.logo",
    "assets.manifest",
    "assets.security_contact",
    "crawlers.robots",
    "health.health",
    "health.ready",
)
"""Endpoints that a private archive answers to everybody: nothing there is from an article."""

OPERATOR_ENDPOINTS = "admin."

_FOR_PROGRAMS = ("api.", "exports.", "feeds.", "oai.", "metrics.", "opensearch.")
_REALM = "tangthu"


class _SessionInterface(SecureCookieSessionInterface):
    """Sessions in a signed cookie, which is sent over https alone where the page is."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def register(app: Flask, control: AccessControl) -> None:
    """Let the application answer nobody whom it does not know, where it is private."""
    app.config |= {
        "SESSION_COOKIE_NAME": "tangthu",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": SESSION,
        # Views that change something check the token themselves; it needs no Referer besides.
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_SSL_STRICT": False,
        "WTF_CSRF_TIME_LIMIT": int(SESSION.total_seconds()),
    }
    app.session_interface = _SessionInterface()
    CSRFProtect(app)
    if control.has_passwords or control.settings.header:
        app.secret_key = session_key(app.extensions[ARCHIVE].store.home)
    app.add_template_global(_may_log_out, "may_log_out")
    app.before_request(_let_in)
    if control.settings.private:
        app.after_request(_keep_private)


def _let_in() -> AnyResponse | None:
    """Let a request pass, or return what is answered in its place."""
    endpoint, control = request.endpoint or "", current_control()
    is_operators = endpoint.startswith(OPERATOR_ENDPOINTS)
    if endpoint in OPEN_ENDPOINTS or not (control.settings.private or is_operators):
        return None
    if is_operators and not control.has_operator:
        abort(404)
    g.reader = reader = control.identify()
    if reader is None:
        return _ask_who()
    if is_operators and not reader.is_operator:
        abort(403)
    return None


def _may_log_out() -> bool:
    """Tell whether pages for this reader lead to the end of the session."""
    return current_reader() is not None and current_control().has_passwords


def _ask_who() -> AnyResponse:
    """Lead people to the login page; ask programs for a password."""
    for_people = "text/html" in request.headers.get("Accept", "")
    if for_people and not (request.endpoint or "").startswith(_FOR_PROGRAMS):
        if not current_control().has_passwords:
            abort(403)
        is_page = request.method in ("GET", "HEAD")
        place = request.full_path.rstrip("?") if is_page else "/"
        return redirect(url_for("access.login", next=place), 303)
    challenge = WWWAuthenticate("basic", {"realm": _REALM, "charset": "UTF-8"})
    raise Unauthorized("a user and a password are needed", www_authenticate=challenge)


def _keep_private(response: Response) -> Response:
    """Let no cache but the reader's own keep an answer, and no crawler list it."""
    if request.endpoint != "static":
        rule = "no-store" if response.cache_control.no_store else "no-cache"
        response.headers["Cache-Control"] = f"private, {rule}"
        response.vary.update(("Cookie", "Authorization"))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
