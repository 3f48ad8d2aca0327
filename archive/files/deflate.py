"""Compression of what an archive keeps, in zlib's formats, which every program reads.

Intel's ISA-L makes the same formats in a third of the time, a twentieth larger, and reads them in
two thirds.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

try:
    from isal import isal_zlib
except ImportError:
    # There is no wheel for this machine.
    isal_zlib = None  # type: ignore[assignment]

_LEVEL = 3
"""ISA-L's highest: the others are hardly faster."""

_GZIP = zlib.MAX_WBITS + 16


def deflate(content: bytes) -> bytes:
    """Return a content as a zlib stream."""
    if isal_zlib is None:
        return zlib.compress(content)
    return isal_zlib.compress(content, _LEVEL)


def inflate(content: bytes, limit: int) -> bytes | None:
    """Return the content of a zlib stream; None if it is cut, or larger than the limit.

    Raises:
        ValueError: it is damaged, or no bytes.
    """
    module: Any = isal_zlib or zlib
    inflater = module.decompressobj()
    try:
        inflated: bytes = inflater.decompress(content, limit)
    except (module.error, TypeError) as error:
        raise ValueError("no such stream") from error
    return inflated if inflater.eof else None


def gzip_member(parts: Iterable[bytes]) -> bytes:
    """Return parts of a content, one after another, as one gzip member."""
    if isal_zlib is None:
        compressor = zlib.compressobj(wbits=_GZIP)
    else:
        compressor = isal_zlib.compressobj(_LEVEL, wbits=_GZIP)
    return b"".join([*map(compressor.compress, parts), compressor.flush()])
