"""Containers that are kept as files beside their members: ZIP, TAR and mailboxes.

Of a crawl (WARC, ARC, WACZ) the answers are kept, each in a record of its own, and no file.
"""

from __future__ import annotations

import hashlib
import io
import os
from typing import Any

from archive.originals.container_files import LARGEST_CONTAINER, ContainerFile
from archive.records import utc_now
from archive.storable_texts import storable
from indexer.intake import media_types

_KEPT = frozenset([media_types.ZIP, media_types.TAR, media_types.MAILBOX])
_CHUNK = 1 << 20


def container_file(
    file: io.BufferedReader[Any], source: str, media_type: str
) -> ContainerFile | None:
    """Return a container as it is kept; None for a kind that is not, or where a pipe ran through.

    Args:
        file: The file, compressed as it may be; where it is read does not change.
        source: Its place.
        media_type: What it was sniffed as, without its compression.
    """
    if media_type not in _KEPT:
        return None
    digest, size, start = hashlib.sha256(), 0, bytearray()
    try:
        handle = file.fileno()
        while data := os.pread(handle, _CHUNK, size):
            digest.update(data)
            size += len(data)
            if size <= LARGEST_CONTAINER:
                start += data
    except OSError:
        # A pipe, or bytes in memory.
        return None
    content = bytes(start) if size <= LARGEST_CONTAINER else b""
    captured = utc_now().isoformat()
    return ContainerFile(digest.hexdigest(), storable(source), media_type, size, captured, content)
