"""Speed, size and memory of the embedded engine beside three others, in one run.

    make bench                                        everything, on the whole corpus (an hour)
    make bench ARGS="--articles 2000 --only engines"  a part, and smaller
    python -m tests.bench.bench --made-up             made-up articles, without any corpus

Each engine is given the same terms (words and neighbouring pairs, without marks and with them).
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from indexer.engine.records import EngineQuery, EngineResult
from tests.bench import bench_tables as out
from tests.bench.bench_archive import add, page
from tests.bench.bench_corpus import (
    Corpus,
    Queries,
    made_up_articles,
    made_up_queries,
    prepared,
    read_articles,
    read_queries,
)
from tests.bench.bench_engines import (
    TOP,
    Building,
    Fts5,
    Fts5Opened,
    Opened,
    Ours,
    OursOpened,
    Stock,
    StockOpened,
    Tantivy,
    TantivyOpened,
    tree,
)
from tests.bench.bench_measure import in_threads, in_turn, index, index_in_parts, opening

CORPUS = Path("corpus") / "baomoi2017.jsonl.xz"
QUERIES = Path("bench") / "queries.json"
Making = Callable[[Path], Building]
Opening = Callable[[Path], Opened]

PARTS = ("engines", "stock", "growth", "archive")
MADE_UP = 300
"""Made-up articles when nobody says how many."""


class Bench:
    """One run over one corpus."""

    def __init__(self, scratch: Path, corpus: Corpus, queries: Queries, rounds: int) -> None:
        self._scratch, self._corpus = scratch, corpus
        self._queries, self._rounds = queries, rounds

    def indexes(self) -> None:
        """Make every index, and say what that took."""
        out.heading(f"Indexing {self._corpus.size:,} articles")
        at, corpus = self._scratch, self._corpus
        made = {
            "ours": index(Ours, at / "ours", corpus),
            "ours, 2 workers": index_in_parts(Ours, at / "ours2", corpus, 2),
            "ours, --memory 64 MB": index(partial(Ours, memory=64 << 20), at / "small", corpus),
            "SQLite FTS5": index(Fts5, at / "fts5", corpus),
            "Tantivy, 1 thread": index(Tantivy, at / "tantivy", corpus),
            "Tantivy, 2 threads": index(partial(Tantivy, threads=2), at / "tantivy2", corpus),
        }
        out.costs(made)

    def searches(self) -> None:
        """Ask every engine every query."""
        out.heading("Searching, processor milliseconds a query, top 10")
        at = self._scratch
        fts5 = Fts5Opened(at / "fts5")
        opened: dict[str, Opened] = {
            "ours": OursOpened(at / "ours"),
            "SQLite FTS5": fts5,
            "Tantivy": TantivyOpened(at / "tantivy"),
            "Tantivy, without the number of matches": TantivyOpened(at / "tantivy", count=False),
            "ours, 2 segments": OursOpened(at / "ours2"),
        }
        rows: list[Sequence[str]] = []
        for kind, words in self._queries.kinds():
            measured = in_turn(list(opened.values()), kind, words, self._rounds)
            rows += out.times(kind, dict(zip(opened, measured, strict=True)))
        out.table(("query", "engine", "p50", "p95", "times ours"), rows)
        for kind, words in self._queries.kinds():
            asked = [(opened["ours"].asked(kind, w)(), fts5.total(kind, w)) for w in words]
            same = sum(one == other for one, other in asked)
            out.say(f"\nThe same number of matches as FTS5, {kind}: {same} of {len(asked)}.")

    def stock(self, size: int) -> None:
        """The same beside stock Whoosh, on as many articles as it can be waited for."""
        corpus, at = self._corpus.of(min(size, self._corpus.size)), self._scratch
        out.heading(f"Beside stock Whoosh 2.7.4: {corpus.size:,} articles, fewer queries")
        made = {
            "ours": index(Ours, at / "ours-stock", corpus),
            "stock Whoosh": index(Stock, at / "stock", corpus),
        }
        out.costs(made)
        opened: dict[str, Opened] = {
            "ours": OursOpened(at / "ours-stock"),
            "stock": StockOpened(at / "stock"),
        }
        rows: list[Sequence[str]] = []
        for kind, words in self._queries.fewer(30).kinds():
            measured = in_turn(list(opened.values()), kind, words, 2)
            rows += out.times(kind, dict(zip(opened, measured, strict=True)))
        out.say("")
        out.table(("query", "engine", "p50", "p95", "times ours"), rows)

    def growth(self, sizes: Sequence[int]) -> None:
        """How all figures grow with the number of articles."""
        out.heading("Growth (the corpus is repeated when it is too small; medians, processor ms)")
        kinds: dict[str, tuple[Making, Opening]] = {
            "ours": (Ours, OursOpened),
            "Tantivy": (Tantivy, TantivyOpened),
            "SQLite FTS5": (Fts5, Fts5Opened),
        }
        columns = ("articles", "engine", "index s", "processor s", "MB", "any", "all", "phrase")
        out.table(
            columns,
            (
                self._grown(size, name, *kinds[name])
                for name in kinds
                for size in sizes
                # With more articles than the corpus has, FTS5 would take most of an hour.
                if name != "SQLite FTS5" or size <= self._corpus.held
            ),
        )

    def _grown(self, size: int, name: str, make: Making, open_it: Opening) -> Sequence[str]:
        folder = self._scratch / f"grown{size}" / name
        cost = index(make, folder, self._corpus.of(size))
        opened = [open_it(folder)]
        medians = [
            in_turn(opened, kind, words, 3)[0].p50
            for kind, words in self._queries.fewer(40).kinds()
        ]
        figures = f"{cost.seconds:.1f}", f"{cost.cpu:.1f}", f"{cost.size / out.MB:.1f}"
        return f"{size:,}", name, *figures, *(f"{median:.3f}" for median in medians)

    def threads(self) -> None:
        """Searching in several threads: more answers a second, and the same answers."""
        out.heading("Threads")
        engine = OursOpened(self._scratch / "ours").engine
        asked = [
            EngineQuery(tree(kind, words), limit=TOP)
            for kind, queries in self._queries.kinds()
            for words in queries
        ]

        def work(number: int) -> EngineResult:
            return engine.search(asked[number])

        in_threads(work, len(asked), 1)
        rows, first = [], None
        for threads in (1, 2, 4, 8):
            seconds, answers = in_threads(work, len(asked), threads)
            first = answers if first is None else first
            same = "yes" if answers == first else "NO"
            rows.append((str(threads), f"{len(asked) / seconds:.0f}", same))
        out.table(("threads", "queries a second", "the answers of one thread"), rows)

    def opened(self) -> None:
        """What it takes to open an index."""
        out.heading("Opening")
        queries = self._queries.any[:100]
        rows = []
        for name, open_it in (("ours", OursOpened), ("Tantivy", TantivyOpened)):
            folder = self._scratch / name.lower()
            found = opening(open_it, folder, queries)
            private = f"{found.opened / out.MB:.2f}", f"{found.searched / out.MB:.2f}"
            rows.append((name, f"{found.milliseconds:.2f}", *private))
        out.table(("engine", "ms", "private MB", "after 100 any-of queries"), rows)


def archive(path: Path, scratch: Path) -> None:
    """The product with one article and with the whole corpus."""
    out.heading("The archive: `tangthu add` of the corpus in one command, and the search page")
    single = scratch / "one.jsonl"
    single.write_text('{"id": "1", "title": "Công an", "body": "Công an tỉnh"}\n', encoding="utf-8")
    rows = []
    for name, given in (("one", single), ("all", path)):
        home = scratch / f"archive-{name}"
        added, shown = add(home, given), page(home)
        rows.append(
            (f"{added.articles:,}", f"{added.seconds / 60:.2f}", f"{added.memory / out.MB:.0f}",
             f"{shown.first:.1f}", f"{shown.form:.2f}", f"{shown.results:.2f}")
        )  # fmt: skip
    out.table(("articles", "minutes", "peak MB", "first page ms", "form ms", "results ms"), rows)


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """What the command line says."""
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
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> None:
    """Measure, and print the report."""
    asked = arguments(given)
    sizes = [int(size) for size in asked.growth.split(",") if size]
    with tempfile.TemporaryDirectory(prefix="tangthu-bench-") as folder:
        scratch = Path(folder)
        if asked.made_up:
            size = asked.articles or MADE_UP
            corpus = prepared(made_up_articles(size), scratch, size)
            queries = made_up_queries(30)
        else:
            corpus = prepared(read_articles(asked.shared / CORPUS), scratch, asked.articles)
            queries = read_queries(asked.shared / QUERIES)
        bench = Bench(scratch, corpus, queries.fewer(asked.queries), asked.rounds)
        if "engines" in asked.only:
            bench.indexes()
            bench.searches()
            bench.threads()
            bench.opened()
        if "stock" in asked.only:
            bench.stock(asked.stock)
        if "growth" in asked.only:
            bench.growth(sizes)
        if "archive" in asked.only and not asked.made_up:
            archive(asked.shared / CORPUS, scratch)


if __name__ == "__main__":
    main()
