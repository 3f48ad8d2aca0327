"""Measure what the rule that all of two or three words have to match allows at best.

    python -m tests.bench.requirement_bound --shared ../shared

The rankings of the shortened sets, as the form asks, against an oracle that puts a relevant
article first if the ranking, or its first ten, has any; and with the articles that hold any of
the words below.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import Counter
from pathlib import Path

from indexer.open_archive import OpenArchive
from indexer.search.search_records import MatchMode, SearchRequest
from indexer.vietnamese.normalization import canonical
from tests.bench.quality_sets import SHORTENED, QuerySet, Topic, load_public_set
from tests.bench.quality_systems import open_filled_archive
from tests.bench.typing_forms import FORMS

DEPTH = 100
FEW = 10
MOST = 1000


def reciprocal_rank(names: list[str], relevant: dict[str, int]) -> float:
    """Return 1 / the rank of the first relevant article within `DEPTH`; 0 if there is none."""
    ranks = (rank for rank, name in enumerate(names[:DEPTH], 1) if relevant.get(name, 0) > 0)
    return next((1 / rank for rank in ranks), 0.0)


def score(archive: OpenArchive, topic: Topic, text: str, relevant: dict[str, int]) -> Counter[str]:
    """Return the reciprocal rank of one query by each way to rank, times 1000."""

    def rank(match: MatchMode) -> list[str]:
        hits = archive.search.rank(SearchRequest(text, size=MOST, match=match))
        return [hit.external_id for hit in hits if hit.external_id != topic.leave_out]

    every, some = rank(MatchMode.AUTO), rank(MatchMode.ANY)
    below = [*every, *(name for name in some if name not in set(every))]
    first = [name for name in every if relevant.get(name, 0) > 0]
    in_ten = bool(set(first) & set(every[:FEW]))
    ways = {
        "as asked": reciprocal_rank(every, relevant),
        "any word": reciprocal_rank(some, relevant),
        "any word below": reciprocal_rank(below, relevant),
        "any word below fewer than ten": reciprocal_rank(
            below if len(every) < FEW else every, relevant
        ),
        "oracle of the first ten": float(in_ten),
        "oracle of all": float(bool(first)),
    }
    return Counter({way: round(1000 * value) for way, value in ways.items()})


def measure(archive: OpenArchive, chosen: QuerySet, form: str) -> str:
    """Return the mean of each way to rank, as a row of Markdown."""
    total: Counter[str] = Counter()
    for topic in chosen.topics:
        text = canonical(FORMS[form](topic.text))
        total.update(score(archive, topic, text, chosen.relevant[topic.qid]))
    size = 1000 * len(chosen.topics)
    means = " | ".join(f"{way} {count / size:.3f}" for way, count in sorted(total.items()))
    return f"| {chosen.name} | {form} | {means} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    scratch = Path(tempfile.gettempdir()) / "tangthu-quality"
    parser.add_argument("--scratch", type=Path, default=scratch)
    shared = Path(os.environ.get("TANGTHU_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    options = parser.parse_args()
    for name in SHORTENED:
        chosen = load_public_set(name, options.shared.resolve())
        folder = options.scratch / SHORTENED[name] / "home"
        with open_filled_archive(folder, chosen.corpora) as archive:
            for form in ("as written", "without diacritics"):
                print(measure(archive, chosen, form), flush=True)


if __name__ == "__main__":
    main()
