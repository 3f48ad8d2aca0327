"""Filters of the templates: dates, numbers and highlighted text."""

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
    for function in (highlighted, long_date, short_date, grouped):
        app.add_template_filter(function)


def highlighted(spans: Iterable[TextSpan]) -> Markup:
    """Return spans of text, escaped, the matched ones in <mark>."""
    markup = [
        f"<mark>{escape(span.text)}</mark>" if span.highlighted else str(escape(span.text))
        for span in spans
    ]
    return Markup("".join(markup))


def long_date(moment: datetime) -> str:
    """Format as `Thứ Hai, 19/12/2022, 17:02`, in the page's language."""
    return date_formats.long_date(moment, language())


def short_date(moment: datetime) -> str:
    """Format as `19/12/2022`, in the page's language."""
    return date_formats.short_date(moment, language())


def grouped(number: int) -> str:
    """Format as `35.431`, as Vietnamese groups thousands; `35,431` in English."""
    text = f"{number:,}"
    return text if language() == "en" else text.replace(",", ".")
