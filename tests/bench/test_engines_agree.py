"""Both engines agree through the whole search, on articles that are made up."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from statistics import mean, median

from indexer.open_archive import open_archive
from tests.bench.bench_corpus import make_up_articles
from tests.bench.engines_agree import build_archives, compare, draw_queries


def test_pages_of_both_engines_agree(
    tmp_path: Path, opensearch_urls: tuple[str, ...], opensearch_name: str
) -> None:
    homes = build_archives(tmp_path, make_up_articles(120), opensearch_urls, opensearch_name)
    with ExitStack() as stack:
        embedded, cluster = (stack.enter_context(open_archive(home)) for home in homes)
        titles = [article.title for article, _ in embedded.store.articles()]
        agreement, requests, _ = compare(embedded, cluster, draw_queries(titles, 16, seed=3))
    assert agreement.queries == agreement.totals == agreement.notices == 16, agreement.differences
    assert agreement.first_hits == 16, agreement.differences
    assert mean(agreement.overlaps) > 0.98
    assert max(agreement.score_differences) < 0.01
    assert median(counts.sent for counts in requests) <= 4
    assert max(counts.sent for counts in requests) <= 8
    assert all(1 <= counts.waits <= counts.sent for counts in requests)
