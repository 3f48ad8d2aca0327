"""A cache of rendered pages in memory, keyed by their entity tag and encoding."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, request

LARGEST_PAGE = 512 << 10
"""Bytes of the largest page that is cached."""

_GZIP = "gzip"


@dataclass(frozen=True, slots=True)
class CachedPage:
    """Body and headers of a page as it was sent."""

    body: bytes
    headers: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        """Bytes of memory of its body and of its headers, whose names are shared by all pages."""
        return len(self.body) + sum(map(_bytes_of_header, self.headers))


def _bytes_of_header(header: tuple[str, str]) -> int:
    return sys.getsizeof(header) + sys.getsizeof(header[1])


class PageCache:
    """A cache that evicts the least recently used pages; safe to share between threads.

    Args:
        limit: bytes of all pages together; the headers of a small one take a third of it.

    Attributes:
        size: bytes of the pages that are cached now.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._pages: OrderedDict[str, CachedPage] = OrderedDict()
        self.size = 0

    def get(self, key: str) -> CachedPage | None:
        """Return the page under a key, or None."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: str, page: CachedPage) -> None:
        """Add a page, and evict the least recently used ones beyond the limit."""
        with self._lock:
            previous = self._pages.pop(key, None)
            self._pages[key] = page
            self.size += page.size - (previous.size if previous else 0)
            while self.size > self._limit:
                _, evicted = self._pages.popitem(last=False)
                self.size -= evicted.size


def register(app: Flask, limit: int) -> None:
    """Let the application cache its pages; register this before all hooks that change answers."""
    app.extensions["tangthu.pages"] = cache = PageCache(limit)

    @app.after_request
    def cache_page(response: Response) -> Response:
        key = g.get("page_key")
        if key and response.status_code == 200 and not response.is_streamed:
            body = response.get_data()
            if len(body) <= LARGEST_PAGE:
                cache.put(key, CachedPage(body, tuple(response.headers.items())))
        return response


def cached_page(tag: str) -> Response | None:
    """Return the page of a tag in the client's encoding; None lets the new one be cached."""
    cache: PageCache = current_app.extensions["tangthu.pages"]
    key = f"{tag} {_GZIP if request.accept_encodings[_GZIP] > 0 else ''}"
    page = cache.get(key)
    if page is None:
        g.page_key = key
        return None
    return Response(page.body, headers=list(page.headers))
