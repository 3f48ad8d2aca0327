"""Trusted proxies in front of the server, and the host names of the site."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from web.settings import Settings


def register(app: Flask, settings: Settings) -> None:
    """Let the application believe its trusted proxies, and answer 400 to foreign host names."""
    if settings.hosts:
        app.config["TRUSTED_HOSTS"] = list(settings.hosts)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_prefix=count
        )
