"""Hold the engine on a cluster against the embedded one, through the whole search.

    TANGTHU_OPENSEARCH_URLS=http://…,http://… python -m tests.bench.engines_agree \
        --corpus news.jsonl.xz --articles 2000 --queries 300

Two archives of the same articles, one on each engine, are asked the same queries, drawn by the
seed from titles: whole ones with their marks and without, three words of them, and phrases; with
`--bare` two bare words that titles write in two ways about as often (`bien dong`). The table counts
the queries with the same total, notices and first hit, and says how much of the ten hits is the
same; then the requests that a page took, and the bytes of an article.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from unittest.mock import patch

from archive.records import Article
from archive.store import Store
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import build_document
from indexer.engine_factory import open_writer
from indexer.generations.generations import Generations
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import OpenArchive, open_archive
from indexer.opensearch_engine.cluster_client import (
    ClusterAnswer,
    ClusterClient,
    ClusterRequest,
)
from indexer.search.search_records import ResultPage, SearchRequest
from indexer.vietnamese.normalization import canonical, fold
from tests.bench.bench_corpus import make_up_articles, read_articles
from tests.bench.bench_tables import print_table
from tests.factories import keep
from tests.indexer.opensearch_engine.cluster_indices import create_index, location_at
from tests.opensearch_server import URLS_VARIABLE, delete_indices

NAME = "engine-agree"
BATCH = 500
FEWEST_WORDS = 6

NEARLY_AS_OFTEN = 4
"""Times as often the commonest form of two words may stand as the next one."""

FEWEST_TITLES = 8
"""Titles that hold a pair of words which is asked for."""


@dataclass
class Agreement:
    """How far the pages of two engines agree.

    Attributes:
        differences: the queries whose totals, notices or first hits are not the same, and why.
    """

    queries: int = 0
    totals: int = 0
    notices: int = 0
    first_hits: int = 0
    same_order: int = 0
    overlaps: list[float] = field(default_factory=list)
    score_differences: list[float] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    def add(self, text: str, reference: ResultPage, page: ResultPage) -> None:
        """Compare two pages of one query."""
        self.queries += 1
        names = [[hit.identifier for hit in side.hits] for side in (reference, page)]
        same = {
            "totals": reference.total == page.total,
            "notices": reference.notices == page.notices,
            "first_hits": names[0][:1] == names[1][:1],
        }
        for name, is_same in same.items():
            setattr(self, name, getattr(self, name) + is_same)
            if not is_same:
                self.differences.append(f"{name}: {text!r} {reference.total} {page.total}")
        self.same_order += names[0] == names[1]
        if names[0]:
            self.overlaps.append(len(set(names[0]) & set(names[1])) / len(names[0]))
        scores = [{hit.identifier: hit.score for hit in side.hits} for side in (reference, page)]
        common = [(scores[0][name], scores[1][name]) for name in scores[0].keys() & scores[1]]
        ratios = [abs(first - second) / first for first, second in common if first]
        if ratios:
            self.score_differences.append(max(ratios))


def draw_queries(titles: Sequence[str], count: int, seed: int) -> list[str]:
    """Return headlines with and without marks, three words of them, and phrases."""
    chance = random.Random(seed)
    rows = sorted(words for title in titles if len(words := title.split()) >= FEWEST_WORDS)
    queries = []
    for number, words in enumerate(chance.sample(rows, min(count, len(rows)))):
        start = chance.randrange(len(words) - 3)
        three, headline = " ".join(words[start : start + 3]), " ".join(words)
        queries.append((headline, fold(headline), three, f'"{three}"')[number % 4])
    return queries


def draw_bare_pairs(titles: Sequence[str], count: int, seed: int) -> list[str]:
    """Return two words without diacritics that titles write in two ways about as often."""
    written: dict[str, Counter[str]] = {}
    for title in titles:
        for pair in itertools.pairwise(title.lower().split()):
            if all(map(str.isalpha, pair)):
                text = " ".join(pair)
                written.setdefault(fold(text), Counter())[text] += 1
    bare = []
    for folded, forms in sorted(written.items()):
        most, *others = (number for _, number in forms.most_common(2))
        if others and others[0] * NEARLY_AS_OFTEN >= most and forms.total() >= FEWEST_TITLES:
            bare.append(folded)
    return random.Random(seed).sample(bare, min(count, len(bare)))


def build_archives(
    folder: Path, articles: Iterator[Article], urls: Sequence[str], name: str = NAME
) -> tuple[Path, Path]:
    """Return the homes of two archives of the same articles, one on each engine.

    Args:
        folder: where the homes are made.
        articles: what both hold.
        urls: the nodes of the cluster.
        name: the index there.
    """
    embedded, cluster = folder / "embedded", folder / "cluster"
    with open_archive(embedded) as archive:
        while batch := list(itertools.islice(articles, BATCH)):
            keep(archive.store, *batch)
        IndexBuilder(archive.store).update()
    shutil.copytree(embedded, cluster)
    generation = Generations(cluster / "index").current()
    (generation.folder / "index.json").unlink()
    create_index(urls, generation.folder, name)
    analyzer = Analyzer()
    with Store(cluster) as store, open_writer(generation.folder) as writer:
        for article, version in store.articles():
            writer.add(build_document(analyzer, article, version))
        writer.commit(generation.manifest.sequence)
    return embedded, cluster


@dataclass
class RequestCounts:
    """The requests of a page to the cluster.

    Attributes:
        sent: all of them.
        waits: those that began while no other was under way: how often a page waits.
    """

    sent: int = 0
    waits: int = 0
    _under_way: int = 0

    def begin(self) -> None:
        """Count a request that is sent."""
        self.sent += 1
        self.waits += not self._under_way
        self._under_way += 1

    def end(self) -> None:
        """Count a request that was answered."""
        self._under_way -= 1


@contextmanager
def counted_requests() -> Iterator[RequestCounts]:
    """Count the requests to the cluster."""
    counts, lock = RequestCounts(), threading.Lock()
    send = ClusterClient.send

    def counted(client: ClusterClient, request: ClusterRequest) -> ClusterAnswer:
        with lock:
            counts.begin()
        try:
            return send(client, request)
        finally:
            with lock:
                counts.end()

    with patch.object(ClusterClient, "send", counted):
        yield counts


def compare(
    embedded: OpenArchive, cluster: OpenArchive, queries: Sequence[str]
) -> tuple[Agreement, list[RequestCounts], dict[str, list[float]]]:
    """Return the agreement, the requests of each page, and the milliseconds by engine."""
    agreement, requests = Agreement(), list[RequestCounts]()
    times: dict[str, list[float]] = {"embedded": [], "cluster": []}
    for text in queries:
        request = SearchRequest(text)
        start = time.perf_counter()
        reference = embedded.search.search(request)
        middle = time.perf_counter()
        with counted_requests() as counts:
            page = cluster.search.search(request)
        times["embedded"].append(1000 * (middle - start))
        times["cluster"].append(1000 * (time.perf_counter() - middle))
        requests.append(counts)
        agreement.add(text, reference, page)
    return agreement, requests, times


def size_of_index(urls: Sequence[str]) -> dict[str, int]:
    """Merge the index and return the bytes of one copy of it and of its dictionary."""
    with ClusterClient(location_at(urls, NAME)) as client:
        path = f"/{NAME},{NAME}-words/_forcemerge?max_num_segments=1"
        client.send(ClusterRequest("POST", path, seconds=600))
        client.send(ClusterRequest("POST", f"/{NAME},{NAME}-words/_refresh"))
        path = f"/_cat/indices/{NAME}*?format=json&bytes=b&h=index,pri.store.size"
        rows = json.loads(client.send(ClusterRequest("GET", path)).content)
    return {row["index"]: int(row["pri.store.size"]) for row in rows}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument(
        "--bare", action="store_true", help="ask for two bare words of two readings"
    )
    parser.add_argument("--home", type=Path, help="keep both archives here, and use them again")
    parser.add_argument("--sizes", action="store_true", help="merge the index and say its size")
    parser.add_argument("--differences", action="store_true", help="list what differs")
    options = parser.parse_args()
    urls = os.environ[URLS_VARIABLE].split(",")
    articles = (
        itertools.islice(read_articles(options.corpus), options.articles)
        if options.corpus
        else make_up_articles(options.articles)
    )
    with ExitStack() as stack:
        folder = options.home or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        homes = folder / "embedded", folder / "cluster"
        if not homes[1].exists():
            delete_indices(urls[0], NAME)
            homes = build_archives(folder, articles, urls)
        if not options.home:
            stack.callback(delete_indices, urls[0], NAME)
        embedded, cluster = (stack.enter_context(open_archive(home)) for home in homes)
        titles = [canonical(article.title) for article, _ in embedded.store.articles()]
        draw = draw_bare_pairs if options.bare else draw_queries
        queries = draw(titles, options.queries, options.seed)
        agreement, requests, times = compare(embedded, cluster, queries)
        _print_agreement(agreement, requests, times)
        if options.differences:
            print(*agreement.differences, sep="\n")
        if options.sizes:
            for name, size in size_of_index(urls).items():
                print(f"{name}: {size / len(titles):,.0f} bytes an article")


def _print_agreement(
    agreement: Agreement, requests: Sequence[RequestCounts], times: dict[str, list[float]]
) -> None:
    rows = [
        ("queries", str(agreement.queries)),
        ("same total", str(agreement.totals)),
        ("same notices", str(agreement.notices)),
        ("same first hit", str(agreement.first_hits)),
        ("same ten in the same order", str(agreement.same_order)),
        ("overlap of the ten", f"{mean(agreement.overlaps):.3f}"),
        ("largest difference of a score, median", f"{median(agreement.score_differences):.2%}"),
        ("largest difference of a score", f"{max(agreement.score_differences):.2%}"),
        ("requests a page, median", f"{median(counts.sent for counts in requests):g}"),
        ("requests a page, most", str(max(counts.sent for counts in requests))),
        ("waits for them, median", f"{median(counts.waits for counts in requests):g}"),
        ("waits for them, most", str(max(counts.waits for counts in requests))),
        *(
            (f"ms a page, {name}, median", f"{median(values):.0f}")
            for name, values in times.items()
        ),
    ]
    print_table(("over both engines", ""), rows)


if __name__ == "__main__":
    main()
