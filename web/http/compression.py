"""Answers compressed with gzip for clients that take it, those that are streamed as well."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator

from flask import Flask, Response, request

LEVEL = 5
"""Past this one, time grows faster than size shrinks."""

SMALLEST = 600
"""Bytes; less fits one packet as it is."""

_TYPES = ("text/", "application/json", "application/problem+json", "image/svg+xml")
_ENDINGS = ("+xml", "+json", "/jsonl", "/javascript", "-bibtex", "-systems")


def register(app: Flask) -> None:
    """Let the application compress what it answers; to be registered before other hooks."""
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    if not _worth_it(response):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0:
        return response
    if response.is_streamed and not response.direct_passthrough:
        response.response = compressed(response.iter_encoded())
        response.headers.pop("Content-Length", None)
    else:
        response.direct_passthrough = False
        whole = response.get_data()
        if len(whole) < SMALLEST:
            return response
        response.set_data(gzip.compress(whole, LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response


def compressed(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The blocks as one gzip member, each sent on as soon as something comes of it."""
    deflate = zlib.compressobj(LEVEL, wbits=31)
    for block in blocks:
        part = deflate.compress(block)
        if part:
            yield part
    yield deflate.flush()


def _worth_it(response: Response) -> bool:
    if response.status_code == 304 or "Content-Encoding" in response.headers:
        return False
    kind = response.mimetype or ""
    return kind.startswith(_TYPES) or kind.endswith(_ENDINGS)
