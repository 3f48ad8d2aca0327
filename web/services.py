"""The archive and the settings of the application that answers a request."""

from __future__ import annotations

from flask import current_app, has_app_context

from indexer.open_archive import OpenArchive
from web.settings import Settings

ARCHIVE, SETTINGS = "tangthu.archive", "tangthu.settings"
"""The names under which an application holds the archive that it shows, and its settings."""


def current_archive() -> OpenArchive:
    """Return the archive of the application that answers this request."""
    archive: OpenArchive = current_app.extensions[ARCHIVE]
    return archive


def current_settings() -> Settings:
    """Return the settings of the application; outside of one, the defaults."""
    settings: Settings = current_app.extensions[SETTINGS] if has_app_context() else Settings()
    return settings


def search_budget() -> float:
    """Return the processor seconds for one page's searches; outside a request, the default."""
    return current_settings().budget
