"""Measure how often the day of publication of a page is read rightly: part of `make reading`.

    python -m tests.bench.page_dates              the pages in the folder SHARED
    python -m tests.bench.page_dates --misses     each page that our reader gets wrong as well

Two parts of the pages are to develop on, the third is held back; a page's part goes by a checksum
of its name. htmldate runs beside our reader where it is installed (`pip install -e '.[bench]'`).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tarfile
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from archive.errors import ArchiveError
from archive.records import Article
from indexer.intake.html.page import read_page
from tests.bench.bench_tables import print_line, print_table

Dater = Callable[[bytes, str], tuple[str, str]]
"""The day of a page (`2022-12-19`, empty if none) and a remark, from its bytes and name."""

_PARTS = 3
_STATED_UTC = re.compile(
    rb"<meta[^>]{0,80}?article:published_time[^>]{0,40}?content\s*=\s*[\"']"
    rb"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?(?:Z|[+-]00:?00)[\"']"
)


@dataclass(frozen=True, slots=True)
class DatedPage:
    """A saved page and the day on which it was published."""

    name: str
    data: bytes
    day: str

    @property
    def is_held_back(self) -> bool:
        """Whether the page is in the part that is not developed on."""
        return zlib.crc32(self.name.encode()) % _PARTS == 0


@dataclass(slots=True)
class DateScore:
    """The days that a reader gave, those that were right, and its processor time."""

    pages: int = 0
    given: int = 0
    right: int = 0
    refused: int = 0
    seconds: list[float] = field(default_factory=list)


def load_dated_pages(folder: Path) -> list[DatedPage]:
    """Return the pages of a folder that holds `dates.jsonl` and `dates.tar.xz`."""
    with tarfile.open(folder / "dates.tar.xz") as archive:
        members = {member.name: archive.extractfile(member) for member in archive if member.isreg()}
        contents = {name: stream.read() for name, stream in members.items() if stream}
    lines = (folder / "dates.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        DatedPage(case["file"], contents[case["file"]], case["date"])
        for case in map(json.loads, lines)
    ]


def date_of_ours(data: bytes, name: str) -> tuple[str, str]:
    """Return the day that our reader makes of a page."""
    try:
        article = read_page(data, name)
    except ArchiveError as error:
        return "", f"refused: {error}"
    return article.published.date().isoformat() if article.published else "", ""


def daters() -> dict[str, Dater]:
    """Return our reader, and htmldate where it is installed."""
    known: dict[str, Dater] = {"tangthu": date_of_ours}
    if find_spec("htmldate"):
        htmldate = import_module("htmldate")

        def find(data: bytes, _: str) -> tuple[str, str]:
            return htmldate.find_date(data, original_date=True) or "", ""

        known[f"htmldate {htmldate.__version__}"] = find
    return known


def score_dates(
    pages: Sequence[DatedPage], read: Dater, misses: list[str] | None = None
) -> DateScore:
    """Count the days that a reader gives and gets right; list the others in `misses`."""
    score = DateScore(len(pages))
    for page in pages:
        started = time.process_time()
        day, remark = read(page.data, page.name)
        score.seconds.append(time.process_time() - started)
        score.given += bool(day)
        score.right += day == page.day
        score.refused += remark.startswith("refused")
        if misses is not None and day != page.day:
            misses.append(f"{page.name}: {page.day}, read {day or 'none'} {remark}")
    return score


def moved_moments(pages: Sequence[DatedPage]) -> tuple[int, int]:
    """Return how many pages state their publication in UTC, and at how many it was moved.

    A moment is moved if what is read has its clock and another zone.
    """
    stated = moved = 0
    for page in pages:
        match = _STATED_UTC.search(page.data)
        article = _article_of(page) if match else None
        if match is None or article is None or article.published is None:
            continue
        clock = datetime.fromisoformat(match[1].decode()).replace(second=0)
        read = article.published.replace(second=0, microsecond=0)
        stated += 1
        moved += read.replace(tzinfo=None) == clock and read != clock.replace(tzinfo=UTC)
    return stated, moved


def _article_of(page: DatedPage) -> Article | None:
    try:
        return read_page(page.data, page.name)
    except ArchiveError:
        return None


def date_rows(part: str, scores: Mapping[str, DateScore]) -> list[list[str]]:
    """Return the rows of the table, one for each reader."""
    return [
        [
            f"{score.pages} pages, {part}",
            name,
            f"{score.right / max(1, score.pages):.3f}",
            f"{(score.given - score.right) / max(1, score.given):.3f}",
            str(score.given),
            str(score.refused),
            f"{1000 * sum(score.seconds) / max(1, score.pages):.1f}",
        ]
        for name, score in scores.items()
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="page_dates", description=__doc__.splitlines()[0])
    shared = Path(os.environ.get("TANGTHU_SHARED", "../shared"))
    parser.add_argument("--pages", type=Path, default=shared / "html" / "dev")
    parser.add_argument("--misses", action="store_true", help="list what our reader gets wrong")
    parser.add_argument("--ours", action="store_true", help="measure our reader only")
    options = parser.parse_args(arguments)
    pages = load_dated_pages(options.pages)
    chosen = {"tangthu": date_of_ours} if options.ours else daters()
    parts = {
        "to develop on": [page for page in pages if not page.is_held_back],
        "held back": [page for page in pages if page.is_held_back],
        "all": pages,
    }
    rows: list[list[str]] = []
    for part, members in parts.items():
        scores = {name: score_dates(members, read) for name, read in chosen.items()}
        rows += date_rows(part, scores)
    columns = ("pages", "reader", "right of all", "wrong of given", "given", "refused", "ms mean")
    print_table(columns, rows)
    stated, moved = moved_moments(pages)
    print_line(f"\nPages that state UTC: {stated}; moved to another zone: {moved}")
    if options.misses:
        misses: list[str] = []
        score_dates(parts["to develop on"], date_of_ours, misses)
        print_line("\n" + "\n".join(misses))


if __name__ == "__main__":
    main()
