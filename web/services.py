"""The archive and the settings of the application that answers a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app, has_app_context

from indexer.open_archive import OpenArchive
from web.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """The archive that an application shows, and its settings."""

    archive: OpenArchive
    settings: Settings


def current_archive() -> OpenArchive:
    """Return the archive of the application that answers this request."""
    return _services().archive


def search_budget() -> float:
    """Return the seconds that the engine may take for one page; outside a request, the default."""
    return _services().settings.budget if has_app_context() else Settings().budget


def _services() -> Services:
    return cast(Services, current_app.extensions["tangthu"])
