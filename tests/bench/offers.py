"""What is learned beside the index: its share of indexing, completions in time, near-copies found.

    python -m tests.bench.offers HOME [--parts 6]

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
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import Document, build_document
from indexer.derived.dataset import Definitions
from indexer.derived.near_duplicates import CopyFile
from indexer.derived.text_datasets import Texts, load_texts
from indexer.derived.word_ids import Vocabulary
from indexer.engine_factory import index_files
from indexer.generations.generations import Generations
from indexer.search.completion import Phrases

MEMORY = 512 << 20
PART_ARTICLES = 2000
ROUNDS = 9


class Shares:
    """Seconds of the processor for each step of indexing."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count what a block takes towards a step."""
        started = time.process_time()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - started


def learning(home: Path, parts: int, scratch: Path) -> None:
    """Index some parts of an archive step by step, and tell what learning adds."""
    shares, vocabulary = Shares(), Vocabulary()
    drafts: list[Path] = []
    with Store(home) as store:
        of = max(parts, store.count_articles() // PART_ARTICLES)
        for number in range(parts):
            folder = scratch / str(number)
            folder.mkdir()
            with shares.step("read"):
                kept = list(store.articles(share=(number, of)))
            with shares.step("analyse"):
                documents = [build_document(vocabulary.analyzer, *one) for one in kept]
            with shares.step("acronyms"):
                _learn(Definitions(), kept, documents)
            with shares.step("texts"):
                texts = Texts(vocabulary=vocabulary)
                _learn(texts, kept, documents)
                texts.save(folder, served=False)
            with shares.step("index"):
                drafts += index_files().spill(folder, iter(documents), MEMORY)
    with shares.step("index"):
        index_files().assemble(scratch / "index", drafts, 1, MEMORY)
    with shares.step("texts"):
        _gathered(scratch, parts)
    learned = shares.seconds.pop("texts")
    rest = sum(shares.seconds.values())
    steps = ", ".join(f"{step} {seconds:.2f}" for step, seconds in shares.seconds.items())
    print(f"seconds: {steps}; phrases and copies {learned:.2f}, {learned / rest:.0%} more")


def completing(phrases: Phrases) -> None:
    """Complete the beginnings of the archive's commonest words."""
    analyzer = Analyzer()
    words = [word for word, _ in phrases.commonest(2000) if len(word) > 3]
    for letters in (1, 2, 3, 4):
        beginnings = list(dict.fromkeys(word[:letters] for word in words))[:200]
        taken = [
            _taken(lambda text=text: phrases.suggested(analyzer, text, 8)) for text in beginnings
        ]
        tail = sorted(taken)[int(0.95 * len(taken))]
        print(
            f"{letters} letters, {len(taken)} beginnings: "
            f"median {statistics.median(taken):.2f} ms, 95 % {tail:.2f}, most {max(taken):.2f}"
        )


def copying(copies: CopyFile) -> None:
    """Tell how many articles are nearly the same as another."""
    groups = Counter(copies.groups([name.decode() for name in copies.identifiers.tolist()]))
    del groups[0]
    print(f"{len(groups)} groups of near-copies with {groups.total()} articles")


def _learn(
    part: Texts | Definitions, kept: Sequence[tuple[Article, int]], documents: Sequence[Document]
) -> None:
    for (article, _), document in zip(kept, documents, strict=True):
        part.learn(article, document)


def _gathered(scratch: Path, parts: int) -> None:
    whole = Texts()
    for number in range(parts):
        whole.absorb(load_texts(scratch / str(number), None))
    whole.save(scratch)


def _taken(work: Callable[[], object]) -> float:
    """Milliseconds of the processor, the median of some rounds."""
    found = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        found.append((time.process_time() - started) * 1000)
    return statistics.median(found)


def main() -> None:
    """Run all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--parts", type=int, default=6)
    asked = parser.parse_args()
    folder = Generations(asked.home / "index").current().folder
    copying(CopyFile(folder))
    completing(Phrases(folder))
    with tempfile.TemporaryDirectory() as scratch:
        learning(asked.home, asked.parts, Path(scratch))


if __name__ == "__main__":
    main()
