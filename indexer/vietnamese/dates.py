"""The dates of Vietnamese pages: dateline, `17:02 | 19/12/2022`, ISO 8601, in words."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "+07")
"""Asia/Ho_Chi_Minh; fixed since 1975, so no time zone data are needed on the machine."""

_EARLIEST, _LATEST = 1000, 9000
"""Years that are read: none so near the ends of the calendar that a zone leads over them."""

_DAY = re.compile(r"(?<!\d)(\d{1,2})[/\-.](\d{1,2})[/\-.](\d{4})(?!\d)")
_DAY_IN_WORDS = re.compile(
    r"(?<!\d)(\d{1,2})\s+tháng\s+(\d{1,2}|giêng|một|hai|ba|tư|năm|sáu|bảy|tám|chín|mười một"
    r"|mười hai|mười|chạp)\s*(?:,|năm|/)?\s*(\d{4})(?!\d)",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[/\-.](\d{1,2})[/\-.](\d{1,2})(?!\d)")
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:[:hg]|giờ)\s*(\d{2})(?::(\d{2}))?(?!\d)\s*([AaPp][Mm])?"
)
_OFFSET = re.compile(r"(?:(?:GMT|UTC)\s*|(?<=\d)\s*)([+-])(\d{1,2})(?::?(\d{2}))?(?!\d)")
_WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy")
_WEEKDAY = re.compile(r"(?:thứ\s+(hai|ba|tư|năm|sáu|bảy|[2-7])|(chủ nhật))", re.IGNORECASE)
_MONTHS = {
    **{"giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7},
    **{"tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12},
}


def moment(text: str) -> datetime | None:
    """The moment a text names, ISO 8601 or day first; without a zone it is Vietnam's."""
    text = text.strip()[:200]
    try:
        found: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        found = _in_text(text)
    if found is None or not _EARLIEST <= found.year <= _LATEST:
        return None
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)


def weekday_agrees(text: str, day: datetime) -> bool:
    """Whether the weekday that a dateline names, if it names one, is that of the date."""
    found = _WEEKDAY.search(text)
    if found is None:
        return True
    if found[2]:
        return day.weekday() == 6
    name = found[1].lower()
    number = int(name) - 2 if name.isdecimal() else _WEEKDAYS.index(name)
    return day.weekday() == number


def _in_text(text: str) -> datetime | None:
    found = _day(text)
    if found is None:
        return None
    (year, month, day), start, end = found
    # The clock stands before or after the day, never inside it.
    rest = text[:start] + " " + text[end:]
    hour, minute, second = _clock(rest)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=_zone(rest))
    except ValueError:
        return None


def _day(text: str) -> tuple[tuple[int, int, int], int, int] | None:
    """Year, month and day in a text, and where they stand."""
    if found := _DAY.search(text):
        day, month, year = int(found[1]), int(found[2]), int(found[3])
        if month > 12 >= day:
            # Some systems write the month first; only where it cannot be otherwise.
            day, month = month, day
    elif found := _YEAR_FIRST.search(text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    elif found := _DAY_IN_WORDS.search(text):
        name = " ".join(found[2].lower().split())
        day, year = int(found[1]), int(found[3])
        month = int(name) if name.isdecimal() else _MONTHS[name]
    else:
        return None
    return (year, month, day), found.start(), found.end()


def _clock(text: str) -> tuple[int, int, int]:
    found = _CLOCK.search(text)
    if found is None:
        return 0, 0, 0
    hour = int(found[1])
    if found[4]:
        hour = hour % 12 + (12 if found[4].lower() == "pm" else 0)
    return hour, int(found[2]), int(found[3] or 0)


def _zone(text: str) -> timezone:
    found = _OFFSET.search(text)
    if found is None:
        return VIETNAM
    length = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if length > timedelta(hours=14):
        return VIETNAM
    return timezone(-length if found[1] == "-" else length)
