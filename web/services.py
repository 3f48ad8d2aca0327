"""What the pages need of the rest of the house, kept with the application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from archive.store import Store
from indexer.building.live import LiveIndex
from indexer.searching.search import Searcher


@dataclass(frozen=True, slots=True)
class Services:
    """The archive, what searches it, and the index being served."""

    store: Store
    searcher: Searcher
    live: LiveIndex


def services() -> Services:
    """The services of the application that answers this request."""
    return cast(Services, current_app.extensions["tangthu"])
