"""For people: the search pages, the JSON interface and the command line."""

from __future__ import annotations

from flask import Flask

from archive.store import Store
from indexer.building.live import LiveIndex
from indexer.searching.search import Searcher
from web import api, articles, errors, exports, feeds, languages, opensearch, search, security
from web.filters import register_filters
from web.services import Services

LONGEST_ADDRESS = 16_384
"""Bytes of a request body that are read; the pages themselves take none."""


def create_app(store: Store, searcher: Searcher, live: LiveIndex) -> Flask:
    """The web application over one archive.

    Args:
        store: the archive that is shown; shared by all threads, only read.
        searcher: what answers questions.
        live: the index being served.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_ADDRESS
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["tangthu"] = Services(store, searcher, live)
    for module in (search, articles, api, exports, feeds, opensearch):
        app.register_blueprint(module.pages)
    languages.register(app)
    register_filters(app)
    security.register(app)
    errors.register(app)
    return app
