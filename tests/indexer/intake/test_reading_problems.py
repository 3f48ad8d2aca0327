"""The problems of kept documents, found in their records."""

from __future__ import annotations

from pathlib import Path

from archive.store import Store
from indexer.intake.ingest import ingest
from indexer.intake.reading_problems import count_reading_problems, find_reading_problems
from tests.indexer.intake.test_ingest import RECORD, UNDATED


def test_problems_of_kept_documents_are_found_again(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(UNDATED, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(RECORD.format(1, "một"), encoding="utf-8")
    with Store(tmp_path / "home") as store:
        ingest(store, [str(tmp_path / "a.html"), str(tmp_path / "b.jsonl")])
        (problem,) = find_reading_problems(store)
        assert count_reading_problems(store) == {"dates": 1}
        assert store.get(problem.identifier).account is not None
    assert (problem.source, problem.kind) == (str(tmp_path / "a.html"), "dates")
    assert "'hôm kia'" in problem.reason
