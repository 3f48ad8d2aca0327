"""Processor time: searches of one request share it, and each gets a little."""

from __future__ import annotations

import time

import pytest

from indexer.engine.processor_time import (
    LEAST_SHARE,
    is_past,
    search_deadline,
    share_processor_time,
)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "thread_time", lambda: 100.0)


@pytest.mark.parametrize(
    ("shared", "budget", "expected"),
    [
        (None, None, None),
        (None, 1.0, 101.0),
        (None, -1.0, 99.0),
        (5.0, None, None),
        (5.0, 1.0, 101.0),
        (0.5, 1.0, 100.5),
        (-3.0, 1.0, 100.0 + LEAST_SHARE),
        (5.0, 0.0, 100.0),
    ],
)
def test_a_search_ends_with_its_budget_or_its_request(
    shared: float | None, budget: float | None, expected: float | None
) -> None:
    if shared is None:
        assert search_deadline(budget) == expected
    else:
        with share_processor_time(shared):
            assert search_deadline(budget) == expected
        assert search_deadline(1.0) == 101.0


@pytest.mark.parametrize(("deadline", "past"), [(None, False), (99.0, True), (101.0, False)])
def test_the_time_of_the_thread_decides(deadline: float | None, past: bool) -> None:
    assert is_past(deadline) is past
