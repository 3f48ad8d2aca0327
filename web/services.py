"""The archive, the settings and the site of the application that answers a request."""

from __future__ import annotations

from flask import current_app, has_app_context, request

from indexer.open_archive import OpenArchive
from web.settings import Settings
from web.site.access_settings import AccessSettings
from web.site.site_settings import SiteSettings

ARCHIVE, SETTINGS, SITE = "tangthu.archive", "tangthu.settings", "tangthu.site"
ACCESS = "tangthu.access"
"""The names under which an application holds the archive that it shows, and its settings."""


def current_archive() -> OpenArchive:
    """Return the archive of the application that answers this request."""
    archive: OpenArchive = current_app.extensions[ARCHIVE]
    return archive


def is_index_missing() -> bool:
    """Tell whether the archive has articles, and no index of them yet."""
    archive = current_archive()
    return not archive.live_index.generation_name() and archive.store.count_articles() > 0


def current_settings() -> Settings:
    """Return the settings of the application; outside of one, the defaults."""
    settings: Settings = current_app.extensions[SETTINGS] if has_app_context() else Settings()
    return settings


def current_site() -> SiteSettings:
    """Return the owner's settings of the pages; outside of an application, the defaults."""
    try:
        site: SiteSettings = current_app.extensions[SITE]
    except RuntimeError:
        # There is no application.
        return SiteSettings()
    return site


def current_access() -> AccessSettings:
    """Return the owner's settings about readers; outside of an application, the defaults."""
    if not has_app_context():
        return AccessSettings()
    access: AccessSettings = current_app.extensions[ACCESS]
    return access


def public_address() -> str:
    """Return the address of the archive for readers, which ends in a slash."""
    return current_site().address or request.url_root


def public_url(address: str) -> str:
    """Return what leads readers from anywhere to a page of this site, as `url_for` names it.

    Crawlers, harvesters and feed readers keep it: the host that a proxy asked for is not in it.
    """
    path = address.removeprefix(request.script_root).removeprefix("/")
    return f"{public_address()}{path}"


def search_budget() -> float:
    """Return the processor seconds for one page's searches; outside a request, the default."""
    return current_settings().budget
