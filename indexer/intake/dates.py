"""The dates of Vietnamese pages: dateline, `17:02 | 19/12/2022`, ISO 8601."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "+07")
"""Asia/Ho_Chi_Minh; fixed since 1975, so no time zone data are needed on the machine."""

_DAY = re.compile(r"(?<!\d)(\d{1,2})[/\-.](\d{1,2})[/\-.](\d{4})(?!\d)")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s*[:hg]\s*(\d{2})(?::(\d{2}))?(?!\d)\s*([AaPp][Mm])?")
_WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy")
_WEEKDAY = re.compile(r"(?:thứ\s+(hai|ba|tư|năm|sáu|bảy|[2-7])|(chủ nhật))", re.IGNORECASE)


def moment(text: str) -> datetime | None:
    """The moment a text names, ISO 8601 or day first; without a zone it is Vietnam's."""
    text = text.strip()[:200]
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return _day_first(text)
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


def _day_first(text: str) -> datetime | None:
    day = _DAY.search(text)
    if day is None:
        return None
    # The clock stands before or after the day, never inside it.
    clock = _CLOCK.search(text[: day.start()] + " " + text[day.end() :])
    hour, minute, second = 0, 0, 0
    if clock:
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        if clock[4]:
            hour = hour % 12 + (12 if clock[4].lower() == "pm" else 0)
    try:
        return datetime(int(day[3]), int(day[2]), int(day[1]), hour, minute, second, tzinfo=VIETNAM)
    except ValueError:
        return None
