"""The search form and its results."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from indexer.searching.results import NoteKind
from web.asked import question
from web.remarks import remark
from web.services import services

pages = Blueprint("search", __name__)


@pages.get("/")
def form() -> str:
    """The form, and results when something was asked."""
    here, asked = services(), question(request.args)
    if not asked.text.strip():
        return render_template("form.html", articles=here.store.count(), asked=asked)
    page = here.searcher.search(asked)
    return render_template(
        "results.html",
        asked=asked,
        page=page,
        readings=[note for note in page.notes if note.kind is NoteKind.READING],
        suggestions=[note for note in page.notes if note.kind is NoteKind.SUGGESTION],
        remarks=[
            (note, remark(note))
            for note in page.notes
            if note.kind not in (NoteKind.READING, NoteKind.SUGGESTION)
        ],
        rewritten=any(note.kind in (NoteKind.KEYSTROKES, NoteKind.ACRONYM) for note in page.notes),
    )
