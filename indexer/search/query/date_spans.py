"""One date as people write it, in figures or in words of either language, to the days it covers.

In figures: `2022`, `2022-12`, `2022-12-19`, `20221219`, `12/2022`, `19/12/2022`, `19/12` (the
latest one), `2022*`, `202*`. In words, with diacritics or without: days (`hôm nay`, `yesterday`,
`3 ngày trước`), weeks, months, quarters and years (`tuần này`, `last month`, `năm ngoái`), a day
or month by its name (`19 tháng 12 năm 2022`, `tháng tư`, `April 2021`), quarters and halves of a
year (`quý 4/2022`, `Q1 2022`, `nửa đầu năm 2025`, `6 tháng cuối năm`), and what lies a while back
(`7 ngày qua`, `within 3 months`). Weeks begin on Monday; a month without a year is the latest
that has begun.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from indexer.vietnamese.dates import DAY, MONTH, SEPARATOR, YEAR

Days = tuple[date, date]
"""The first day, and the day after the last."""

_Reader = Callable[[re.Match[str], date], Days | None]

_NUMBERS: Final = {
    **{"mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8},
    **{"chin": 9, "muoi": 10, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4},
    **{"five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12},
    **{"i": 1, "ii": 2, "iii": 3, "iv": 4, "first": 1, "second": 2, "third": 3, "fourth": 4},
}
_MONTHS: Final = {
    **{"gieng": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8},
    **{"chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12, "sept": 9},
    **{"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7},
    **{"august": 8, "september": 9, "october": 10, "november": 11, "december": 12},
    **{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9},
    **{"oct": 10, "nov": 11, "dec": 12},
}
_UNITS: Final = {
    **{"ngay": "day", "hom": "day", "tuan": "week", "thang": "month", "quy": "quarter"},
    "nam": "year",
}

_NUMBER = r"(?P<number>\d{1,3}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|an?|one|two|three|four|" + (
    r"five|six|seven|eight|nine|ten|twelve)"
)
_UNIT = r"(?P<unit>ngay|hom|tuan|thang|quy|nam|day|week|month|quarter|year)s?"
_VIETNAMESE_MONTH = (
    r"(?P<month>\d{1,2}|gieng|muoi mot|muoi hai|muoi|mot|hai|ba|tu|nam|sau|bay|tam|chin|chap)"
)
_ENGLISH_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WHICH_YEAR = (
    r"(?:,? ?(?:nam|of|/|-)? ?(?:the )?(?P<year>\d{4}|nay|ngoai|truoc|this year|last year))"
)
_ORDINAL = r"(?:st|nd|rd|th)?"
_QUARTER_NUMBER = r"(?P<quarter>[1-4]|i{1,3}|iv)"

_DAYS_AGO: Final = {
    **{"hom nay": 0, "bua nay": 0, "nay": 0, "bay gio": 0, "today": 0, "now": 0},
    **{"hom qua": 1, "yesterday": 1, "hom kia": 2, "day before yesterday": 2},
}
_CURRENT = "nay|this|current"
_PREVIOUS = "truoc|qua|roi|ngoai|vua qua|vua roi|last|previous"


def read_days(words: str, today: date) -> Days | None:
    """Return the days that one date covers.

    Args:
        words: folded, with one blank between words.
        today: the day from which words such as `hôm nay` count.
    """
    words = re.sub(r"(?<=\d)[-/.]?\*$", "", words) if re.match(r"\d{4}", words) else words
    for pattern, read in _READERS:
        match = pattern.fullmatch(words)
        if match:
            try:
                days = read(match, today)
            except (ValueError, OverflowError):  # there is no such day
                days = None
            if days:
                return days
    return None


def _figures(match: re.Match[str], today: date) -> Days | None:
    """Return a year, its month, or the one day, as far as a match names them."""
    parts = match.groupdict()
    month = parts.get("month")
    number = (int(month) if month.isdigit() else _MONTHS[month]) if month else 0
    day = int(parts["day"]) if parts.get("day") else 0
    if parts.get("year"):
        return _calendar(_which_year(parts["year"], today), number, day)
    this_year = _calendar(today.year, number, day)
    return this_year if this_year[0] <= today else _calendar(today.year - 1, number, day)


def _days_ago(match: re.Match[str], today: date) -> Days:
    day = today - timedelta(days=_DAYS_AGO[match["word"]])
    return day, day + timedelta(days=1)


def _decade(match: re.Match[str], _: date) -> Days:
    first = int(match["decade"]) * 10
    return date(first, 1, 1), date(first + 10, 1, 1)


def _quarter(match: re.Match[str], today: date) -> Days:
    number = _number(match["quarter"])
    low = date(_which_year(match["year"], today), 3 * number - 2, 1)
    if match["year"] is None and low > today:
        low = low.replace(year=low.year - 1)
    return low, _add_months(low, 3)


def _months_of_year(match: re.Match[str], today: date) -> Days | None:
    """Return the first or last months of a year: `6 tháng đầu năm`, `nửa cuối năm 2025`."""
    parts = match.groupdict()
    months = _number(parts.get("number") or "6")
    if not 1 <= months <= 12:
        return None
    year = _which_year(match["year"], today)
    if match["end"] in ("dau", "first", "1", "h1"):
        return date(year, 1, 1), _add_months(date(year, 1, 1), months)
    return date(year, 13 - months, 1), date(year + 1, 1, 1)


def _lately(match: re.Match[str], today: date) -> Days:
    """Return the time since some units ago, today included."""
    number = _number(match.groupdict().get("number") or "1")
    return _before(today, number, _unit(match)), today + timedelta(days=1)


def _units_ago(match: re.Match[str], today: date) -> Days:
    unit = _unit(match)
    return _around(_before(today, _number(match["number"]), unit), unit)


def _this_unit(match: re.Match[str], today: date) -> Days:
    return _around(today, _unit(match))


def _last_unit(match: re.Match[str], today: date) -> Days:
    unit = _unit(match)
    return _around(_before(today, 1, unit), unit)


def _unit(match: re.Match[str]) -> str:
    return _UNITS.get(match["unit"], match["unit"])


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[text]


def _which_year(text: str | None, today: date) -> int:
    if text and text.isdigit():
        return int(text)
    return today.year - (text in ("ngoai", "truoc", "last year"))


def _before(day: date, number: int, unit: str) -> date:
    """Return the day some units before another; of a shorter month its last day."""
    if unit in ("day", "week"):
        return day - timedelta(days=number * (7 if unit == "week" else 1))
    months = number * {"month": 1, "quarter": 3, "year": 12}[unit]
    first = _add_months(day.replace(day=1), -months)
    last = _add_months(first, 1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def _around(day: date, unit: str) -> Days:
    """Return the day, week, month, quarter or year that a day is in."""
    if unit == "day":
        return day, day + timedelta(days=1)
    if unit == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    if unit == "year":
        return _calendar(day.year, 0, 0)
    months = 3 if unit == "quarter" else 1
    low = day.replace(day=1, month=day.month - (day.month - 1) % months)
    return low, _add_months(low, months)


def _calendar(year: int, month: int, day: int) -> Days:
    if not month:
        return date(year, 1, 1), date(year + 1, 1, 1)
    low = date(year, month, day or 1)
    return low, low + timedelta(days=1) if day else _add_months(low, 1)


def _add_months(first: date, months: int) -> date:
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


_PATTERNS: Final[tuple[tuple[str, _Reader], ...]] = (
    (rf"(?P<word>{'|'.join(_DAYS_AGO)})", _days_ago),
    (rf"(?:nam )?{YEAR}(?:{SEPARATOR}{MONTH}(?:{SEPARATOR}{DAY}(?:[t ][\d:.]+z?)?)?)?", _figures),
    (r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)", _figures),
    (rf"(?:ngay )?{DAY} ?{SEPARATOR} ?{MONTH}(?: ?{SEPARATOR} ?{YEAR})?", _figures),
    (rf"(?:thang )?{MONTH} ?{SEPARATOR} ?{YEAR}", _figures),
    (
        rf"(?:(?:ngay |mung |mong )*{DAY},? )?thang {_VIETNAMESE_MONTH}"
        rf"(?:(?:,? nam |,? | ?{SEPARATOR} ?)(?P<year>\d{{4}}|nay|ngoai|truoc))?",
        _figures,
    ),
    (rf"(?:on |in |the )*(?:{DAY}{_ORDINAL} )?(?:of )?{_ENGLISH_MONTH}(?:,? {YEAR})?", _figures),
    (rf"(?:on )?{_ENGLISH_MONTH} {DAY}{_ORDINAL}(?:,? {YEAR})?", _figures),
    (r"(?P<decade>\d{3})\*", _decade),
    (rf"(?:quy |q){_QUARTER_NUMBER}{_WHICH_YEAR}?", _quarter),
    (rf"(?:the )?(?P<quarter>first|second|third|fourth) quarter{_WHICH_YEAR}?", _quarter),
    (rf"(?:trong )?nua (?P<end>dau|cuoi) nam{_WHICH_YEAR}?", _months_of_year),
    (rf"(?:the )?(?P<end>first|second|last) half{_WHICH_YEAR}", _months_of_year),
    (rf"(?P<end>h[12]){_WHICH_YEAR}", _months_of_year),
    (rf"(?:trong )?{_NUMBER} thang (?P<end>dau|cuoi)(?: nam)?{_WHICH_YEAR}?", _months_of_year),
    (rf"(?:the )?(?P<end>first|last) {_NUMBER} months{_WHICH_YEAR}", _months_of_year),
    (
        rf"(?:trong vong |trong |within |in )?(?:the )?(?:last |past |previous ){_NUMBER} {_UNIT}",
        _lately,
    ),
    (rf"(?:trong vong|trong|within) (?:the )?{_NUMBER} {_UNIT}", _lately),
    (
        rf"(?:trong vong |trong )?{_NUMBER} {_UNIT} "
        r"(?:vua qua|qua|gan day|gan nhat|tro lai day|vua roi|tro lai)",
        _lately,
    ),
    (rf"(?:in |within )?(?:the )?past {_UNIT}", _lately),
    (rf"(?:cach day )?{_NUMBER} {_UNIT} (?:truoc|ago)", _units_ago),
    (rf"cach day {_NUMBER} {_UNIT}", _units_ago),
    (rf"(?:{_CURRENT}) {_UNIT}", _this_unit),
    (rf"{_UNIT} (?:{_CURRENT})", _this_unit),
    (rf"(?:{_PREVIOUS}) {_UNIT}", _last_unit),
    (rf"{_UNIT} (?:{_PREVIOUS})", _last_unit),
)
_READERS: Final = tuple((re.compile(pattern), read) for pattern, read in _PATTERNS)
"""The ways in which dates are written; the first that fits a text is taken."""
