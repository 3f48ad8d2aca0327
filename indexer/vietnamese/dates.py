"""Dates as Vietnamese writes them: the time zone, patterns of day, month and year, weekdays.

What pages and records state is read in `indexer.intake.stated_dates`, and the spans of time that
people write in a query in `indexer.search.query.date_ranges`, both on these patterns.
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

_WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy")
_WEEKDAY = re.compile(r"(?:thứ\s+(hai|ba|tư|năm|sáu|bảy|[2-7])|(chủ nhật))", re.IGNORECASE)


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


def in_vietnam(moment: datetime) -> datetime:
    """Return a moment by Vietnam's clock; at the end of the calendar its own hour there."""
    try:
        return moment.astimezone(VIETNAM)
    except OverflowError:
        return moment.replace(tzinfo=VIETNAM)


def readable_date(moment: datetime | None, precision: str, clock: bool = False) -> str:
    """Return a date as `19/12/2022`, by Vietnam's clock, as precisely as it is stated.

    Args:
        moment: Its earliest moment; None is the empty text.
        precision: `year`, `month` or `day`; empty where it has a time of the day.
        clock: Whether that time is to be shown.
    """
    if moment is None:
        return ""
    if precision:
        return moment.strftime({"year": "%Y", "month": "%m/%Y"}.get(precision, "%d/%m/%Y"))
    return in_vietnam(moment).strftime("%d/%m/%Y %H:%M" if clock else "%d/%m/%Y")
