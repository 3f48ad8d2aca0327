"""A line of progress says how long the rest lasts, as soon as that can be told."""

from __future__ import annotations

import pytest

from web.cli import progress_bar
from web.cli.progress_bar import ProgressBar


@pytest.mark.parametrize(
    ("seconds", "done", "expected"),
    [
        (10, 1, "rebuilding: 1 of 100,000 articles (0 a second)"),
        (10, 500, "rebuilding: 500 of 100,000 articles (50 a second, 33 min left)"),
        (10, 80_000, "rebuilding: 80,000 of 100,000 articles (8,000 a second, 2 s left)"),
        (300, 400, "rebuilding: 400 of 100,000 articles (1 a second, 20 h 45 min left)"),
        (10, 100_000, "rebuilding: 100,000 of 100,000 articles (10,000 a second, 0 s left)"),
    ],
)
def test_the_rest_is_foreseen_from_a_thousandth_on(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    seconds: int,
    done: int,
    expected: str,
) -> None:
    moments = iter([0.0, *[float(seconds)] * 9])
    monkeypatch.setattr(progress_bar.time, "monotonic", lambda: next(moments))
    ProgressBar("rebuilding", "articles")(done, 100_000)
    assert capsys.readouterr().err.strip() == expected


def test_a_total_that_is_unknown_is_not_foreseen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    moments = iter([0.0, *[10.0] * 9])
    monkeypatch.setattr(progress_bar.time, "monotonic", lambda: next(moments))
    ProgressBar("reading", "B")(5_000_000, 0)
    assert capsys.readouterr().err.strip() == "reading: 5.0 MB (0.5 a second)"
