"""For people: the search pages, the JSON interface and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from archive.store import Store
    from indexer.generations.live_index import LiveIndex
    from indexer.search.service import SearchService
    from web.settings import Settings


def create_app(
    store: Store, searcher: SearchService, live: LiveIndex, settings: Settings | None = None
) -> Flask:
    """The web application over one archive.

    Args:
        store: the archive that is shown; shared by all threads, only read.
        searcher: what answers questions.
        live: the index being served.
        settings: limits, trusted proxies and hosts, the access log.
    """
    # The command line imports this package and seldom serves pages: they are imported here.
    from web.app import application
    from web.settings import Settings

    return application(store, searcher, live, settings or Settings())
