"""The names that readers see: of the archive itself, and of its categories and publishers."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext

from archive.document_account import ReadingState
from indexer.engine.queries import Column
from indexer.vietnamese.section_names import is_section, section_name
from web.citations.citations import host_of
from web.languages.content_languages import words_language
from web.languages.languages import language
from web.owner.owner_pages import owner_links
from web.services import current_site, is_index_missing, public_address, public_url
from web.site.site_settings import SiteSettings, first_words, text_in


def register(app: Flask) -> None:
    """Let the application's templates use the names."""
    for function in (
        current_site,
        site_name,
        tagline,
        owner_links,
        public_address,
        public_url,
        is_index_missing,
    ):
        app.add_template_global(function)
    app.add_template_filter(first_words)
    app.add_template_filter(source_name)
    app.add_template_filter(category_name)
    app.add_template_filter(category_language)
    app.add_template_filter(state_name)


def site_name() -> str:
    """Return the archive's name in the language of the page."""
    return text_in(current_site().name, language())


def tagline() -> str:
    """Return the line below the archive's name in the language of the page, or nothing."""
    return text_in(current_site().tagline, language())


STATES: dict[str, object] = {
    ReadingState.PARTIAL: lazy_gettext("read in part"),
    ReadingState.NEEDS_OCR: lazy_gettext("a scan that waits for OCR"),
    ReadingState.ENCRYPTED: lazy_gettext("needs a password"),
    ReadingState.DAMAGED: lazy_gettext("damaged"),
    ReadingState.UNSUPPORTED: lazy_gettext("of a format that is not read"),
}
"""The names of the states of documents that were not read as a whole."""


def publisher_name(value: str) -> str:
    """Return the owner's name for a publisher; without one, the publisher as it is."""
    return _named(current_site().publishers.get(value), value)


def source_name(item: object) -> str:
    """Return the name that readers see for where an article or hit comes from, or nothing.

    That of its publisher; where it names none, the owner's name for the host of its address, else
    the host.
    """
    publisher = str(getattr(item, "publisher", ""))
    return publisher_name(publisher or host_of(str(getattr(item, "url", ""))))


def host_name(site: SiteSettings, host: str) -> str:
    """Return the owner's name for a host in the archive's first language, else the host."""
    return text_in(site.publishers.get(host, {}), site.language) or host


def category_name(value: str) -> str:
    """Return the owner's name for a category; without one, that of a usual section, or the value.

    In the language of the page, where there is one in it.
    """
    named = _named(current_site().categories.get(value), "")
    return named or section_name(value, language())


def category_language(value: str) -> str:
    """Return the language in which a category's name is."""
    return value_language(Column.CATEGORY, value)


def state_name(value: str) -> str:
    """Return the name of a state of a document in the language of the page."""
    return str(STATES.get(value, value))


def value_name(column: Column | str, value: str) -> str:
    """Return the name for a value of a column."""
    if column == Column.PUBLISHER:
        return publisher_name(value)
    if column == Column.STATE:
        return state_name(value)
    return category_name(value) if column == Column.CATEGORY else value


def value_language(column: Column | str, value: str) -> str:
    """Return the language in which the name for a value of a column is."""
    is_named = column == Column.STATE or value_name(column, value) != value
    is_known = column == Column.CATEGORY and is_section(value)
    return language() if is_named or is_known else words_language(value)


def archive_name(site: SiteSettings) -> str:
    """Return the archive's name in its own first language, for what has no language itself."""
    return text_in(site.name, site.language)


def _named(texts: object, value: str) -> str:
    return text_in(texts, language()) or value if isinstance(texts, dict) else value
