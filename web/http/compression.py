"""Compression with Brotli or gzip, whichever a client accepts; of streamed answers with gzip."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

import brotli
from flask import Flask, Response, request

LEVEL = 5
"""The level of gzip; beyond it, time grows faster than size shrinks."""

BROTLI_LEVEL = 7
"""The level of Brotli; two more take ten times as long."""

SMALLEST_BODY = 600
"""Bytes of the smallest body that is compressed; a smaller one fits one packet as it is."""

_TYPES = ("text/", "application/json", "application/problem+json", "image/svg+xml")
_ENDINGS = ("+xml", "+json", "/jsonl", "/javascript", "-bibtex", "-systems")


def register(app: Flask) -> None:
    """Let the application compress its answers; register this before other hooks."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if not _is_compressible(response):
        return response
    response.vary.add("Accept-Encoding")
    accepted = request.accept_encodings
    is_streamed = response.is_streamed and not response.direct_passthrough
    if not is_streamed and accepted["br"] > 0 and accepted["br"] >= accepted["gzip"]:
        return _with_brotli(response)
    if accepted["gzip"] <= 0:
        return response
    if is_streamed:
        response.response = compress_stream(response.iter_encoded())
        response.headers.pop("Content-Length", None)
    else:
        response.direct_passthrough = False
        body = response.get_data()
        if len(body) < SMALLEST_BODY:
            return response
        response.set_data(gzip.compress(body, LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response


def _with_brotli(response: Response) -> Response:
    """Compress with Brotli: its window holds a whole page, whose long addresses are alike."""
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= SMALLEST_BODY:
        is_kept = request.endpoint == "static"
        packed = _packed_file(body) if is_kept else brotli.compress(body, quality=BROTLI_LEVEL)
        response.set_data(packed)
        response.headers["Content-Encoding"] = "br"
    return response


@lru_cache(8)
def _packed_file(body: bytes) -> bytes:
    """Compress a static file as small as it gets: once, since all pages of all readers name it."""
    packed: bytes = brotli.compress(body)
    return packed


def compress_stream(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the blocks as one gzip member, each as soon as the compressor gives bytes."""
    deflate = zlib.compressobj(LEVEL, wbits=31)
    for block in blocks:
        output = deflate.compress(block)
        if output:
            yield output
    yield deflate.flush()


def _is_compressible(response: Response) -> bool:
    if response.status_code == 304 or "Content-Encoding" in response.headers:
        return False
    kind = response.mimetype or ""
    return kind.startswith(_TYPES) or kind.endswith(_ENDINGS)
