"""Validators of pages: a date is never before the content it speaks of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from web.http.validators import _round_up


@pytest.mark.parametrize("microsecond", [0, 1, 500_000, 999_999])
def test_a_date_of_http_is_never_before_its_moment(microsecond: int) -> None:
    moment = datetime(2024, 2, 29, 23, 59, 59, microsecond, tzinfo=UTC)
    rounded = _round_up(moment)
    assert rounded.microsecond == 0
    assert timedelta(0) < rounded - moment <= timedelta(seconds=1)
