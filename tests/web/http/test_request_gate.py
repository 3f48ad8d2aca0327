"""Pages are made in turn; what is there already waits for nobody."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask

from indexer.open_archive import OpenArchive
from indexer.search.search_records import ResultPage, SearchRequest
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article, client_of


class Slow(SearchService):
    """Searches that can be held up, and fail when they are to."""

    def __init__(self, archive: OpenArchive) -> None:
        super().__init__(archive.store, archive.live_index)
        self.now = self.most = 0
        self.go_on = threading.Event()
        self.go_on.set()

    def search(self, question: SearchRequest) -> ResultPage:
        self.now += 1
        self.most = max(self.most, self.now)
        time.sleep(0.01)
        assert self.go_on.wait(10)
        self.now -= 1
        if question.text == "sai":
            raise RuntimeError("on purpose")
        return super().search(question)


@pytest.fixture
def archive(archive_of: ArchiveFactory) -> OpenArchive:
    return archive_of(article("Công an", "x"))


@pytest.fixture
def searcher(archive: OpenArchive) -> Slow:
    return Slow(archive)


@pytest.fixture
def app(archive: OpenArchive, searcher: Slow) -> Flask:
    return client_of(replace(archive, search=searcher), rate="").application


def asked(app: Flask, path: str) -> int:
    return app.test_client().get(path).status_code


def test_pages_are_made_one_after_the_other(app: Flask, searcher: Slow) -> None:
    paths = [f"{path}?q=cong+{n}" for n in range(6) for path in ("/", "/api/v1/search")]
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(lambda path: asked(app, path), paths)) == {200}
    assert searcher.most == 1


def test_what_is_there_already_waits_for_nobody(app: Flask, searcher: Slow) -> None:
    assert asked(app, "/?q=cong") == 200
    searcher.go_on.clear()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(asked, app, "/?q=an")
        while not searcher.now:
            time.sleep(0.01)
        assert asked(app, "/?q=cong") == 200
        assert asked(app, "/healthz") == 200
        assert not waiting.done()
        searcher.go_on.set()
        assert waiting.result(10) == 200


def test_a_page_that_fails_gives_its_turn_back(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert [asked(app, path) for path in ("/?q=sai", "/?q=sai", "/?q=cong")] == [500, 500, 200]
    assert asked(app, "/article/none") == 404
    assert asked(app, "/?q=an") == 200
