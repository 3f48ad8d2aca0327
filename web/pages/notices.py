"""Notices about how a query was interpreted, in the language of the page, with links."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import lazy_gettext
from markupsafe import Markup, escape

from indexer.search.search_records import NoticeKind, QueryNotice

_SENTENCES = {
    NoticeKind.CUT: lazy_gettext(
        "The query is too long: only its first %(limit)s characters were read."
    ),
    NoticeKind.TOO_MANY_WORDS: lazy_gettext(
        "The query has too many words: only the first %(limit)s were read."
    ),
    NoticeKind.QUOTE: lazy_gettext(
        "A quotation mark is never closed; its words were searched for one by one."
    ),
    NoticeKind.BRACKET: lazy_gettext("A bracket without its partner was passed over."),
    NoticeKind.TOO_DEEP: lazy_gettext("Brackets nested deeper than %(limit)s were passed over."),
    NoticeKind.WILDCARD: lazy_gettext(
        "A * only works at the end of a word of at least two letters."
    ),
    NoticeKind.DATE: lazy_gettext("“%(value)s” was not understood as a date."),
    NoticeKind.KEYSTROKES: lazy_gettext("Read as %(method)s keystrokes: “%(read)s”."),
    NoticeKind.ACRONYM: lazy_gettext("Also searched for “%(long)s” (%(short)s)."),
    NoticeKind.READING: lazy_gettext("%(text)s (%(documents)s articles)"),
    NoticeKind.RELAXED: lazy_gettext("No article has all the words; fewer were required."),
    NoticeKind.SUGGESTION: lazy_gettext("Did you mean “%(text)s”?"),
    NoticeKind.TIME: lazy_gettext("Time ran out: this is what was found so far."),
}

_METHODS = {"telex": "Telex", "vni": "VNI", "viqr": "VIQR"}

_LINKED = {
    NoticeKind.KEYSTROKES: ("read",),
    NoticeKind.ACRONYM: ("long", "short"),
    NoticeKind.SUGGESTION: ("text",),
}
"""The parameters of a notice that are queries, each a link to its results."""


REASONS = {
    "exact": lazy_gettext("with the marks as typed"),
    "folded": lazy_gettext("with marks left out"),
    "acronym": lazy_gettext("a short or long form"),
    "keystrokes": lazy_gettext("what the keystrokes mean"),
    "reading": lazy_gettext("the likeliest marks"),
    "section": lazy_gettext("what one person says"),
}
"""The reasons why an article matched."""


def notice_markup(note: QueryNotice, search_url: Callable[[str], str]) -> Markup:
    """Return the sentence of a notice; `search_url` gives the address of a query's results."""
    values: dict[str, str | Markup] = dict(note.params)
    if "method" in values:
        values["method"] = _METHODS.get(note.param("method"), note.param("method"))
    for name in _LINKED.get(note.kind, ()):
        text = note.param(name)
        values[name] = Markup('<a href="{}" lang="vi">{}</a>').format(search_url(text), text)
    return escape(str(_SENTENCES[note.kind])) % values
