"""The pages that an owner writes: about, contact, rights and privacy, Markdown in the home.

`pages/about.md` is in the default language of the site, `pages/about.en.md` in another one. They
are read once, when the application starts. HTML in them is shown as text, and links lead nowhere
but to http, https, mail and this site: whoever gave you a home can put no script into it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, abort, current_app, has_app_context, render_template
from flask_babel import lazy_gettext
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markupsafe import Markup

from archive.files.plain_files import open_plain_file
from archive.settings.settings_file import SETTINGS_FILE, SettingsError
from web.languages.languages import language
from web.site.page_languages import LANGUAGES
from web.site.site_settings import SiteSettings

blueprint = Blueprint("owner", __name__)

FOLDER = "pages"

LARGEST_PAGE = 256 << 10
"""Bytes of an owner's page."""

MOST_BRACKETS = 5_000
"""Brackets of an owner's page: each may begin a link, which has to be tried."""

MOST_LINES = 10_000
"""Lines of an owner's page: each may be a row, an item or a heading."""

_MOST_TOKENS = 30_000
"""Beginnings and ends of what stands on an owner's page: cells of a table are three each."""

LABELS = {
    "about": lazy_gettext("About"),
    "contact": lazy_gettext("Contact"),
    "rights": lazy_gettext("Rights"),
    "privacy": lazy_gettext("Privacy"),
}
"""The names of the pages, with the labels of the links to them."""

PAGES = "tangthu.owner_pages"


@dataclass(frozen=True, slots=True)
class OwnerPage:
    """One page of the owner's in one language.

    Attributes:
        title: Its first heading; empty where it has none.
    """

    name: str
    language: str
    title: str
    body: Markup


@dataclass(frozen=True, slots=True)
class OwnerLink:
    """A link to a page of the owner's."""

    name: str
    label: str


class _LongPageError(Exception):
    """A page would take long to render."""


OwnerPages = Mapping[tuple[str, str], OwnerPage]
"""The pages by name and language."""


def read_owner_pages(home: Path, site: SiteSettings) -> OwnerPages:
    """Render the pages in a home.

    Raises:
        SettingsError: one cannot be read, is too large, or would take long to render.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.core.ruler.after("block", "bound", _refuse_many_tokens)
    pages = {}
    for name in LABELS:
        for code in LANGUAGES:
            path = home / FOLDER / f"{name}.{code}.md"
            if code == site.language and not os.path.lexists(path):
                path = home / FOLDER / f"{name}.md"
            if code in site.languages and os.path.lexists(path):
                try:
                    pages[name, code] = _render(markdown, name, code, _read_text(path))
                except _LongPageError as error:
                    reason = f"more than {_MOST_TOKENS} headings, items, cells and the like"
                    raise SettingsError(path, "", reason) from error
    return pages


def owner_changed_at(home: Path) -> float:
    """Return the time, in seconds since 1970, at which settings or pages last changed."""
    paths = [home / SETTINGS_FILE, home / FOLDER, *(home / FOLDER).glob("*.md")]
    return max((path.stat().st_mtime for path in paths if path.exists()), default=0.0)


def owner_links() -> list[OwnerLink]:
    """Return the links to the pages that there are."""
    pages: OwnerPages = current_app.extensions.get(PAGES, {}) if has_app_context() else {}
    names = {name for name, _ in pages}
    return [OwnerLink(name, str(label)) for name, label in LABELS.items() if name in names]


@blueprint.get("/<any(about, contact, rights, privacy):name>")
def owner_page(name: str) -> str:
    """Show a page of the owner's, in the reader's language if there is one."""
    pages: OwnerPages = current_app.extensions[PAGES]
    candidates = [pages.get((name, code)) for code in (language(), *LANGUAGES)]
    page = next(filter(None, candidates), None)
    if page is None:
        abort(404)
    return render_template("owner_page.html", owner_page=page, label=LABELS[name])


def _render(markdown: MarkdownIt, name: str, code: str, text: str) -> OwnerPage:
    tokens = markdown.parse(text)
    headings = (
        following.content
        for token, following in zip(tokens, tokens[1:], strict=False)
        if token.type == "heading_open" and token.tag == "h1"
    )
    body = Markup(markdown.renderer.render(tokens, markdown.options, {}))  # noqa: S704
    return OwnerPage(name, code, next(headings, ""), body)


def _refuse_many_tokens(state: StateCore) -> None:
    """Refuse a page before its texts are read and rendered, which takes longest.

    A table is filled up to the columns of its head, so a short text can be a large page.
    """
    if len(state.tokens) > _MOST_TOKENS:
        raise _LongPageError


def _read_text(path: Path) -> str:
    try:
        with open_plain_file(path) as file:
            data = file.read(LARGEST_PAGE + 1)
        if len(data) > LARGEST_PAGE:
            raise SettingsError(path, "", f"larger than {LARGEST_PAGE} bytes")
        text = data.decode("utf-8-sig")
        if text.count("[") > MOST_BRACKETS:
            raise SettingsError(path, "", f"more than {MOST_BRACKETS} brackets")
        if text.count("\n") > MOST_LINES:
            raise SettingsError(path, "", f"more than {MOST_LINES} lines")
        return text
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(path, "", f"cannot be read as UTF-8: {error}") from error
