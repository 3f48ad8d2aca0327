"""The web application put together: pages, limits, headers, languages, errors."""

from __future__ import annotations

from flask import Flask

from archive.store import Store
from indexer.building.live import LiveIndex
from indexer.searching.search import Searcher
from web import (
    access,
    api,
    articles,
    caching,
    compression,
    errors,
    exports,
    feeds,
    health,
    languages,
    limits,
    metrics,
    opensearch,
    page_cache,
    proxies,
    search,
    security,
    turns,
)
from web.filters import register_filters
from web.services import Services
from web.settings import Settings

LONGEST_BODY = 16_384
"""Bytes of a request body that are read; the pages themselves take none."""


PAGES = (search, articles, api, exports, feeds, opensearch, health, metrics)
"""The modules with pages."""


def application(store: Store, searcher: Searcher, live: LiveIndex, settings: Settings) -> Flask:
    """The web application over one archive; see `web.create_app`."""
    app = Flask("web")
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    here = app.extensions["tangthu"] = Services(store, searcher, live, settings)
    for module in PAGES:
        app.register_blueprint(module.pages)
    # What is registered first sees an answer last: pages are kept as they are sent.
    page_cache.register(app, settings.pages_kept)
    compression.register(app)
    if settings.access_log:
        access.register(app)
    metrics.register(app, here)
    proxies.register(app, settings)
    languages.register(app)
    register_filters(app)
    security.register(app)
    errors.register(app)
    limits.register(app, settings)
    turns.register(app)
    caching.register(app)
    return app
