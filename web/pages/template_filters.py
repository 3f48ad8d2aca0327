"""Filters of the templates: dates, numbers and highlighted text."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask
from markupsafe import Markup, escape

from indexer.search.search_records import TextSpan
from web.http.languages import language
from web.pages.date_formats import long_date, short_date


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


def grouped(number: int) -> str:
    """Format as `35.431`, as Vietnamese groups thousands; `35,431` in English."""
    text = f"{number:,}"
    return text if language() == "en" else text.replace(",", ".")
