"""The article page: sections as anchors, and the words of the query marked."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from indexer.analysis import heading_line
from web.services import services

pages = Blueprint("articles", __name__)


@pages.get("/article/<identifier>")
def article(identifier: str) -> str:
    """One article; `?q=` marks the words of a query."""
    here = services()
    kept = here.store.get(identifier)
    text = request.args.get("q", "")
    highlighter = here.searcher.highlighter(text)
    return render_template(
        "article.html",
        article=kept,
        headings=[heading_line(section) for section in kept.sections],
        mark=highlighter.slices,
        q=text[:2000],
    )
