"""Filters of the templates, in the language of the page: dates, numbers and highlighted text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date, format_datetime
from flask import Flask
from markupsafe import Markup, escape

from indexer.search.search_records import TextSpan
from web.http.languages import language

_LONG = {"vi": "EEEE, dd/MM/yyyy, HH:mm", "en": "EEEE, d MMMM yyyy, HH:mm"}
_SHORT = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}
_MONTH = {"vi": "MM/yyyy", "en": "MMM yyyy"}
_FULL_MONTH = {"vi": "'tháng' MM/yyyy", "en": "MMMM yyyy"}

_format_date = lru_cache(8192)(format_date)
"""Cached: a page shows dozens of dates, and Babel takes its time."""


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


def long_date(moment: datetime) -> str:
    """Format as `Thứ Hai, 19/12/2022, 17:02` or `Monday, 19 December 2022, 17:02`."""
    return format_datetime(moment, _LONG[language()], locale=language())


def short_date(moment: datetime) -> str:
    """Format as `19/12/2022` or `19 Dec 2022`."""
    return _format_date(moment.date(), _SHORT[language()], locale=language())


def month_name(month: str, *, full: bool = False) -> str:
    """Format `2022-12` as `12/2022`, `Dec 2022`; in full as `tháng 12/2022`, `December 2022`.

    A text that is no month is returned as it is.
    """
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return month
    return _format_date(first, (_FULL_MONTH if full else _MONTH)[language()], locale=language())
