"""Measure how much of a page's article is read, and how little of the rest: `make reading`.

    make reading                       the pages in the folder SHARED
    make reading ARGS="--misses"       each phrase that our reader gets wrong as well

Every page has phrases that must be in its article and phrases that must not. Two parts of the
pages are to develop on, the third is held back; a page's part goes by a checksum of its name.
trafilatura runs beside our reader where it is installed (`pip install -e '.[bench]'`).
"""

from __future__ import annotations

import argparse
import json
import os
import tarfile
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from archive.errors import ArchiveError
from archive.records import Article
from indexer.intake.html.page import read_page
from tests.bench.bench_tables import print_line, print_table

Extractor = Callable[[bytes, str], str]
"""The text of the article on a page, from its bytes and name; empty if the page is refused."""

_PARTS = 3


@dataclass(frozen=True, slots=True)
class PageWithPhrases:
    """A saved page, the phrases of its article and phrases that stand beside it."""

    name: str
    data: bytes
    inside: tuple[str, ...]
    outside: tuple[str, ...]

    @property
    def is_held_back(self) -> bool:
        """Whether the page is in the part that is not developed on."""
        return zlib.crc32(self.name.encode()) % _PARTS == 0


@dataclass(slots=True)
class ReadingScore:
    """The phrases of some pages that an extractor got right and wrong, and its processor time."""

    kept: int = 0
    lost: int = 0
    intruding: int = 0
    refused: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of the phrases in the texts that belong there."""
        return self.kept / max(1, self.kept + self.intruding)

    @property
    def recall(self) -> float:
        """The share of the articles' phrases that are in the texts."""
        return self.kept / max(1, self.kept + self.lost)

    @property
    def f_measure(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.kept / max(1, 2 * self.kept + self.lost + self.intruding)


def load_pages(folder: Path) -> list[PageWithPhrases]:
    """Return the pages of a folder that holds `bodies.jsonl` and `bodies.tar.xz`."""
    with tarfile.open(folder / "bodies.tar.xz") as archive:
        members = {member.name: archive.extractfile(member) for member in archive if member.isreg()}
        contents = {name: stream.read() for name, stream in members.items() if stream}
    lines = (folder / "bodies.jsonl").read_text(encoding="utf-8").splitlines()
    cases = map(json.loads, lines)
    return [
        PageWithPhrases(
            case["file"], contents[case["file"]], tuple(case["with"]), tuple(case["without"])
        )
        for case in cases
    ]


def article_words(article: Article) -> str:
    """Return all texts of an article, its title too, as one line."""
    texts = [article.title, article.lead]
    for section in article.sections:
        texts += [section.heading, *section.paragraphs]
    texts += [caption.text for caption in article.captions]
    return " ".join(" ".join(texts).split())


def read_ours(data: bytes, name: str) -> str:
    """Return the words of the article that our reader makes of a page."""
    try:
        return article_words(read_page(data, name))
    except ArchiveError:
        return ""


def extractors() -> dict[str, Extractor]:
    """Return our reader, and trafilatura where it is installed."""
    known: dict[str, Extractor] = {"tangthu": read_ours}
    if find_spec("trafilatura"):
        trafilatura = import_module("trafilatura")
        known[f"trafilatura {trafilatura.__version__}"] = lambda data, _: " ".join(
            (trafilatura.extract(data) or "").split()
        )
    return known


def score_pages(
    pages: Sequence[PageWithPhrases], extract: Extractor, misses: list[str] | None = None
) -> ReadingScore:
    """Count the phrases that an extractor gets right and wrong; list the wrong ones in `misses`."""
    score = ReadingScore()
    for page in pages:
        started = time.process_time()
        text = extract(page.data, page.name)
        score.seconds.append(time.process_time() - started)
        score.refused += not text
        lost = [phrase for phrase in page.inside if " ".join(phrase.split()) not in text]
        intruding = [phrase for phrase in page.outside if " ".join(phrase.split()) in text]
        score.lost += len(lost)
        score.kept += len(page.inside) - len(lost)
        score.intruding += len(intruding)
        if misses is not None:
            refused = "" if text else " (refused)"
            misses += [f"{page.name}{refused}: lost {phrase!r}" for phrase in lost]
            misses += [f"{page.name}: intruding {phrase!r}" for phrase in intruding]
    return score


def score_rows(part: str, scores: Mapping[str, ReadingScore]) -> list[list[str]]:
    """Return the rows of the table, one for each extractor."""
    rows = []
    for name, score in scores.items():
        times = sorted(score.seconds)
        mean = sum(times) / max(1, len(times))
        slowest = times[int(0.95 * len(times))] if times else 0.0
        figures = (score.f_measure, score.precision, score.recall)
        rows.append(
            [
                f"{len(times)} pages, {part}",
                name,
                *(f"{figure:.3f}" for figure in figures),
                str(score.refused),
                f"{1000 * mean:.1f}",
                f"{1000 * slowest:.1f}",
            ]
        )
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="reading", description=__doc__.splitlines()[0])
    shared = Path(os.environ.get("TANGTHU_SHARED", "../shared"))
    parser.add_argument("--pages", type=Path, default=shared / "html" / "dev")
    parser.add_argument("--misses", action="store_true", help="list what our reader gets wrong")
    parser.add_argument("--ours", action="store_true", help="measure our reader only")
    options = parser.parse_args(arguments)
    pages = load_pages(options.pages)
    chosen = {"tangthu": read_ours} if options.ours else extractors()
    parts = {
        "to develop on": [page for page in pages if not page.is_held_back],
        "held back": [page for page in pages if page.is_held_back],
        "all": pages,
    }
    columns = ("pages", "reader", "F", "precision", "recall", "refused", "ms mean", "ms p95")
    rows: list[list[str]] = []
    for part, members in parts.items():
        rows += score_rows(
            part, {name: score_pages(members, extract) for name, extract in chosen.items()}
        )
    print_table(columns, rows)
    if options.misses:
        misses: list[str] = []
        score_pages(parts["to develop on"], read_ours, misses)
        print_line("\n" + "\n".join(misses))


if __name__ == "__main__":
    main()
