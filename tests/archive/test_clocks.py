"""Moments by the clock of a place, at the ends of the calendar as well."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from archive.clocks import by_clock, day_before

EAST, WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-11))
LAST, FIRST = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "hour"),
    [
        (datetime(2022, 12, 19, 20, tzinfo=UTC), EAST, datetime(2022, 12, 20, 10, tzinfo=EAST)),
        (LAST, WEST, datetime.max.replace(tzinfo=WEST) - timedelta(hours=11)),
        (LAST, EAST, datetime.max.replace(tzinfo=EAST)),
        (FIRST, EAST, datetime(1, 1, 1, 14, tzinfo=EAST)),
        (FIRST, WEST, datetime.min.replace(tzinfo=WEST)),
    ],
)
def test_every_moment_has_an_hour_by_every_clock(
    moment: datetime, zone: timezone, hour: datetime
) -> None:
    by_zone = by_clock(moment, zone)
    assert (by_zone.replace(tzinfo=None), by_zone.tzinfo) == (hour.replace(tzinfo=None), zone)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2022, 12, 19, 1, tzinfo=EAST), date(2022, 12, 17)),
        (FIRST, date.min),
        (datetime.min.replace(tzinfo=EAST), date.min),
        (datetime(1, 1, 2, tzinfo=UTC), date.min),
        (LAST, date(9999, 12, 30)),
    ],
)
def test_the_day_before_is_in_the_calendar(moment: datetime, day: date) -> None:
    assert day_before(moment) == day
