"""The record of the last verification is kept in the home, or not at all."""

from __future__ import annotations

from pathlib import Path

from archive.upkeep.verification_record import MOST_PROBLEMS, read_verification, record_verification


def test_a_verification_is_recorded_with_its_first_problems(tmp_path: Path) -> None:
    assert read_verification(tmp_path) is None
    problems = [{"subject": str(number), "reason": "damaged"} for number in range(50)]
    record_verification(tmp_path, 7, False, problems)
    record = read_verification(tmp_path)
    assert record is not None
    assert (record.originals, record.complete, record.problem_count) == (7, False, 50)
    assert record.problems[0] == "0: damaged"
    assert len(record.problems) == MOST_PROBLEMS


def test_a_record_that_cannot_be_kept_or_read_is_none(tmp_path: Path) -> None:
    record_verification(tmp_path / "missing", 7, True, [])
    (tmp_path / "verified.json").write_text('{"made": 7}')
    assert read_verification(tmp_path) is None
