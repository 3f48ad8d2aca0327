"""Headers that say who asks, and under which name: checked before anything else reads them.

A request whose host, scheme or prefix is none is answered 400 in a few bytes: an address that is
built of it would be wrong, or fail. It is still counted by the limits, since it goes the way of
every other request, under a host name that nobody has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from web.settings import PROXY_HEADERS, Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST_HOST = 253
"""Letters of a host name, as in the domain name system."""

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"({_LABEL}(?:\.{_LABEL})*\.?|\[[0-9a-f:.]{{2,45}}\])(?::([1-9][0-9]{{0,4}}))?")
_PREFIX = re.compile(r"(?:/[\w.-]+)*/?", re.ASCII)
_ADDRESS_WITH_PORT = re.compile(r"\[?([0-9a-f:.]+?)\]?(?::[0-9]+)?", re.IGNORECASE)

_REFUSAL = "tangthu.refused_headers"
_NOBODYS_HOST = "invalid.invalid"


class HeaderCheck:
    """A WSGI application that marks requests with impossible headers, and mends what can be.

    Args:
        app: the application behind, which answers marked requests with 400.
        hosts: the host names of the site; none means any.
    """

    def __init__(self, app: WSGIApplication, hosts: tuple[str, ...]) -> None:
        self._app = app
        self._hosts = [name.lower() for name in hosts]

    def __call__(self, environ: WSGIEnvironment, respond: StartResponse) -> Iterable[bytes]:
        """Check one request and hand it on."""
        environ["HTTP_HOST"] = host = environ.get("HTTP_HOST", "").lower() or _server_name(environ)
        environ["REMOTE_ADDR"] = _client_address(environ)
        environ.pop(_REFUSAL, None)
        prefix, scheme = environ.get("SCRIPT_NAME", ""), environ.get("wsgi.url_scheme")
        if not is_host(host):
            _refuse(environ, "the host name is not valid")
        elif not _PREFIX.fullmatch(prefix) or scheme not in ("http", "https"):
            _refuse(environ, "the forwarded headers are not valid")
        elif self._hosts and not host_is_trusted(host, self._hosts):
            _refuse(environ, "this site has another name")
        return self._app(environ, respond)


def register(app: Flask, settings: Settings) -> None:
    """Let the application believe its trusted proxies, and refuse impossible or foreign hosts."""
    app.wsgi_app = HeaderCheck(  # type: ignore[method-assign,assignment]
        app.wsgi_app, settings.hosts
    )
    if settings.proxies:
        trusted = set(settings.proxy_headers)
        if settings.hosts:
            # Whatever it says, it has to be a name of the site.
            trusted.add("host")
        counts = {f"x_{name}": settings.proxies * (name in trusted) for name in PROXY_HEADERS}
        app.wsgi_app = ProxyFix(app.wsgi_app, **counts)  # type: ignore[method-assign]
    app.after_request(_make_location_relative)


def answer_refused_headers() -> Response | None:
    """Return the answer to a request with impossible headers; None to any other."""
    reason = request.environ.get(_REFUSAL)
    return Response(f"{reason}\n", 400, content_type="text/plain") if reason else None


def is_host(host: str) -> bool:
    """Tell whether a text is a host name or an address, with a port or without."""
    match = _HOST.fullmatch(host)
    if match is None or len(match[1]) > LONGEST_HOST or int(match[2] or 0) > 65_535:
        return False
    if match[1].startswith("["):
        return _is_address(match[1][1:-1])
    try:
        match[1].encode("ascii").decode("idna")
    except UnicodeError:
        return False
    return True


def _refuse(environ: WSGIEnvironment, reason: str) -> None:
    environ |= {_REFUSAL: reason, "HTTP_HOST": _NOBODYS_HOST, "SCRIPT_NAME": ""}
    environ["wsgi.url_scheme"] = "http"


def _client_address(environ: WSGIEnvironment) -> str:
    """Return the client's address; where a proxy names none, that of the proxy."""
    address: str = environ.get("REMOTE_ADDR", "")
    match = _ADDRESS_WITH_PORT.fullmatch(address)
    for candidate in (address, match[1] if match else ""):
        if _is_address(candidate):
            return candidate
    original = environ.get("werkzeug.proxy_fix.orig", {}).get("REMOTE_ADDR", "")
    return original if _is_address(original) else ""


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _server_name(environ: WSGIEnvironment) -> str:
    """Return the server's own name, for clients of HTTP/1.0 that name none."""
    name: str = environ.get("SERVER_NAME", "")
    return name.lower() if is_host(name.lower()) else "localhost"


def _make_location_relative(response: Response) -> Response:
    """Let a redirection within the site name no host, which came from the client."""
    location = urlsplit(response.headers.get("Location", ""))
    if location.netloc == request.host:
        path = location._replace(scheme="", netloc="").geturl()
        response.headers["Location"] = "/" + path.lstrip("/")
    return response
