"""Names and sentences on the operator's pages, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Flask, g
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from web.languages.languages import language
from web.languages.message_catalogue import MessageCatalogue

KINDS: Mapping[str, LazyString] = {
    "added": lazy_gettext("added"),
    "changed": lazy_gettext("changed"),
    "deleted": lazy_gettext("deleted"),
    "removed": lazy_gettext("removed"),
    "hidden": lazy_gettext("hidden"),
    "shown": lazy_gettext("shown again"),
    "edited": lazy_gettext("corrected"),
}

FIELDS: Mapping[str, LazyString] = {
    "title": lazy_gettext("Title"),
    "lead": lazy_gettext("Lead"),
    "authors": lazy_gettext("Authors (separated by ;)"),
    "publisher": lazy_gettext("Publisher"),
    "category": lazy_gettext("Category"),
    "published": lazy_gettext("Published (2022-12-19, or with a time)"),
    "url": lazy_gettext("Address"),
    "language": lazy_gettext("Language"),
}
"""The fields that can be corrected."""

PARTS: Mapping[str, LazyString] = {
    "originals": lazy_gettext("originals"),
    "index": lazy_gettext("index"),
    "catalogue": lazy_gettext("catalogue"),
}
"""The parts of a home."""


def register(app: Flask) -> None:
    """Let the templates read moments that are kept as text, and say what commands say."""
    app.add_template_filter(stated_moment)
    app.add_template_filter(translate_remark)


def stated_moment(text: str) -> datetime:
    """Return the moment of an ISO 8601 text."""
    return datetime.fromisoformat(text)


def translate_remark(text: str) -> str:
    """Return a remark, a reason or an error, as commands say them, in the language of the page."""
    if "remarks" not in g:
        g.remarks = MessageCatalogue(language())
    translated: str = g.remarks.translate(text)
    return translated


def labels() -> dict[str, Mapping[str, LazyString]]:
    """Return the names by which the operator's templates know them."""
    return {"kind_names": KINDS, "field_names": FIELDS, "part_names": PARTS}
