"""Notices about how a query was interpreted, in the language of the page, with links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext
from markupsafe import Markup, escape
from msgspec import structs

from indexer.search.present.sentences import find_sentence
from indexer.search.query_notices import (
    AcronymNotice,
    KeystrokesNotice,
    QueryNotice,
    RepairNotice,
    SpellingNotice,
    SuggestionNotice,
)
from web.languages.content_languages import words_language
from web.languages.languages import language

_METHODS = {"telex": "Telex", "vni": "VNI", "viqr": "VIQR"}

_LINKED: dict[type[QueryNotice], tuple[str, ...]] = {
    KeystrokesNotice: ("read",),
    SuggestionNotice: ("text",),
    RepairNotice: ("text",),
}
"""The attributes of a notice that are queries, each a link to its results."""

_WORDS: dict[type[QueryNotice], tuple[str, ...]] = {
    AcronymNotice: ("long", "short"),
    SpellingNotice: ("text",),
}
"""The attributes of a notice that are words of the query: a link would leave out the others."""

REASONS = {
    "exact": lazy_gettext("with the diacritics as typed"),
    "folded": lazy_gettext("with diacritics left out"),
    "acronym": lazy_gettext("a short form, a long one or another spelling"),
    "keystrokes": lazy_gettext("what the keystrokes mean"),
    "reading": lazy_gettext("the likeliest diacritics"),
    "section": lazy_gettext("what one person says"),
}
"""The reasons why an article matched."""


def notice_markup(notice: QueryNotice, search_url: Callable[[str], str] | None = None) -> Markup:
    """Return the sentence of a notice.

    Args:
        notice: what was noticed.
        search_url: gives the address of a query's results; without it there are no links.
    """
    sentence = find_sentence(notice)
    values: dict[str, Any] = structs.asdict(notice)
    if isinstance(notice, KeystrokesNotice):
        values["method"] = _METHODS.get(notice.method, notice.method)
    linked = _LINKED.get(type(notice), ())
    for name in (*linked, *_WORDS.get(type(notice), ())):
        text = values[name]
        values[name] = Markup('<span lang="{}">{}</span>').format(words_language(text), text)
        if search_url and name in linked:
            link = Markup('<a href="{}" lang="{}">{}</a>')
            values[name] = link.format(search_url(text), words_language(text), text)
    return escape(sentence.en if language() == "en" else sentence.vi).format_map(values)
