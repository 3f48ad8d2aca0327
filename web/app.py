"""The web application: blueprints and hooks put together."""

from __future__ import annotations

from flask import Flask

from indexer.open_archive import OpenArchive
from web.access import access_gate, login_page
from web.access.readers import make_control
from web.admin import desk_pages, labels, slow_requests
from web.api import routes
from web.citations import display_names, permalinks
from web.export import crawlers, feeds, formats, oai_pmh, opensearch_description
from web.http import (
    access_log,
    compression,
    drawing_turns,
    errors,
    health,
    metrics,
    originals_watch,
    page_cache,
    page_script,
    proxies,
    rate_limits,
    request_gate,
    security_headers,
    static_files,
    validators,
    withheld_pictures,
)
from web.http.client_accounts import ClientAccounts
from web.languages import content_languages, languages
from web.owner import owner_assets, owner_pages
from web.pages import (
    article_page,
    article_pictures,
    calendar_page,
    collection_page,
    document_page,
    lookup_redirects,
    person_page,
    replay_page,
    search_page,
    trends_page,
)
from web.pages.template_filters import register_filters
from web.services import ACCESS, ARCHIVE, SETTINGS, SITE
from web.settings import Settings
from web.site import collections
from web.site.access_settings import AccessSettings, read_access
from web.site.site_settings import SiteSettings, read_site

LONGEST_REQUEST = 16_384
"""Bytes of a request body that are read; the pages themselves take none."""

BLUEPRINT_MODULES = (
    search_page,
    article_page,
    article_pictures,
    calendar_page,
    collection_page,
    person_page,
    replay_page,
    document_page,
    trends_page,
    routes,
    formats,
    feeds,
    opensearch_description,
    health,
    metrics,
    owner_assets,
    owner_pages,
    lookup_redirects,
    crawlers,
    oai_pmh,
    login_page,
    desk_pages,
)
"""The modules with a blueprint."""


def compile_templates(app: Flask) -> None:
    """Compile all templates: the first page is then as fast as the others, and as complete."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def create_app(
    archive: OpenArchive,
    settings: Settings | None = None,
    accounts: ClientAccounts | None = None,
    site: SiteSettings | None = None,
) -> Flask:
    """Return the web application over one archive.

    Args:
        archive: the archive that is shown; shared by all threads, only read.
        settings: limits, trusted proxies and hosts, the access log; None is the defaults.
        accounts: what clients asked for lately, where several processes count together.
        site: the owner's settings; None is those in the archive's home.

    Raises:
        SettingsError: the owner's settings, pages or collections cannot be used.
    """
    settings = settings or Settings()
    site = site or read_site(archive.store.home)
    access, accounts = read_access(archive.store.home), accounts or ClientAccounts()
    app = Flask("web")
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_REQUEST
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions |= {ARCHIVE: archive, SETTINGS: settings, SITE: site, ACCESS: access}
    app.extensions[owner_pages.PAGES] = owner_pages.read_owner_pages(archive.store.home, site)
    app.extensions[collections.COLLECTIONS] = collections.read_collections(archive.store.home)
    for module in BLUEPRINT_MODULES:
        app.register_blueprint(module.blueprint)
    _register_answers(app, archive, settings)
    _register_gates(app, settings, access, accounts)
    return app


def _register_answers(app: Flask, archive: OpenArchive, settings: Settings) -> None:
    """Register what pages are made with and what is done to an answer.

    The hook that is registered first sees an answer last: pages are cached as they are sent.
    """
    page_cache.register(app, settings.page_cache_bytes)
    compression.register(app)
    if settings.access_log:
        access_log.register(app, limited=bool(settings.rate))
    originals_watch.register(app, archive.store)
    withheld_pictures.register(app, archive.store)
    metrics.register(app, archive)
    proxies.register(app, settings)
    languages.register(app)
    content_languages.register(app)
    register_filters(app)
    labels.register(app)
    display_names.register(app)
    permalinks.register(app)
    security_headers.register(app)
    static_files.register(app)
    page_script.register(app)
    errors.register(app)


def _register_gates(
    app: Flask, settings: Settings, access: AccessSettings, accounts: ClientAccounts
) -> None:
    """Register what a request has to pass before it is answered, in this order."""
    limiter = rate_limits.register(app, settings, accounts)
    app.before_request(proxies.answer_refused_headers)
    slow_requests.register(app)
    access_gate.register(app, make_control(app, access, settings, accounts))
    request_gate.register(app, settings, limiter.processor_seconds, accounts)
    drawing_turns.register(app, settings, limiter.processor_seconds, accounts)
    validators.register(app)
