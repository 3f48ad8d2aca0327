"""Pages made a moment ago, kept in memory under the tag of all that they follow from."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, request

LARGEST = 512 << 10
"""Bytes of a page that is kept."""

_PACKED = "gzip"


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was sent."""

    body: bytes
    headers: tuple[tuple[str, str], ...]


class PageCache:
    """The pages used last, up to a number of bytes; safe to share between threads.

    Args:
        limit: bytes of all bodies together.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._pages: OrderedDict[str, Kept] = OrderedDict()
        self.size = 0

    def get(self, key: str) -> Kept | None:
        """The page, if it is there."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is not None:
                self._pages.move_to_end(key)
            return kept

    def put(self, key: str, page: Kept) -> None:
        """Keep a page; those not used for longest go."""
        with self._lock:
            before = self._pages.pop(key, None)
            self._pages[key] = page
            self.size += len(page.body) - (len(before.body) if before else 0)
            while self.size > self._limit:
                _, gone = self._pages.popitem(last=False)
                self.size -= len(gone.body)


def register(app: Flask, limit: int) -> None:
    """Let the application keep its pages; to be registered before everything that changes them."""
    app.extensions["tangthu.pages"] = cache = PageCache(limit)

    @app.after_request
    def keep(response: Response) -> Response:
        key = g.get("page_key")
        if key and response.status_code == 200 and not response.is_streamed:
            body = response.get_data()
            if len(body) <= LARGEST:
                cache.put(key, Kept(body, tuple(response.headers.items())))
        return response


def kept_page(tag: str) -> Response | None:
    """The page of this tag as this client takes it; where there is none, it will be kept."""
    cache: PageCache = current_app.extensions["tangthu.pages"]
    key = f"{tag} {_PACKED if request.accept_encodings[_PACKED] > 0 else ''}"
    kept = cache.get(key)
    if kept is None:
        g.page_key = key
        return None
    return Response(kept.body, headers=list(kept.headers))
