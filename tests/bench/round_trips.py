"""Count the engine calls of a page of results that was not made before, by kind of query.

    python -m tests.bench.round_trips --home HOME --queries 40 --seed 16

Queries are drawn by the seed from the archive's titles: whole ones, three words of them and two,
each with and without diacritics, and phrases of three. Each call is a round trip where an engine
is far away. Processor time is that of the whole page by the embedded engine, which plans once;
queries of another seed are asked before.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import mean, median
from unittest.mock import patch

from flask.testing import FlaskClient

from archive.store import Store
from indexer.engine.records import EngineStatus
from indexer.open_archive import open_archive
from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from indexer.vietnamese.normalization import canonical, fold
from indexer.whoosh_engine.engine import WhooshEngine
from tests.bench.bench_tables import print_table
from web.app import create_app
from web.settings import Settings

CALLS = ("search", "look_up")
FEWEST_WORDS = 6


def draw_queries(store: Store, count: int, seed: int) -> dict[str, list[str]]:
    """Return queries by their kind."""
    chance = random.Random(seed)
    titles = [canonical(stored.title).split() for stored, _ in store.articles()]
    titles = sorted(words for words in titles if len(words) >= FEWEST_WORDS)
    queries: dict[str, list[str]] = {}
    for words in chance.sample(titles, min(count, len(titles))):
        start = chance.randrange(len(words) - 3)
        three, two = " ".join(words[start : start + 3]), " ".join(words[start : start + 2])
        for kind, text in (("headline", " ".join(words)), ("three words", three), ("two", two)):
            queries.setdefault(kind, []).append(text)
            queries.setdefault(f"{kind}, bare", []).append(fold(text))
        queries.setdefault("phrase", []).append(f'"{three}"')
    return queries


@contextmanager
def counted_calls() -> Iterator[Counter[str]]:
    """Count the calls of the engine, taken to be remote; those inside a call are no others."""
    calls: Counter[str] = Counter()
    depth = [0]

    def counted(name: str) -> object:
        method = getattr(WhooshEngine, name)

        def call(engine: WhooshEngine, *arguments: object) -> object:
            calls[name] += not depth[0]
            depth[0] += 1
            try:
                return method(engine, *arguments)
            finally:
                depth[0] -= 1

        return call

    status = WhooshEngine.status

    def remote_status(engine: WhooshEngine) -> EngineStatus:
        return replace(status(engine), is_remote=True)

    patched = {name: counted(name) for name in CALLS}
    with patch.multiple(WhooshEngine, status=remote_status, **patched):
        yield calls


def measure_kind(
    search: SearchService, client: FlaskClient, texts: list[str]
) -> tuple[list[int], list[float]]:
    """Return the calls of each query of a remote engine, and the milliseconds of its page here."""
    totals: list[int] = []
    times: list[float] = []
    for text in texts:
        start = time.thread_time()
        client.get("/", query_string={"q": text})
        times.append(1000 * (time.thread_time() - start))
        with counted_calls() as calls:
            search.search(SearchRequest(text))
        totals.append(calls.total())
    return totals, times


def _row(kind: str, calls: list[int], times: list[float]) -> tuple[str, ...]:
    return kind, f"{median(calls):g}", str(max(calls)), f"{median(times):.1f}", f"{mean(times):.1f}"


def main() -> None:
    """Print a row for each kind of query."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--queries", type=int, default=40)
    parser.add_argument("--seed", type=int, default=16)
    options = parser.parse_args()
    with open_archive(options.home) as archive:
        client = create_app(archive, Settings(rate=0)).test_client()
        for texts in draw_queries(archive.store, options.queries, options.seed + 1).values():
            measure_kind(archive.search, client, texts)
        rows = []
        every_call: list[int] = []
        every_time: list[float] = []
        for kind, texts in draw_queries(archive.store, options.queries, options.seed).items():
            calls, times = measure_kind(archive.search, client, texts)
            every_call += calls
            every_time += times
            rows.append(_row(kind, calls, times))
        rows.append(_row("all", every_call, every_time))
        print_table(("query", "calls, median", "most", "processor ms, median", "mean"), rows)


if __name__ == "__main__":
    main()
