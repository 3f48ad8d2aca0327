"""Processor time: the work of one request shares it, and every piece of it gets a little."""

from __future__ import annotations

import time

import pytest

from indexer.engine.processor_time import (
    HURRIED_SHARE,
    LEAST_SHARE,
    SEARCH_SHARE,
    ProcessorDeadline,
    is_past,
    request_deadline,
    search_deadline,
    share_processor_time,
)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(time, "thread_time", lambda: now[0])
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def seconds_left(deadline: ProcessorDeadline | None, clock: list[float]) -> float | None:
    """Return after how many milliseconds a deadline is past, as seconds; None for never."""
    began = clock[0]
    for millisecond in range(10_000):
        clock[0] = began + millisecond / 1000
        if is_past(deadline):
            clock[0] = began
            return (millisecond - 1) / 1000
    clock[0] = began
    return None


@pytest.mark.parametrize(
    ("shared", "budget", "expected"),
    [
        (None, None, None),
        (None, 1.0, 1.0),
        (None, -1.0, -0.001),
        (4.0, None, 4 * SEARCH_SHARE),
        (4.0, 1.0, 1.0),
        (0.4, 1.0, 0.4 * SEARCH_SHARE),
        (4.0, 0.0, 0.0),
    ],
)
def test_a_search_ends_with_its_budget_or_its_request(
    clock: list[float], shared: float | None, budget: float | None, expected: float | None
) -> None:
    with share_processor_time(shared):
        left = seconds_left(search_deadline(budget), clock)
    assert left == (expected if expected is None else pytest.approx(expected))
    assert seconds_left(search_deadline(1.0), clock) == pytest.approx(1.0)


def test_what_comes_after_the_searches_has_the_rest_and_a_little_in_any_case(
    clock: list[float],
) -> None:
    with share_processor_time(2.0):
        assert seconds_left(request_deadline(), clock) == pytest.approx(2.0)
        clock[0] += 1.9
        assert seconds_left(search_deadline(1.0), clock) == pytest.approx(LEAST_SHARE)
        assert seconds_left(request_deadline(), clock) == pytest.approx(2 * LEAST_SHARE)
    assert request_deadline() is None


def test_a_request_ends_sooner_while_others_wait(clock: list[float]) -> None:
    others_wait = [True]
    with share_processor_time(2.0, lambda: others_wait[0]):
        deadline = search_deadline(None)
        expected = 2 * SEARCH_SHARE * HURRIED_SHARE
        assert seconds_left(deadline, clock) == pytest.approx(expected)
        others_wait[0] = False
        assert seconds_left(deadline, clock) == pytest.approx(2 * SEARCH_SHARE)


def test_time_within_shared_time_is_that_of_the_outer_block(clock: list[float]) -> None:
    with share_processor_time(1.0), share_processor_time(5.0):
        assert seconds_left(request_deadline(), clock) == pytest.approx(1.0)


def test_time_that_others_use_is_not_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: 1e6 + passed[0])
    used = [100.0]
    monkeypatch.setattr(time, "thread_time", lambda: used[0])
    with share_processor_time(1.0):
        deadline = request_deadline()
        for seconds in (0.9, 5.0, 3600.0):
            passed[0] = seconds
            assert not is_past(deadline)
        used[0] += 1.1
        assert is_past(deadline)
