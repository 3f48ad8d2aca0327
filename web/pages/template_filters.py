"""How templates show dates, numbers and marked text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import Flask
from markupsafe import Markup, escape

from indexer.search.search_records import TextSpan
from web.http.languages import language
from web.pages import date_formats


def register_filters(app: Flask) -> None:
    """Let the application's templates use the filters."""
    for function in (marked, long_date, short_date, grouped):
        app.add_template_filter(function)


def marked(pieces: Iterable[TextSpan]) -> Markup:
    """Slices of text, escaped, the matched ones in <mark>."""
    shown = [
        f"<mark>{escape(piece.text)}</mark>" if piece.marked else str(escape(piece.text))
        for piece in pieces
    ]
    return Markup("".join(shown))


def long_date(moment: datetime) -> str:
    """`Thứ Hai, 19/12/2022, 17:02`, in the page's language."""
    return date_formats.long_date(moment, language())


def short_date(moment: datetime) -> str:
    """`19/12/2022`, in the page's language."""
    return date_formats.short_date(moment, language())


def grouped(number: int) -> str:
    """`35.431`, as Vietnamese groups its thousands; `35,431` in English."""
    shown = f"{number:,}"
    return shown if language() == "en" else shown.replace(",", ".")
