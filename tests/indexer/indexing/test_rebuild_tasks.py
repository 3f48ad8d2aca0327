"""Tasks of a rebuild wait while the machine is busy, but not for ever."""

from __future__ import annotations

import os
import time

import pytest

from indexer.indexing.rebuild_tasks import _LONGEST_WAIT, _wait_for_load


@pytest.mark.parametrize(
    ("most", "loads", "waits"),
    [
        (0.0, [9.0], 0),
        (2.0, [2.0], 0),
        (2.0, [1.0], 0),
        (2.0, [2.1, 3.0, 2.0], 2),
        (2.0, [3.0], _LONGEST_WAIT),
    ],
)
def test_a_task_waits_until_the_load_of_the_last_minute_is_low(
    monkeypatch: pytest.MonkeyPatch, most: float, loads: list[float], waits: int
) -> None:
    waited: list[float] = []
    last_minute = iter(loads)
    # Of five and of fifteen minutes: they tell what was.
    later = (loads[-1],)
    monkeypatch.setattr(os, "getloadavg", lambda: (next(last_minute, *later), 0.5, 99.0))
    monkeypatch.setattr(time, "sleep", waited.append)
    _wait_for_load(most)
    assert waited == [1] * waits
