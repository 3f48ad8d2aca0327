"""Dates and months as the pages show them, in Vietnamese and in English."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date, format_datetime

_LONG = {"vi": "EEEE, dd/MM/yyyy, HH:mm", "en": "EEEE, d MMMM yyyy, HH:mm"}
_SHORT = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}
_MONTH = {"vi": "MM/yyyy", "en": "MMM yyyy"}
_DAYS_KEPT, _MONTHS_KEPT = 8192, 4096
"""Dates whose form is remembered: a page shows dozens, and Babel takes its time."""

_FULL_MONTH = {"vi": "'tháng' MM/yyyy", "en": "MMMM yyyy"}


def long_date(moment: datetime, language: str) -> str:
    """`Thứ Hai, 19/12/2022, 17:02`, `Monday, 19 December 2022, 17:02`: in its own zone."""
    return format_datetime(moment, _LONG[language], locale=language)


def short_date(moment: datetime | date, language: str) -> str:
    """`19/12/2022`, `19 Dec 2022`: in its own zone."""
    day = moment.date() if isinstance(moment, datetime) else moment
    return _short_date(day, language)


@lru_cache(_DAYS_KEPT)
def _short_date(day: date, language: str) -> str:
    return format_date(day, _SHORT[language], locale=language)


@lru_cache(_MONTHS_KEPT)
def month_name(month: str, language: str, *, full: bool = False) -> str:
    """`12/2022`, `Dec 2022` for `2022-12`; in full `tháng 12/2022`, `December 2022`.

    What is no month is given back as it is.
    """
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return month
    return format_date(first, (_FULL_MONTH if full else _MONTH)[language], locale=language)
