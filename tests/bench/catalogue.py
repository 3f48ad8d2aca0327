"""The catalogue on SQLite and on PostgreSQL, side by side: adding, reading, pages, counting.

`python -m tests.bench.catalogue --rows 20000` makes articles of random syllables, starts a
PostgreSQL server of its own, and prints a table for tests/bench/README.md.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from archive.settings.catalogue_location import HOME_CATALOGUE, CatalogueLocation
from archive.store import Store
from archive.upkeep.catalogue_move import move_catalogue
from archive.writing.prepared_article import PreparedArticle, prepare
from tests.factories import article
from tests.postgresql_server import PostgresqlServer

_FLUSHED = 500
_PAGE = 10
_PAGES = 300
_SEED = 7


def prepared_articles(count: int) -> list[PreparedArticle]:
    """Return articles as workers hand them to the writer, of 300 syllables each."""
    chance = random.Random(_SEED)  # noqa: S311
    syllables = [f"{chance.randrange(1 << 20):x}" for _ in range(6000)]
    prepared = []
    for number in range(count):
        words = " ".join(chance.choices(syllables, k=300))
        read = article(f"Bài {number}", words, external_id=str(number))
        prepared.append(prepare(words.encode(), read).packed())
    return prepared


def add_all(store: Store, articles: Sequence[PreparedArticle]) -> None:
    """Add articles, durably every 500."""
    with store.batch() as batch:
        for start in range(0, len(articles), _FLUSHED):
            batch.add_prepared(articles[start : start + _FLUSHED])
            batch.flush()


def measure(work: Callable[[], object], count: int) -> tuple[float, float]:
    """Return how many of a work's things are done a second of wall and of processor time."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return count / wall, count / max(processor, 1e-9)


def read_pages(store: Store, names: Sequence[str]) -> None:
    """Read the articles of many pages of results."""
    chance = random.Random(_SEED)  # noqa: S311
    for _ in range(_PAGES):
        store.get_many(chance.sample(names, _PAGE))


def figures(
    home: Path, location: CatalogueLocation, articles: Sequence[PreparedArticle]
) -> dict[str, tuple[float, float]]:
    """Return the figures of one database: things a second of wall and of our processor time."""
    names = [each.identifier for each in articles]
    with Store(home, location) as store:
        return {
            "articles added": measure(lambda: add_all(store, articles), len(articles)),
            "the same again (unchanged)": measure(lambda: add_all(store, articles), len(articles)),
            "articles read, all": measure(lambda: list(store.articles()), len(articles)),
            "pages of ten read": measure(lambda: read_pages(store, names), _PAGES),
            "counted": measure(lambda: [store.count_articles() for _ in range(200)], 200),
        }


def main() -> None:
    """Measure both databases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    count = parser.parse_args().rows
    articles = prepared_articles(count)
    with tempfile.TemporaryDirectory() as folder, PostgresqlServer(durable=True) as server:
        here = figures(Path(folder) / "sqlite", HOME_CATALOGUE, articles)
        there = figures(Path(folder) / "postgresql", server.new_database(), articles)
        rows = 3 * count
        (moved, processor) = measure(
            lambda: move_catalogue(Path(folder) / "sqlite", server.new_database()), rows
        )
    print("| a second of wall (of our processor) | SQLite | PostgreSQL |\n|---|---:|---:|")
    for name, figure in here.items():
        cells = (f"{wall:,.0f} ({own:,.0f})" for wall, own in (figure, there[name]))
        print(f"| {name} | {' | '.join(cells)} |")
    print(f"| rows moved and compared | – | {moved:,.0f} ({processor:,.0f}) |")


if __name__ == "__main__":
    main()
