"""For people: the search pages, the JSON interface and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from indexer.open_archive import OpenArchive
    from web.settings import Settings


def create_app(archive: OpenArchive, settings: Settings | None = None) -> Flask:
    """Return the web application over one archive.

    Args:
        archive: the archive that is shown; shared by all threads, only read.
        settings: limits, trusted proxies and hosts, the access log.
    """
    # The command line imports this package and seldom serves pages: they are imported here.
    from web.app import application
    from web.settings import Settings

    return application(archive, settings or Settings())
