"""Who asked, where a proxy stands in front, and under which names the site may be asked for."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from web.settings import Settings


def register(app: Flask, settings: Settings) -> None:
    """Believe so many proxies, and answer 400 to other names than the site's."""
    if settings.hosts:
        app.config["TRUSTED_HOSTS"] = list(settings.hosts)
    if settings.proxies:
        number = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=number, x_proto=number, x_host=number, x_prefix=number
        )
