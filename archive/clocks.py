"""Moments by the clock of a place, at the ends of the calendar as well."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo


def by_clock(moment: datetime, zone: tzinfo) -> datetime:
    """Return a moment by the clock of a zone; at the ends of the calendar its own hour there.

    Where a crawl states the last hours of the year 9999, there is no such hour east of it.
    """
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment.replace(tzinfo=zone)


def day_before(moment: datetime) -> date:
    """Return the day before a moment in UTC; at the beginning of the calendar its first day."""
    day = by_clock(moment, UTC).date()
    return day if day == date.min else day - timedelta(days=1)
