"""Problems of documents: all are counted, few are kept."""

from __future__ import annotations

from indexer.intake.ingest_problems import MOST_KEPT, IngestProblem, ProblemList


def test_all_problems_are_counted_and_the_first_ones_kept() -> None:
    problems = ProblemList()
    for number in range(MOST_KEPT + 3):
        problems.append(IngestProblem(f"a.jsonl:{number}", "is no JSON"))
    assert (problems.total, len(problems)) == (MOST_KEPT + 3, MOST_KEPT)
    assert problems[0].source == "a.jsonl:0"
    assert not ProblemList()
    assert ProblemList().total == 0
