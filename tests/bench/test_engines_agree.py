"""Both engines agree through the whole search, on articles that are made up."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from statistics import mean, median

from indexer.open_archive import open_archive
from indexer.search.search_records import SearchRequest
from tests.bench.bench_corpus import make_up_articles
from tests.bench.engines_agree import (
    build_archives,
    compare,
    draw_bare_pairs,
    draw_queries,
)
from tests.factories import article


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
    assert max(agreement.score_differences) < 0.0001
    assert median(counts.sent for counts in requests) <= 3
    # The first one reads the dictionary.
    assert max(counts.sent for counts in requests) <= 7
    assert all(1 <= counts.waits <= counts.sent for counts in requests)


def test_readings_come_in_the_same_turn_from_both_engines(
    tmp_path: Path, opensearch_urls: tuple[str, ...], opensearch_name: str
) -> None:
    texts = {
        "Biển Đông": "Bão mạnh trên Biển Đông. Biển Đông có sóng lớn, gió số {}.",
        "Biến động": "Giá dầu biến động thêm lần {} trong tuần này ở các chợ lớn.",
        "Khác": "Tàu ra khơi, đồng lúa biên giới số {}.",
    }
    articles = [
        article(f"{title} {number}", text.format(number))
        for title, text in texts.items()
        for number in range(12)
    ]
    homes = build_archives(tmp_path, iter(articles), opensearch_urls, opensearch_name)
    with ExitStack() as stack:
        embedded, cluster = (stack.enter_context(open_archive(home)) for home in homes)
        titles = [article.title for article, _ in embedded.store.articles()]
        queries = draw_bare_pairs(titles, 10, seed=3)
        assert queries == ["bien dong"]
        agreement, _, _ = compare(embedded, cluster, queries)
        page = embedded.search.search(SearchRequest("bien dong", grouped=False))
    assert agreement.same_order == agreement.totals == agreement.notices == 1, agreement
    storms = ["Đông" in hit.title for hit in page.hits]
    assert all(one is not other for one, other in pairwise(storms)), storms
