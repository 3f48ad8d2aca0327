"""Formats of dates and months on the pages, in Vietnamese and in English."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date, format_datetime

_LONG = {"vi": "EEEE, dd/MM/yyyy, HH:mm", "en": "EEEE, d MMMM yyyy, HH:mm"}
_SHORT = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}
_MONTH = {"vi": "MM/yyyy", "en": "MMM yyyy"}
_CACHED_DAYS, _CACHED_MONTHS = 8192, 4096
"""Sizes of the caches: a page shows dozens of dates, and Babel takes its time."""

_FULL_MONTH = {"vi": "'tháng' MM/yyyy", "en": "MMMM yyyy"}


def long_date(moment: datetime, language: str) -> str:
    """Format as `Thứ Hai, 19/12/2022, 17:02` or `Monday, 19 December 2022, 17:02`."""
    return format_datetime(moment, _LONG[language], locale=language)


def short_date(moment: datetime | date, language: str) -> str:
    """Format as `19/12/2022` or `19 Dec 2022`."""
    day = moment.date() if isinstance(moment, datetime) else moment
    return _short_date(day, language)


@lru_cache(_CACHED_DAYS)
def _short_date(day: date, language: str) -> str:
    return format_date(day, _SHORT[language], locale=language)


@lru_cache(_CACHED_MONTHS)
def month_name(month: str, language: str, *, full: bool = False) -> str:
    """Format `2022-12` as `12/2022`, `Dec 2022`; in full as `tháng 12/2022`, `December 2022`.

    A text that is no month is returned as it is.
    """
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return month
    return format_date(first, (_FULL_MONTH if full else _MONTH)[language], locale=language)
