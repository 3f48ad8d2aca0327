"""Dates as people write them in a query, to the seconds they span.

In figures: `2022`, `2022-12`, `2022-12-19`, `12/2022`, `19/12/2022`. In words, with marks or
without: `hôm nay`, `hôm qua`, `hôm kia`; `tuần`, `tháng`, `năm` with `này` or `trước` (`qua`);
`năm ngoái`, `năm nay`; `tháng 12/2022`, `tháng 12 năm 2022`, `tháng 12` (the latest one that has
begun), `năm 2022`, `quý 4/2022`, `ngày 19/12/2022`, `ngày 19 tháng 12 năm 2022`. Weeks begin on
Monday. Two of them make a range: `a..b`, `a..`, `..b`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

from indexer.vietnamese.normalization import fold

VIETNAM = timezone(timedelta(hours=7))

Days = tuple[date, date]
"""The first day, and the day after the last."""

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_DAY_FIRST = re.compile(r"(?:(?:(\d{1,2})[/\-.])?(\d{1,2})[/\-.])?(\d{4})")
_SPELLED = re.compile(r"(?:ngay (\d{1,2}) )?thang (\d{1,2}) nam (\d{4})")
_QUARTER = re.compile(r"quy ([1-4]|i{1,3}|iv)(?: nam |/| )(\d{4})")
_MONTH = re.compile(r"thang (\d{1,2})")
_UNIT = re.compile(r"(?:ngay|thang|nam) (?=\d)")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_DAYS_AGO = {"hom nay": 0, "bua nay": 0, "today": 0, "hom qua": 1, "yesterday": 1, "hom kia": 2}
_THIS = ("nay",)
_BEFORE = ("truoc", "qua", "roi", "ngoai")


def span(text: str, today: date | None = None) -> tuple[int | None, int | None] | None:
    """The seconds [low, high) of a date or a range of dates.

    Args:
        text: see the module.
        today: what words such as `hôm nay` are counted from; None is the day it is in Vietnam.

    Returns:
        None when it is no date.
    """
    today = today or datetime.now(VIETNAM).date()
    first, dots, last = (part.strip() for part in text.partition(".."))
    if not dots:
        days = _days(first, today)
        return days and (_seconds(days[0]), _seconds(days[1]))
    low, high = _days(first, today) if first else None, _days(last, today) if last else None
    if (first and not low) or (last and not high) or not (low or high):
        return None
    bounds = (_seconds(low[0]) if low else None, _seconds(high[1]) if high else None)
    return None if low and high and low[0] >= high[1] else bounds


def _days(text: str, today: date) -> Days | None:
    """The days of one date."""
    words = " ".join(fold(text).split())
    try:
        return _in_words(words, today) or _in_figures(_UNIT.sub("", words, count=1))
    except (ValueError, OverflowError):
        return None


def _in_figures(text: str) -> Days | None:
    iso, other = _ISO.fullmatch(text), _DAY_FIRST.fullmatch(text)
    if iso:
        return _calendar(iso[1], iso[2], iso[3])
    return _calendar(other[3], other[2], other[1]) if other else None


def _in_words(words: str, today: date) -> Days | None:
    if words in _DAYS_AGO:
        day = today - timedelta(days=_DAYS_AGO[words])
        return day, day + timedelta(days=1)
    spelled, quarter = _SPELLED.fullmatch(words), _QUARTER.fullmatch(words)
    if spelled:
        return _calendar(spelled[3], spelled[2], spelled[1])
    if quarter:
        number = _ROMAN.get(quarter[1]) or int(quarter[1])
        low = date(int(quarter[2]), 3 * number - 2, 1)
        return low, _next_month(low.replace(month=3 * number))
    month = _MONTH.fullmatch(words)
    if month:
        number = int(month[1])
        year = today.year if number <= today.month else today.year - 1
        return _calendar(str(year), month[1], None)
    unit, _, which = words.partition(" ")
    return _relative(unit, which, today)


def _relative(unit: str, which: str, today: date) -> Days | None:
    """This week, month or year, or the one before."""
    if which not in _THIS + _BEFORE:
        return None
    before = which in _BEFORE
    if unit == "tuan":
        monday = today - timedelta(days=today.weekday() + 7 * before)
        return monday, monday + timedelta(days=7)
    if unit == "thang":
        first = today.replace(day=1)
        low = (first - timedelta(days=1)).replace(day=1) if before else first
        return low, _next_month(low)
    if unit == "nam":
        return _calendar(str(today.year - before), None, None)
    return None


def _calendar(year: str, month: str | None, day: str | None) -> Days:
    """A year, a month or a day.

    Raises:
        ValueError: there is no such day.
        OverflowError: the days after it cannot be counted.
    """
    low = date(int(year), int(month or 1), int(day or 1))
    if day:
        return low, low + timedelta(days=1)
    return low, _next_month(low) if month else low.replace(year=low.year + 1)


def _next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=VIETNAM).timestamp())
