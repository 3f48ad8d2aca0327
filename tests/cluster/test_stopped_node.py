"""A node that is stopped and not dead: it is connected, and never answers."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import EngineError
from archive.settings.archive_settings import write_archive_settings
from archive.store import Store
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import OpenArchive, open_archive
from indexer.search.search_records import SearchRequest
from tests.factories import article, keep
from tests.opensearch_server import REQUIRED, OpenSearchCluster, reason_to_skip

pytestmark = pytest.mark.slow

_ARTICLES = 30
_LONGEST = 120.0
"""Seconds in which a search has to end on a busy machine; its own deadline is ten."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[OpenSearchCluster]:
    """Yield a cluster whose nodes may be stopped."""
    if (reason := reason_to_skip()) and not os.environ.get(REQUIRED):
        pytest.skip(reason)
    with OpenSearchCluster() as running:
        yield running


@pytest.fixture(scope="module")
def stopped_archive(
    cluster: OpenSearchCluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenArchive]:
    """Yield an archive each of whose shards has a copy on two nodes."""
    home: Path = tmp_path_factory.mktemp("home")
    nodes = ",".join(url.removeprefix("http://") for url in cluster.urls)
    with Store(home) as store:
        write_archive_settings(
            home, {"engine": f"opensearch://{nodes}/stopped?shards=3&replicas=1"}
        )
        keep(store, *(article(f"Sông Hương {n}", f"Bài số {n}.") for n in range(_ARTICLES)))
        IndexBuilder(store).rebuild()
    cluster.wait_until_green()
    with open_archive(home) as archive:
        yield archive


def _search(archive: OpenArchive) -> int | None:
    """Search in a thread; return the total, or None where an error was said in time."""
    results: list[int | None] = []

    def work() -> None:
        try:
            page = archive.search.search(SearchRequest("sông hương"))
        except EngineError:
            results.append(None)
        else:
            results.append(page.total_full if page.complete else None)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(_LONGEST)
    assert results, "the search hangs"
    return results[0]


@pytest.mark.parametrize("is_manager", [False, True])
def test_searches_end_while_a_node_is_stopped_and_are_right_again(
    cluster: OpenSearchCluster, stopped_archive: OpenArchive, is_manager: bool
) -> None:
    assert _search(stopped_archive) == _ARTICLES
    number = (cluster.manager() + (0 if is_manager else 1)) % len(cluster.urls)
    cluster.pause_node(number)
    try:
        # Never a wrong number; right ones as soon as the others have given the node up.
        totals = [_search(stopped_archive)]
        end = time.monotonic() + 3 * _LONGEST
        while totals[-1] != _ARTICLES and time.monotonic() < end:
            totals.append(_search(stopped_archive))
        assert totals[-1] == _ARTICLES
        assert set(totals) <= {_ARTICLES, None}
    finally:
        cluster.pause_node(number, pause=False)
    cluster.wait_until_green()
    assert [_search(stopped_archive) for _ in range(6)] == [_ARTICLES] * 6
