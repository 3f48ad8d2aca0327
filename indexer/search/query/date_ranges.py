"""Spans of time as people write them in a query, to the seconds they cover.

In figures: `2022`, `2022-12`, `2022-12-19`, `12/2022`, `19/12/2022`. In words, with diacritics
or without: `hôm nay`, `hôm qua`, `hôm kia`; `tuần`, `tháng`, `năm` with `này` or `trước` (`qua`);
`năm ngoái`, `năm nay`; `tháng 12/2022`, `tháng 12 năm 2022`, `tháng 12` (the latest one that has
begun), `năm 2022`, `quý 4/2022`, `ngày 19/12/2022`, `ngày 19 tháng 12 năm 2022`. Weeks begin on
Monday. Two of them make a range: `a..b`, `a..`, `..b`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from indexer.vietnamese.dates import DAY, MONTH, SEPARATOR, VIETNAM, YEAR
from indexer.vietnamese.normalization import fold

Days = tuple[date, date]
"""The first day, and the day after the last."""

# All patterns are matched against folded text.
_YEAR_FIRST = re.compile(rf"{YEAR}(?:-{MONTH}(?:-{DAY})?)?")
_DAY_FIRST = re.compile(rf"(?:(?:{DAY}{SEPARATOR})?{MONTH}{SEPARATOR})?{YEAR}")
_SPELLED = re.compile(rf"(?:ngay {DAY} )?thang {MONTH} nam {YEAR}")
_QUARTER = re.compile(rf"quy ([1-4]|i{{1,3}}|iv)(?: nam |/| ){YEAR}")
_MONTH = re.compile(rf"thang {MONTH}")
_UNIT = re.compile(r"(?:ngay|thang|nam) (?=\d)")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_DAYS_AGO = {"hom nay": 0, "bua nay": 0, "today": 0, "hom qua": 1, "yesterday": 1, "hom kia": 2}
_CURRENT = ("nay",)
_PREVIOUS = ("truoc", "qua", "roi", "ngoai")


def parse_date_range(text: str, today: date | None = None) -> tuple[int | None, int | None] | None:
    """Return the seconds [low, high) that a date or a range of dates covers.

    Args:
        text: A date or a range in one of the ways that the module lists.
        today: The day from which words such as `hôm nay` count; None is today in Vietnam.

    Returns:
        None if the text is no date; an open end of a range is None.
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
    """Return the days that one date covers."""
    words = " ".join(fold(text).split())
    try:
        return _in_words(words, today) or _in_figures(_UNIT.sub("", words, count=1))
    except (ValueError, OverflowError):
        return None


def _in_figures(text: str) -> Days | None:
    match = _YEAR_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text)
    return _calendar(match) if match else None


def _in_words(words: str, today: date) -> Days | None:
    if words in _DAYS_AGO:
        day = today - timedelta(days=_DAYS_AGO[words])
        return day, day + timedelta(days=1)
    if spelled := _SPELLED.fullmatch(words):
        return _calendar(spelled)
    if quarter := _QUARTER.fullmatch(words):
        number = _ROMAN.get(quarter[1]) or int(quarter[1])
        low = date(int(quarter["year"]), 3 * number - 2, 1)
        return low, _next_month(low.replace(month=3 * number))
    if month := _MONTH.fullmatch(words):
        number = int(month["month"])
        return _month(today.year if number <= today.month else today.year - 1, number)
    unit, _, which = words.partition(" ")
    return _relative(unit, which, today)


def _relative(unit: str, which: str, today: date) -> Days | None:
    """Return the days of this week, month or year, or of the previous one."""
    if which not in _CURRENT + _PREVIOUS:
        return None
    previous = which in _PREVIOUS
    if unit == "tuan":
        monday = today - timedelta(days=today.weekday() + 7 * previous)
        return monday, monday + timedelta(days=7)
    if unit == "thang":
        first = today.replace(day=1)
        low = (first - timedelta(days=1)).replace(day=1) if previous else first
        return low, _next_month(low)
    return _year(today.year - previous) if unit == "nam" else None


def _calendar(match: re.Match[str]) -> Days:
    """Return the days of a year, of its month, or the one day, as far as a match names them.

    Raises:
        ValueError: there is no such day.
        OverflowError: the days after it cannot be counted.
    """
    year = int(match["year"])
    if not match["month"]:
        return _year(year)
    if not match["day"]:
        return _month(year, int(match["month"]))
    day = date(year, int(match["month"]), int(match["day"]))
    return day, day + timedelta(days=1)


def _month(year: int, month: int) -> Days:
    low = date(year, month, 1)
    return low, _next_month(low)


def _year(year: int) -> Days:
    return date(year, 1, 1), date(year + 1, 1, 1)


def _next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=VIETNAM).timestamp())
