"""The benchmark runs, on a handful of made-up articles."""

from __future__ import annotations

import pytest

from tests.bench.bench import main


def test_the_benchmark_runs(capsys: pytest.CaptureFixture[str]) -> None:
    main("--made-up --articles 40 --queries 3 --rounds 1 --stock 20 --growth 60".split())
    report = capsys.readouterr().out
    for kind in ("any", "all"):
        assert f"The same number of matches as FTS5, {kind}: 3 of 3." in report
    assert report.count("| yes |") == 4
    assert "NO" not in report
    assert "| 60 | Tantivy |" in report
