"""Speed, size and memory of the embedded engine against three others, in one run.

    make bench                                        everything, on the whole corpus (an hour)
    make bench ARGS="--articles 2000 --only engines"  a part, and smaller
    python -m tests.bench.bench --made-up             made-up articles, without any corpus

Each engine is given the same terms (words and pairs, without diacritics and with them).
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from indexer.engine.records import EngineQuery, EngineResult
from tests.bench import bench_tables as out
from tests.bench.bench_archive import measure_add, measure_page
from tests.bench.bench_corpus import (
    Corpus,
    Queries,
    analyse_articles,
    make_up_articles,
    make_up_queries,
    read_articles,
    read_queries,
)
from tests.bench.bench_engines import (
    TOP,
    EngineReader,
    EngineWriter,
    Fts5Reader,
    Fts5Writer,
    OurReader,
    OurWriter,
    StockReader,
    StockWriter,
    TantivyReader,
    TantivyWriter,
    tree,
)
from tests.bench.bench_measure import (
    measure_indexing,
    measure_opening,
    measure_parallel_indexing,
    measure_queries,
    run_in_threads,
)

CORPUS = Path("corpus") / "baomoi2017.jsonl.xz"
QUERIES = Path("bench") / "queries.json"
WriterFactory = Callable[[Path], EngineWriter]
ReaderFactory = Callable[[Path], EngineReader]

PARTS = ("engines", "stock", "growth", "archive")
MADE_UP = 300
"""Default number of made-up articles."""


class Bench:
    """One run of all measurements over one corpus."""

    def __init__(self, scratch: Path, corpus: Corpus, queries: Queries, rounds: int) -> None:
        self._scratch, self._corpus = scratch, corpus
        self._queries, self._rounds = queries, rounds

    def indexes(self) -> None:
        """Make every index, and print what that cost."""
        out.print_heading(f"Indexing {self._corpus.size:,} articles")
        scratch, corpus = self._scratch, self._corpus
        costs = {
            "ours": measure_indexing(OurWriter, scratch / "ours", corpus),
            "ours, 2 workers": measure_parallel_indexing(OurWriter, scratch / "ours2", corpus, 2),
            "ours, --memory 64 MB": measure_indexing(
                partial(OurWriter, memory=64 << 20), scratch / "small", corpus
            ),
            "SQLite FTS5": measure_indexing(Fts5Writer, scratch / "fts5", corpus),
            "Tantivy, 1 thread": measure_indexing(TantivyWriter, scratch / "tantivy", corpus),
            "Tantivy, 2 threads": measure_indexing(
                partial(TantivyWriter, threads=2), scratch / "tantivy2", corpus
            ),
        }
        out.print_costs(costs)

    def searches(self) -> None:
        """Ask every engine every query, and print the times."""
        out.print_heading("Searching, processor milliseconds a query, top 10")
        scratch = self._scratch
        fts5 = Fts5Reader(scratch / "fts5")
        opened: dict[str, EngineReader] = {
            "ours": OurReader(scratch / "ours"),
            "SQLite FTS5": fts5,
            "Tantivy": TantivyReader(scratch / "tantivy"),
            "Tantivy, without the number of matches": TantivyReader(
                scratch / "tantivy", count=False
            ),
            "ours, 2 segments": OurReader(scratch / "ours2"),
        }
        self._compare(opened, self._queries, self._rounds)
        for kind, words in self._queries.kinds():
            totals = [(opened["ours"].prepare_query(kind, w)(), fts5.total(kind, w)) for w in words]
            same = sum(ours == theirs for ours, theirs in totals)
            out.print_line(
                f"\nThe same number of matches as FTS5, {kind}: {same} of {len(totals)}."
            )
        close_all(opened.values())

    def stock(self, size: int) -> None:
        """Measure stock Whoosh as well, on fewer articles because it is slow."""
        corpus, scratch = self._corpus.resized(min(size, self._corpus.size)), self._scratch
        out.print_heading(f"Beside stock Whoosh 2.7.4: {corpus.size:,} articles, fewer queries")
        costs = {
            "ours": measure_indexing(OurWriter, scratch / "ours-stock", corpus),
            "stock Whoosh": measure_indexing(StockWriter, scratch / "stock", corpus),
        }
        out.print_costs(costs)
        opened: dict[str, EngineReader] = {
            "ours": OurReader(scratch / "ours-stock"),
            "stock": StockReader(scratch / "stock"),
        }
        out.print_line("")
        self._compare(opened, self._queries.limit(30), 2)
        close_all(opened.values())

    def _compare(self, readers: Mapping[str, EngineReader], queries: Queries, rounds: int) -> None:
        rows: list[Sequence[str]] = []
        for kind, words in queries.kinds():
            measured = measure_queries(list(readers.values()), kind, words, rounds)
            rows += out.time_rows(kind, dict(zip(readers, measured, strict=True)))
        out.print_table(("query", "engine", "p50", "p95", "times ours"), rows)

    def growth(self, sizes: Sequence[int]) -> None:
        """Print how all figures grow with the number of articles."""
        out.print_heading(
            "Growth (the corpus is repeated when it is too small; medians, processor ms)"
        )
        kinds: dict[str, tuple[WriterFactory, ReaderFactory]] = {
            "ours": (OurWriter, OurReader),
            "Tantivy": (TantivyWriter, TantivyReader),
            "SQLite FTS5": (Fts5Writer, Fts5Reader),
        }
        columns = ("articles", "engine", "index s", "processor s", "MB", "any", "all", "phrase")
        out.print_table(
            columns,
            (
                self._growth_row(size, name, *kinds[name])
                for name in kinds
                for size in sizes
                # With more articles than the corpus has, FTS5 would take most of an hour.
                if name != "SQLite FTS5" or size <= self._corpus.stored
            ),
        )

    def _growth_row(
        self, size: int, name: str, make: WriterFactory, open_it: ReaderFactory
    ) -> Sequence[str]:
        folder = self._scratch / f"grown{size}" / name
        cost = measure_indexing(make, folder, self._corpus.resized(size))
        opened = [open_it(folder)]
        medians = [
            measure_queries(opened, kind, words, 3)[0].p50
            for kind, words in self._queries.limit(40).kinds()
        ]
        close_all(opened)
        figures = f"{cost.seconds:.1f}", f"{cost.cpu:.1f}", f"{cost.size / out.MB:.1f}"
        return f"{size:,}", name, *figures, *(f"{median:.3f}" for median in medians)

    def threads(self) -> None:
        """Search in several threads: answers a second, and whether they are the same."""
        out.print_heading("Threads")
        reader = OurReader(self._scratch / "ours")
        requests = [
            EngineQuery(tree(kind, words), limit=TOP)
            for kind, queries in self._queries.kinds()
            for words in queries
        ]

        def work(number: int) -> EngineResult:
            return reader.engine.search(requests[number])

        run_in_threads(work, len(requests), 1)
        rows, first = [], None
        for threads in (1, 2, 4, 8):
            seconds, answers = run_in_threads(work, len(requests), threads)
            first = answers if first is None else first
            same = "yes" if answers == first else "NO"
            rows.append((str(threads), f"{len(requests) / seconds:.0f}", same))
        out.print_table(("threads", "queries a second", "the answers of one thread"), rows)
        reader.close()

    def opened(self) -> None:
        """Print the time and memory of opening an index."""
        out.print_heading("Opening")
        queries = self._queries.any[:100]
        rows = []
        for name, open_it in (("ours", OurReader), ("Tantivy", TantivyReader)):
            folder = self._scratch / name.lower()
            cost = measure_opening(open_it, folder, queries)
            figures = f"{cost.opened / out.MB:.2f}", f"{cost.searched / out.MB:.2f}"
            rows.append((name, f"{cost.milliseconds:.2f}", *figures))
        out.print_table(("engine", "ms", "private MB", "after 100 any-of queries"), rows)


def close_all(readers: Iterable[EngineReader]) -> None:
    """Close the readers."""
    for reader in readers:
        reader.close()


def measure_archive(path: Path, scratch: Path) -> None:
    """Measure the whole product with one article and with the whole corpus."""
    out.print_heading(
        "The archive: `tangthu add` of the corpus in one command, and the search page"
    )
    single = scratch / "one.jsonl"
    single.write_text('{"id": "1", "title": "Công an", "body": "Công an tỉnh"}\n', encoding="utf-8")
    rows = []
    for name, articles in (("one", single), ("all", path)):
        home = scratch / f"archive-{name}"
        added, page = measure_add(home, articles), measure_page(home)
        rows.append(
            (f"{added.articles:,}", f"{added.seconds / 60:.2f}", f"{added.memory / out.MB:.0f}",
             f"{page.first:.1f}", f"{page.form:.2f}", f"{page.results:.2f}")
        )  # fmt: skip
    out.print_table(
        ("articles", "minutes", "peak MB", "first page ms", "form ms", "results ms"), rows
    )


def parse_options(words: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    shared = Path(os.environ.get("TANGTHU_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared, help="folder of the corpora")
    parser.add_argument("--articles", type=int, help="articles of the corpus to take")
    parser.add_argument("--queries", type=int, default=300, help="queries of each kind")
    parser.add_argument("--rounds", type=int, default=5, help="times that each query is asked")
    parser.add_argument("--stock", type=int, default=2000, help="articles for stock Whoosh")
    parser.add_argument("--growth", default="5000,20000,35000,140000", help="sizes")
    parser.add_argument("--made-up", action="store_true", help="made-up articles, no corpus")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="parts to run")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> None:
    """Measure, and print the report."""
    options = parse_options(words)
    sizes = [int(size) for size in options.growth.split(",") if size]
    with tempfile.TemporaryDirectory(prefix="tangthu-bench-") as folder:
        scratch = Path(folder)
        if options.made_up:
            size = options.articles or MADE_UP
            corpus = analyse_articles(make_up_articles(size), scratch, size)
            queries = make_up_queries(30)
        else:
            corpus = analyse_articles(
                read_articles(options.shared / CORPUS), scratch, options.articles
            )
            queries = read_queries(options.shared / QUERIES)
        bench = Bench(scratch, corpus, queries.limit(options.queries), options.rounds)
        if "engines" in options.only:
            bench.indexes()
            bench.searches()
            bench.threads()
            bench.opened()
        if "stock" in options.only:
            bench.stock(options.stock)
        if "growth" in options.only:
            bench.growth(sizes)
        if "archive" in options.only and not options.made_up:
            measure_archive(options.shared / CORPUS, scratch)


if __name__ == "__main__":
    main()
