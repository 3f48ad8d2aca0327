"""Dates as people write them in a query, to the seconds they span."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_DAY_FIRST = re.compile(r"(?:(?:(\d{1,2})[/\-.])?(\d{1,2})[/\-.])?(\d{4})")


def span(text: str) -> tuple[int | None, int | None] | None:
    """The seconds [low, high) of `2022`, `2022-12`, `19/12/2022`, `a..b`, `a..` or `..b`.

    Returns:
        None when it is no date.
    """
    first, dots, last = text.strip().partition("..")
    if not dots:
        days = _days(first)
        return days and (_seconds(days[0]), _seconds(days[1]))
    low, high = _days(first) if first else None, _days(last) if last else None
    if (first and not low) or (last and not high) or not (low or high):
        return None
    bounds = (_seconds(low[0]) if low else None, _seconds(high[1]) if high else None)
    return None if low and high and low[0] >= high[1] else bounds


def _days(text: str) -> tuple[date, date] | None:
    """The first day and the day after the last."""
    iso, other = _ISO.fullmatch(text.strip()), _DAY_FIRST.fullmatch(text.strip())
    if iso:
        year, month, day = iso[1], iso[2], iso[3]
    elif other:
        year, month, day = other[3], other[2], other[1]
    else:
        return None
    try:
        low = date(int(year), int(month or 1), int(day or 1))
        if day:
            return low, low + timedelta(days=1)
        if month:
            return low, (low.replace(day=28) + timedelta(days=4)).replace(day=1)
        return low, low.replace(year=low.year + 1)
    except (ValueError, OverflowError):
        return None


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=VIETNAM).timestamp())
