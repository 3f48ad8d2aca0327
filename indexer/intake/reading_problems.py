"""The problems of the documents that are kept: what their articles do not hold of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from archive.store import Store


@dataclass(frozen=True, slots=True)
class ReadingProblem:
    """One problem of one kept document.

    Attributes:
        identifier: That of its article.
        source: The place that it was read from.
        kind: `text`, `dates`, `keys` or `bytes`.
        reason: The problem in words.
    """

    identifier: str
    source: str
    kind: str
    reason: str


def find_reading_problems(store: Store) -> Iterator[ReadingProblem]:
    """Yield the problems of the newest version of every article, by identifier."""
    for article in store.articles_with_account():
        problems = article.account.problems if article.account else {}
        for kind, reason in problems.items():
            yield ReadingProblem(article.identifier, article.origin.source, kind, reason)


def count_reading_problems(store: Store) -> dict[str, int]:
    """Return the number of documents with a problem of each kind, by the kind's name."""
    counts = Counter(problem.kind for problem in find_reading_problems(store))
    return dict(sorted(counts.items()))
