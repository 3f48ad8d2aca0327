"""The cache of pages: so many bytes, the least recently used ones leave first."""

from __future__ import annotations

import pytest
from flask import Flask, Response

from web.http.page_cache import LARGEST_PAGE, CachedPage, PageCache, cached_page, register


def page(size: int) -> CachedPage:
    return CachedPage(b"x" * size, ())


def test_the_least_recently_used_pages_leave_beyond_the_limit() -> None:
    cache = PageCache(10)
    cache.put("a", page(4))
    cache.put("b", page(6))
    assert cache.size == 10
    assert cache.get("a") == page(4)
    cache.put("c", page(1))
    assert [bool(cache.get(key)) for key in "abc"] == [True, False, True]
    assert cache.size == 5
    # A page that is put again replaces the earlier one.
    cache.put("a", page(2))
    assert (cache.size, cache.get("a")) == (3, page(2))
    cache.put("d", page(11))
    assert (cache.size, cache.get("d"), cache.get("c")) == (0, None, None)


def test_headers_take_their_room() -> None:
    headers = tuple((f"Name-{number}", "value" * 20) for number in range(18))
    small = CachedPage(b"x" * 1000, headers)
    assert 18 * 100 < small.size - 1000 < 18 * 400
    cache = PageCache(10 * small.size)
    for number in range(30):
        cache.put(str(number), small)
    assert cache.size == 10 * small.size
    assert [bool(cache.get(str(number))) for number in (0, 19, 20, 29)] == [
        False,
        False,
        True,
        True,
    ]
    cache.put("29", page(1000))
    assert cache.size == 9 * small.size + 1000


@pytest.mark.parametrize(
    ("size", "status", "is_cached"),
    [(LARGEST_PAGE, 200, True), (LARGEST_PAGE + 1, 200, False), (9, 404, False), (9, 200, True)],
)
def test_whole_pages_of_some_size_are_cached(size: int, status: int, is_cached: bool) -> None:
    app, made = Flask("test"), [0]
    register(app, 4 * LARGEST_PAGE)

    def view() -> Response:
        answer = cached_page("tag")
        made[0] += answer is None
        return answer or Response(b"x" * size, status, mimetype="text/css")

    app.add_url_rule("/", "page", view_func=view)
    client = app.test_client()
    answers = [client.get("/") for _ in range(2)]
    assert [len(answer.data) for answer in answers] == [size, size]
    assert {answer.mimetype for answer in answers} == {"text/css"}
    assert made[0] == 2 - is_cached
    # Readers with another encoding get a page of their own.
    client.get("/", headers={"Accept-Encoding": "gzip"})
    client.get("/", headers={"Accept-Encoding": "gzip;q=0"})
    assert made[0] == (2 if is_cached else 4)


def test_kept_pages_take_no_more_than_they_may() -> None:
    cache = PageCache(100)
    for number in range(50):
        cache.put(str(number % 20), CachedPage(b"x" * 30, ()))
    assert cache.size == 90
    for _ in range(9):
        cache.put("9", CachedPage(b"y" * 20, ()))
    assert cache.size == 80
    assert cache.get("9") is not None
    assert cache.get("10") is None
    cache.put("big", CachedPage(b"x" * 101, ()))
    assert cache.size == 0
