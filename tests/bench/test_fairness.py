"""Dear queries of every kind have an answer, and the measure gives a table."""

from __future__ import annotations

import pytest

from tests.bench.fairness import ClientLog, print_costs, print_row
from tests.factories import ArchiveFactory, article


def test_every_kind_of_dear_query_has_an_answer(
    shared_archive_of: ArchiveFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    known = article("Người của công an nhân dân", "UBND thành phố Hà Nội và HĐND tỉnh.")
    print_costs(shared_archive_of(known), known.identifier)
    rows = capsys.readouterr().out.splitlines()[2:]
    assert len(rows) >= 10
    assert all(row.endswith("{200: 5} |") for row in rows)


def test_a_row_has_the_percentiles(capsys: pytest.CaptureFixture[str]) -> None:
    log = ClientLog([hundredths / 100 for hundredths in range(100)])
    log.statuses["200"] = 100
    print_row("a page", log)
    expected = "| a page | 100 | 0.500 | 0.950 | 0.990 | 0.990 | {'200': 100} |"
    assert capsys.readouterr().out.strip() == expected
