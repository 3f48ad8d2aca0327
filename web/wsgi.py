"""The application for a WSGI server of many processes, such as gunicorn.

gunicorn --workers 4 --threads 4 'web.wsgi:application("/srv/tangthu", proxies=1)'
"""

from __future__ import annotations

import atexit
import os
from pathlib import Path
from typing import Any

from flask import Flask

from archive.catalogue.database import require_catalogue
from archive.settings.archive_settings import password_file_variable
from indexer.open_archive import open_archive
from web.access.readers import refuse_unusable_access
from web.app import compile_templates, create_app
from web.http.access_log import log_to
from web.http.bounded_log import bound_error_log
from web.http.client_accounts import ClientAccounts
from web.http.server import collect_garbage_seldom, take_short_turns
from web.settings import Settings


def application(
    home: str, proxies: int = 0, limits: bool = True, access_log: str = "", **settings: Any
) -> Flask:
    """Return the web application over the archive in a folder; each process calls this once.

    Args:
        home: the archive's folder.
        proxies: how many proxies in front are trusted.
        limits: whether clients are limited, each process counting for itself.
        access_log: a file for the access log, or - for output.
        settings: other attributes of `web.settings.Settings`, such as `budget` and `hosts`.
    """
    if not limits:
        settings |= {"rate": "", "export_rate": "", "seconds_per_minute": 0.0}
    if access_log:
        log_to(access_log)
    chosen = Settings(proxies=proxies, access_log=bool(access_log), **settings)
    return served_archive(Path(home), chosen)


def served_archive(home: Path, settings: Settings, accounts: ClientAccounts | None = None) -> Flask:
    """Open an archive until this process ends, and return the application over it."""
    bound_error_log()
    require_catalogue(home)
    if password_file := password_file_variable(home):
        os.environ.setdefault(*password_file)
    archive = open_archive(home)
    atexit.register(archive.close)
    app = create_app(archive, settings, accounts)
    refuse_unusable_access(app, settings)
    compile_templates(app)
    collect_garbage_seldom()
    take_short_turns()
    return app
