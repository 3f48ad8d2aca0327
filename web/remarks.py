"""The remarks on how a query was understood, in the language of the page."""

from __future__ import annotations

from flask_babel import lazy_gettext

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


def remark(note: Note) -> str:
    """What a note says."""
    return str(_SENTENCES[note.kind]) % dict(note.params)
