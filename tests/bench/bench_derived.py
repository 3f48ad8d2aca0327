"""Measure derived data: its share of indexing, times of completion, near-duplicates.

    python -m tests.bench.bench_derived HOME [--parts 6]

HOME is an archive that is indexed already; nothing in it is changed. Times are of the processor.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from archive.records import Article
from archive.store import Store
from indexer.analysis.documents import Document, build_document
from indexer.derived.acronym_definitions import AcronymDefinitions
from indexer.derived.dataset import DerivedDataset
from indexer.derived.near_duplicate_groups import NO_GROUP
from indexer.derived.near_duplicates import NearDuplicateIndex
from indexer.derived.phrase_table import PhraseTable
from indexer.derived.text_statistics import TextStatistics, load_text_statistics
from indexer.derived.word_ids import Vocabulary
from indexer.engine_factory import index_files
from indexer.generations.generations import Generations
from indexer.open_archive import open_archive

MEMORY = 512 << 20
PART_ARTICLES = 2000


class StepTimes:
    """Seconds of the processor for each step of indexing."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time of a block to a step."""
        started = time.process_time()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - started


def measure_indexing(home: Path, parts: int, scratch: Path) -> None:
    """Index some parts of an archive step by step, and print what derived data adds."""
    times, vocabulary = StepTimes(), Vocabulary()
    spills: list[Path] = []
    with Store(home) as store:
        part_count = max(parts, store.count_articles() // PART_ARTICLES)
        for number in range(parts):
            folder = scratch / str(number)
            folder.mkdir()
            with times.step("read"):
                articles = list(store.articles(share=(number, part_count)))
            with times.step("analyse"):
                documents = [build_document(vocabulary.analyzer, *pair) for pair in articles]
            with times.step("acronyms"):
                _add_articles(AcronymDefinitions(), articles, documents)
            with times.step("texts"):
                statistics_of_part = TextStatistics(vocabulary=vocabulary)
                _add_articles(statistics_of_part, articles, documents)
                statistics_of_part.save(folder, served=False)
            with times.step("index"):
                spills += index_files().spill(folder, iter(documents), MEMORY)
    with times.step("index"):
        index_files().assemble(scratch / "index", spills, 1, MEMORY)
    with times.step("texts"):
        _merge_parts(scratch, parts)
    derived = times.seconds.pop("texts")
    other_steps = sum(times.seconds.values())
    steps = ", ".join(f"{step} {seconds:.2f}" for step, seconds in times.seconds.items())
    print(
        f"seconds: {steps}; phrases and near-duplicates {derived:.2f}, "
        f"{derived / other_steps:.0%} more"
    )


def measure_completion(home: Path, folder: Path) -> None:
    """Complete the beginnings of the archive's commonest words, and print the times."""
    table = PhraseTable(folder)
    by_frequency = sorted(
        range(1, len(table.words)),
        key=lambda word_id: -table.word_frequency(range(word_id, word_id + 1)),
    )
    words = [table.words[word_id] for word_id in by_frequency[:2000]]
    with open_archive(home) as archive:
        for letters in (1, 2, 3, 4):
            beginnings = list(dict.fromkeys(word[:letters] for word in words if len(word) > 3))
            first, again = (
                [_milliseconds(lambda text=text: archive.search.suggest(text)) for text in some]
                for some in (beginnings[:200], beginnings[:200])
            )
            tail = sorted(first)[int(0.95 * len(first))]
            print(
                f"{letters} letters, {len(first)} beginnings: "
                f"median {statistics.median(first):.2f} ms, 95 % {tail:.2f}, "
                f"most {max(first):.2f}; asked again {statistics.median(again):.2f}"
            )


def count_near_duplicates(folder: Path) -> None:
    """Print how many articles have near-duplicates, or are contained in longer ones."""
    index = NearDuplicateIndex(folder)
    groups = Counter(index.groups(index.identifiers()))
    del groups[NO_GROUP]
    print(f"{len(groups)} groups of near-duplicates with {groups.total()} articles")
    reports = index.reports(index.identifiers())
    containers = [report.container for report in reports if report.container]
    collections = sum(report.is_collection for report in reports)
    print(
        f"{len(containers)} short reports in {len(set(containers))} longer articles, "
        f"{collections} of them collections"
    )


def _add_articles(
    dataset: DerivedDataset,
    articles: Sequence[tuple[Article, int]],
    documents: Sequence[Document],
) -> None:
    for (article, _), document in zip(articles, documents, strict=True):
        dataset.add(article, document)


def _merge_parts(scratch: Path, parts: int) -> None:
    merged = TextStatistics()
    for number in range(parts):
        merged.merge(load_text_statistics(scratch / str(number), None))
    merged.save(scratch)


def _milliseconds(work: Callable[[], object]) -> float:
    """Milliseconds of the processor, once: what is asked again is remembered."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def main() -> None:
    """Run all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--parts", type=int, default=6)
    arguments = parser.parse_args()
    folder = Generations(arguments.home / "index").current().folder
    count_near_duplicates(folder)
    measure_completion(arguments.home, folder)
    with tempfile.TemporaryDirectory() as scratch:
        measure_indexing(arguments.home, arguments.parts, Path(scratch))


if __name__ == "__main__":
    main()
