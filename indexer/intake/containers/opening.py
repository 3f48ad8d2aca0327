"""Opening containers: one table from media type to the function that yields the members."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import IO

from archive.errors import IntakeError
from indexer.intake import media_types
from indexer.intake.containers.members import Budget, Member
from indexer.intake.isolation.reader_children import ReaderChildren

CONTAINERS: dict[str, tuple[str, str]] = {
    media_types.ZIP: ("packed_files", "zip_members"),
    media_types.TAR: ("packed_files", "tar_members"),
    media_types.WACZ: ("packed_files", "crawl_members"),
    media_types.MAILBOX: ("mailbox_members", "mailbox_members"),
    media_types.MAIL: ("mail_message", "mail_members"),
    media_types.OUTLOOK_MESSAGE: ("outlook_attachments", "outlook_members"),
    media_types.TRANSPORT: ("outlook_attachments", "transported_members"),
    media_types.WARC: ("web_crawl", "web_crawl_members"),
    media_types.ARC: ("web_crawl", "web_crawl_members"),
}
"""The module and the function of each container, imported when the first one is met."""

ISOLATED = frozenset([media_types.OUTLOOK_MESSAGE, media_types.TRANSPORT])
"""The containers that a reading child opens, since their lists are file systems of their own."""

PACKAGES = frozenset([media_types.ZIP, media_types.OLE])
"""Media types of which only the list of parts says what they are."""

LARGEST_PACKAGE = 2 << 30
"""Bytes of a package inside another container, which are kept in a temporary file meanwhile."""

_IN_MEMORY = 32 << 20
_CHUNK = 1 << 20


def open_members(
    media_type: str, stream: IO[bytes], budget: Budget, children: ReaderChildren
) -> Iterator[Member]:
    """Yield the members of a container.

    Args:
        media_type: What it was sniffed as.
        stream: Its bytes.
        budget: What it may unfold to.
        children: They open the containers that this process does not.

    Raises:
        IntakeError: it is damaged, or its budget is spent.
    """
    module, name = CONTAINERS[media_type]
    function: Callable[..., Iterator[Member]] = getattr(
        import_module(f"indexer.intake.containers.{module}"), name
    )
    if media_type in ISOLATED:
        yield from function(stream, budget, children)
    else:
        yield from function(stream, budget)


@contextmanager
def seekable(stream: io.BufferedReader) -> Iterator[IO[bytes]]:
    """Yield a stream of the same bytes that can be sought in.

    Raises:
        IntakeError: there are too many of them.
    """
    if stream.seekable():
        yield stream
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
        while data := stream.read(_CHUNK):
            copy.write(data)
            if copy.tell() > LARGEST_PACKAGE:
                raise IntakeError(f"is larger than {LARGEST_PACKAGE} bytes")
        copy.seek(0)
        yield copy
