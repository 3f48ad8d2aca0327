"""Dates and ranges of dates in a query, to the seconds they cover.

A range has two dates of the kinds that `date_spans` reads: `a..b`, `[a TO b]` (with a brace the
date is left out: `{a TO b}`), `từ a đến b`, `from a to b`, `between a and b`, `a - b`. An end may
be open: `a..`, `..b`, `[a TO *]`, `>=a`, `>a`, `<=b`, `<b`, `từ a`, `sau a`, `trước b`, `đến b`,
`since a`, `after a`, `before b`, `until b`; `*` is every date.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from indexer.search.query.date_spans import Days, read_days
from indexer.vietnamese.dates import VIETNAM
from indexer.vietnamese.normalization import fold

LONGEST_DATE = 80
"""Characters of a date or a range that is read."""

_Ends = tuple[date | None, date | None]
"""The first day, and the day after the last; None is an open end."""

# All patterns are matched against folded text.
_BRACKETS = re.compile(r"(?P<open>[\[{]) ?(?P<low>.*?) ?\bto\b ?(?P<high>.*?) ?(?P<close>[\]}])?")
_DOTS = re.compile(r" ?(?:\.{2,3}|…) ?")
_COMPARISON = re.compile(r"(>=|<=|=>|=<|≥|≤|>|<|=) ?(.+)")
_FROM = re.compile(r"(?:tu|ke tu|from|between|giua|trong khoang tu) ")
_TO = re.compile(r" (?:cho den|den|toi|to|until|till|-|–|—) ")
_TO_OR_AND = re.compile(rf"{_TO.pattern}| (?:va|and) ")
_YEARS = re.compile(r"(\d{4})[-–—](\d{4})")
_OPEN_WORDS = re.compile(
    r"(?:(?P<from>ke tu|tu|since|from)|(?P<after>sau|after)|(?P<before>truoc|before)"
    r"|(?P<until>cho den|den|toi|until|till|up to)) (?P<day>.+?)"
    r"(?: (?:tro di|tro lai day|tro ve sau|tro lai|onwards?|tro ve truoc))?"
)

_SIGNS = {"from": ">=", "after": ">", "before": "<", "until": "<="}


def parse_date_range(text: str, today: date | None = None) -> tuple[int | None, int | None] | None:
    """Return the seconds [low, high) that a date or a range of dates covers.

    Args:
        text: A date or a range in one of the ways that the modules list.
        today: The day from which words such as `hôm nay` count; None is today in Vietnam.

    Returns:
        None if the text is no date; an open end of a range is None.
    """
    if len(text) > LONGEST_DATE:
        return None
    words = " ".join(fold(text).split())
    ends = _read_ends(words, today or datetime.now(VIETNAM).date())
    if ends is None:
        return None
    try:
        low, high = (_seconds(day) if day else None for day in ends)
    except (ValueError, OverflowError):
        return None
    return None if low is not None and high is not None and low >= high else (low, high)


def _read_ends(words: str, today: date) -> _Ends | None:
    if words == "*":
        return None, None
    if brackets := _BRACKETS.fullmatch(words):
        return _read_brackets(brackets, today)
    if comparison := _COMPARISON.fullmatch(words):
        days = read_days(comparison[2], today)
        return _compare(comparison[1], days) if days else None
    if len(parts := _DOTS.split(words)) > 1:
        if len(parts) > 2 or not any(parts):
            return None
        return _read_pair(parts[0] or "*", parts[1] or "*", today)
    if years := _YEARS.fullmatch(words):
        return _read_pair(years[1], years[2], today)
    return read_days(words, today) or _read_words(words, today)


def _read_brackets(match: re.Match[str], today: date) -> _Ends | None:
    low, high = match["low"] or "*", match["high"] or "*"
    first, last = (read_days(text, today) for text in (low, high))
    if (low != "*" and not first) or (high != "*" and not last):
        return None
    # A brace leaves out the days of its own date.
    return (
        first and first[match["open"] == "{"],
        last and last[match["close"] != "}"],
    )


def _read_pair(low: str, high: str, today: date) -> _Ends | None:
    first, last = (read_days(text, today) for text in (low, high))
    if (low != "*" and not first) or (high != "*" and not last):
        return None
    if first and last and first[0] >= last[1]:
        return None
    return first and first[0], last and last[1]


def _compare(sign: str, days: Days) -> _Ends:
    if sign in (">=", "=>", "≥"):
        return days[0], None
    if sign in ("<=", "=<", "≤"):
        return None, days[1]
    if sign == "=":
        return days
    return (days[1], None) if sign == ">" else (None, days[0])


def _read_words(words: str, today: date) -> _Ends | None:
    """Read a range in words; a year named once is that of both dates (`từ 1/3 đến 5/3/2025`)."""
    stripped = _FROM.sub("", words, count=1) if _FROM.match(words) else words
    for separator in (_TO if stripped == words else _TO_OR_AND).finditer(stripped):
        low, high = stripped[: separator.start()], stripped[separator.end() :]
        year = re.search(r"\d{4}$", high)
        pair = None
        if year and not re.search(r"\d{4}", low):
            for joint in ("/", " nam ", " ", " thang "):
                pair = pair or _read_pair(f"{low}{joint}{year[0]}", high, today)
        pair = pair or _read_pair(low, high, today)
        if pair and "*" not in (low, high):
            return pair
    if opened := _OPEN_WORDS.fullmatch(words):
        days = read_days(opened["day"], today)
        sign = next(sign for name, sign in _SIGNS.items() if opened[name])
        return _compare(sign, days) if days else None
    return None


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=VIETNAM).timestamp())
