"""The remarks on how a query was understood, in the language of the page, with links."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import lazy_gettext
from markupsafe import Markup, escape

from indexer.searching.results import Note, NoteKind

_SENTENCES = {
    NoteKind.CUT: lazy_gettext(
        "The query is too long: only its first %(limit)s characters were read."
    ),
    NoteKind.TOO_MANY_WORDS: lazy_gettext(
        "The query has too many words: only the first %(limit)s were read."
    ),
    NoteKind.QUOTE: lazy_gettext(
        "A quotation mark is never closed; its words were searched for one by one."
    ),
    NoteKind.BRACKET: lazy_gettext("A bracket without its partner was passed over."),
    NoteKind.TOO_DEEP: lazy_gettext("Brackets nested deeper than %(limit)s were passed over."),
    NoteKind.WILDCARD: lazy_gettext("A * only works at the end of a word of at least two letters."),
    NoteKind.DATE: lazy_gettext("“%(value)s” was not understood as a date."),
    NoteKind.KEYSTROKES: lazy_gettext("Read as %(method)s keystrokes: “%(read)s”."),
    NoteKind.ACRONYM: lazy_gettext("Also searched for “%(long)s” (%(short)s)."),
    NoteKind.READING: lazy_gettext("%(text)s (%(documents)s articles)"),
    NoteKind.RELAXED: lazy_gettext("No article has all the words; fewer were required."),
    NoteKind.SUGGESTION: lazy_gettext("Did you mean “%(text)s”?"),
    NoteKind.TIME: lazy_gettext("Time ran out: this is what was found so far."),
}

_METHODS = {"telex": "Telex", "vni": "VNI", "viqr": "VIQR"}

_LINKED = {
    NoteKind.KEYSTROKES: ("read",),
    NoteKind.ACRONYM: ("long", "short"),
    NoteKind.SUGGESTION: ("text",),
}
"""The parameters of a note that are queries, to be searched for by a link."""


REASONS = {
    "exact": lazy_gettext("with the marks as typed"),
    "folded": lazy_gettext("with marks left out"),
    "acronym": lazy_gettext("a short or long form"),
    "keystrokes": lazy_gettext("what the keystrokes mean"),
    "reading": lazy_gettext("the likeliest marks"),
    "section": lazy_gettext("what one person says"),
}
"""Why an article matched."""


def remark(note: Note, address: Callable[[str], str]) -> Markup:
    """What a note says; `address` gives where a query's results are."""
    values: dict[str, str | Markup] = dict(note.params)
    if "method" in values:
        values["method"] = _METHODS.get(note.param("method"), note.param("method"))
    for name in _LINKED.get(note.kind, ()):
        text = note.param(name)
        values[name] = Markup('<a href="{}" lang="vi">{}</a>').format(address(text), text)
    return escape(str(_SENTENCES[note.kind])) % values
