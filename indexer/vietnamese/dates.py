"""Dates as Vietnamese writes them: the time zone, patterns of day, month and year, and moments.

`moment` reads what pages write: a dateline, `17:02 | 19/12/2022`, ISO 8601, a date in words.
The spans of time that people write in a query are built on the same patterns in
`indexer.search.query.date_ranges`.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "+07")
"""Asia/Ho_Chi_Minh; fixed since 1975, so no time zone data are needed on the machine."""

DAY = r"(?P<day>\d{1,2})"
MONTH = r"(?P<month>\d{1,2})"
YEAR = r"(?P<year>\d{4})"
"""Patterns of one figure of a date each; `SEPARATOR` stands between two of them."""

SEPARATOR = r"[/\-.]"

_MONTH_NAMES = {
    **{"giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7},
    **{"tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12},
}
_MONTH_NAME = "|".join(sorted(_MONTH_NAMES, key=len, reverse=True))
_EARLIEST_YEAR, _LATEST_YEAR = 1000, 9000
"""Years that are read: none so near the ends of the calendar that a zone leads over them."""

_DATES = (
    re.compile(rf"(?<!\d){DAY}{SEPARATOR}{MONTH}{SEPARATOR}{YEAR}(?!\d)"),
    re.compile(rf"(?<!\d){YEAR}{SEPARATOR}{MONTH}{SEPARATOR}{DAY}(?!\d)"),
    re.compile(
        rf"(?<!\d){DAY}\s+tháng\s+(?P<month>\d{{1,2}}|{_MONTH_NAME})\s*(?:,|năm|/)?\s*{YEAR}(?!\d)",
        re.IGNORECASE,
    ),
)
"""Day first, year first, in words; the first pattern that a text holds anywhere is its date."""

_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:[:hg]|giờ)\s*(\d{2})(?::(\d{2}))?(?!\d)\s*([AaPp][Mm])?"
)
_OFFSET = re.compile(r"(?:(?:GMT|UTC)\s*|(?<=\d)\s*)([+-])(\d{1,2})(?::?(\d{2}))?(?!\d)")
_WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy")
_WEEKDAY = re.compile(r"(?:thứ\s+(hai|ba|tư|năm|sáu|bảy|[2-7])|(chủ nhật))", re.IGNORECASE)


def moment(text: str) -> datetime | None:
    """Return the moment a text names, ISO 8601 or day first; without a zone it is Vietnam's."""
    text = text.strip()[:200]
    try:
        named: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        named = _moment_in(text)
    if named is None or not _EARLIEST_YEAR <= named.year <= _LATEST_YEAR:
        return None
    return named if named.tzinfo else named.replace(tzinfo=VIETNAM)


def weekday_agrees(text: str, day: datetime) -> bool:
    """Tell whether the weekday that a dateline names, if it names one, is that of the date."""
    weekday = _WEEKDAY.search(text)
    if weekday is None:
        return True
    if weekday[2]:
        return day.weekday() == 6
    name = weekday[1].lower()
    number = int(name) - 2 if name.isdecimal() else _WEEKDAYS.index(name)
    return day.weekday() == number


def _moment_in(text: str) -> datetime | None:
    """Read the first date in a text, with the clock and the zone that stand around it."""
    match = next((match for pattern in _DATES if (match := pattern.search(text))), None)
    if match is None:
        return None
    name = match["month"].lower()
    year, month, day = int(match["year"]), _MONTH_NAMES.get(name) or int(name), int(match["day"])
    if month > 12 >= day and match.re is _DATES[0]:
        # Some systems write the month first; only where it cannot be otherwise.
        day, month = month, day
    # The clock stands before or after the date, never inside it.
    around = text[: match.start()] + " " + text[match.end() :]
    try:
        return datetime(year, month, day, *_clock(around), tzinfo=_zone(around))
    except ValueError:
        return None


def _clock(text: str) -> tuple[int, int, int]:
    """Return hour, minute and second; midnight where a text names none."""
    clock = _CLOCK.search(text)
    if clock is None:
        return 0, 0, 0
    hour = int(clock[1])
    if clock[4]:
        hour = hour % 12 + (12 if clock[4].lower() == "pm" else 0)
    return hour, int(clock[2]), int(clock[3] or 0)


def _zone(text: str) -> timezone:
    """Return the zone whose offset from UTC a text names, else Vietnam's."""
    offset = _OFFSET.search(text)
    if offset is None:
        return VIETNAM
    length = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    if length > timedelta(hours=14):
        return VIETNAM
    return timezone(-length if offset[1] == "-" else length)
