"""Formats of dates and months, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date, format_datetime

from web.http.languages import language

_LONG = {"vi": "EEEE, dd/MM/yyyy, HH:mm", "en": "EEEE, d MMMM yyyy, HH:mm"}
_SHORT = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}
_MONTH = {"vi": "MM/yyyy", "en": "MMM yyyy"}
_FULL_MONTH = {"vi": "'tháng' MM/yyyy", "en": "MMMM yyyy"}

_format_date = lru_cache(8192)(format_date)
"""Cached: a page shows dozens of dates, and Babel takes its time."""


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
