"""What the pages need of the rest of the house, kept with the application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app, has_app_context

from archive.store import Store
from indexer.generations.live_index import LiveIndex
from indexer.search.service import SearchService
from web.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """The archive, what searches it, the index being served, and how."""

    store: Store
    searcher: SearchService
    live: LiveIndex
    settings: Settings


def services() -> Services:
    """The services of the application that answers this request."""
    return cast(Services, current_app.extensions["tangthu"])


def budget() -> float:
    """Seconds that the engine may take for one page of the application that answers."""
    return services().settings.budget if has_app_context() else Settings().budget
