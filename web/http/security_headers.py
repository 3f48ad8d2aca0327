"""Security headers of every answer."""

from __future__ import annotations

from flask import Flask, Response, request

from web.http.page_script import script_sources
from web.services import current_access

POLICY = (
    f"default-src 'none'; style-src 'self'; img-src 'self' data:; script-src {script_sources()}; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""The content security policy: nothing from other sites, no script but the pages' own."""

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Origin-Agent-Cluster": "?1",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Permitted-Cross-Domain-Policies": "none",
}

_OPEN = ("feeds.", "exports.", "oai.")
"""Endpoints besides the JSON interface that pages of other sites may read: nothing is secret."""

PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since, Accept-Language",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Retry-After",
    "Access-Control-Max-Age": "86400",
}
"""Headers that let pages of other sites read an address (CORS)."""

_OPEN_HEADERS = {**PREFLIGHT_HEADERS, "Cross-Origin-Resource-Policy": "cross-origin"}


def is_open(endpoint: str, path: str) -> bool:
    """Tell whether pages of other sites may read an address, in a public archive."""
    return path.startswith("/api/") or endpoint.startswith(_OPEN)


_STRICT_TRANSPORT = "max-age=31536000"
"""HTTP Strict Transport Security for a year; sent over https alone, as browsers demand."""


def register(app: Flask) -> None:
    """Add the headers to every answer of the application."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        if request.method == "OPTIONS" and not response.content_length:
            # Flask's own answer, which has no content: a preflight asks for headers alone.
            response.status_code = 204
            for name in ("Content-Type", "Content-Language"):
                response.headers.pop(name, None)
        if is_open(request.endpoint or "", request.path) and not current_access().private:
            for name, value in _OPEN_HEADERS.items():
                response.headers.setdefault(name, value)
        if response.status_code >= 400:
            # An article that is missing or withdrawn now may be there tomorrow: caches ask again.
            response.headers.setdefault("Cache-Control", "no-cache")
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", _STRICT_TRANSPORT)
        return response
