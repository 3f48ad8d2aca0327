"""The application for a WSGI server of many processes, such as gunicorn.

gunicorn --workers 4 'web.wsgi:application("/srv/tangthu", proxies=1)'
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from archive.store import Store
from indexer.generations.live_index import LiveIndex
from indexer.search.service import SearchService
from web import create_app
from web.http.server import collect_seldom
from web.settings import Settings


def application(home: str, proxies: int = 0, limits: bool = True, budget: float = 1.0) -> Flask:
    """The web application over the archive in a folder; each process calls this for itself.

    Args:
        home: the archive's folder.
        proxies: how many proxies in front are trusted.
        limits: whether clients are limited, each process counting for itself.
        budget: seconds that the engine may take for one page.
    """
    settings = Settings(budget=budget, proxies=proxies)
    if not limits:
        settings = Settings(budget=budget, proxies=proxies, rate="", export_rate="")
    store = Store(Path(home))
    live = LiveIndex(store.home / "index")
    app = create_app(store, SearchService(store, live), live, settings)
    collect_seldom()
    return app
