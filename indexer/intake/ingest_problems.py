"""The problems of documents that could not be ingested whole: all are counted, some are kept."""

from __future__ import annotations

from dataclasses import dataclass

MOST_KEPT = 10_000
"""Problems of one kind that stay in memory: 70 KB of gzip can hold twenty million bad lines."""


@dataclass(frozen=True, slots=True)
class IngestProblem:
    """A document that could not be ingested: its place (`file` or `file:line`) and the reason."""

    source: str
    reason: str


class ProblemList(list[IngestProblem]):
    """A list of the first problems, which counts all of them.

    Attributes:
        total: The number of all problems, the kept ones included.
    """

    total = 0

    def append(self, problem: IngestProblem) -> None:
        """Count a problem, and keep it if it is one of the first."""
        self.total += 1
        if len(self) < MOST_KEPT:
            super().append(problem)
