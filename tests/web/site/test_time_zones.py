"""The archive's own clock: by the zone that its owner set, Vietnam's without one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from web.site.site_settings import SiteSettings
from web.site.time_zones import offset_name

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
"""In summer, by the clocks of the north."""


@pytest.mark.parametrize(
    ("zone", "hour", "offset"),
    [
        ("Asia/Ho_Chi_Minh", 19, "GMT+7"),
        ("Europe/Paris", 14, "GMT+2"),
        ("America/Los_Angeles", 5, "GMT−7"),
        ("Asia/Kolkata", 17, "GMT+5:30"),
        ("America/St_Johns", 9, "GMT−2:30"),
        ("UTC", 12, "GMT"),
    ],
)
def test_a_moment_is_told_by_the_zones_clock(zone: str, hour: int, offset: str) -> None:
    moment = SiteSettings(zone=zone).local_time(NOON)
    assert (moment, moment.hour, offset_name(moment)) == (NOON, hour, offset)


def test_a_day_without_a_zone_is_by_the_archives_clock() -> None:
    winter = SiteSettings(zone="Europe/Paris").local_time(datetime(2026, 1, 1))
    assert winter.astimezone(UTC) == datetime(2025, 12, 31, 23, tzinfo=UTC)
    assert offset_name(winter) == "GMT+1"


def test_offsets_of_minutes_below_an_hour_are_named() -> None:
    moment = NOON.astimezone(timezone(timedelta(minutes=-20)))
    assert offset_name(moment) == "GMT−0:20"
