"""Reading a document page by page whose reader dies of it: the readable pages are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import msgspec

from archive.document_account import DocumentAccount, ReadingState
from archive.errors import IntakeError, UnreadableError
from archive.records import Article
from indexer.intake.isolation.frames import ReadRequest

MOST_FAILURES = 24
"""Requests that may fail before the pages that were not read yet are given up."""

_MOST_SLOW = 2
"""Requests that may take too long before that."""

_MOST_NAMED = 5


class PageReading(Protocol):
    """The sender of requests to a child that may die of each.

    Attributes:
        slow_deaths: Children that were killed so far because they took too long.
    """

    slow_deaths: int

    def read_article(self, request: ReadRequest, data: bytes) -> Article:
        """Return the article in some pages, or raise an IntakeError."""
        ...

    def count_pages(self, request: ReadRequest, data: bytes) -> int:
        """Return the number of pages, or raise an IntakeError."""
        ...


def read_by_pages(
    reading: PageReading, counting: ReadRequest, request: ReadRequest, data: bytes, reason: str
) -> Article:
    """Return the article of those pages that can be read.

    Args:
        reading: Sends the requests.
        counting: The request for the number of pages.
        request: The request for the whole document.
        data: The document.
        reason: Why the whole document could not be read.

    Raises:
        UnreadableError: no page can be read.
    """
    try:
        count = reading.count_pages(counting, data)
    except IntakeError:
        count = 0
    if count < 2:
        raise UnreadableError(reason)
    failures, most_slow = 0, reading.slow_deaths + _MOST_SLOW
    parts: list[Article] = []
    unread: list[tuple[int, int]] = []
    waiting = [(0, count)]
    while waiting:
        first, end = waiting.pop()
        if failures >= MOST_FAILURES or reading.slow_deaths >= most_slow:
            unread.append((first, end))
            continue
        try:
            parts.append(
                reading.read_article(msgspec.structs.replace(request, pages=(first, end)), data)
            )
        except IntakeError:
            failures += 1
            middle = (first + end) // 2
            if end - first > 1:
                # The last in is the next out: pages are read in their order.
                waiting += [(middle, end), (first, middle)]
            else:
                unread.append((first, end))
    if not any(part.sections for part in parts):
        raise UnreadableError(reason)
    return _joined(parts, unread, reason)


def _joined(parts: list[Article], unread: list[tuple[int, int]], reason: str) -> Article:
    """Return one article of those of several runs of pages, with the account of the unread."""
    pages = sum(end - first for first, end in unread)
    ranges = [str(first + 1) if end - first == 1 else f"{first + 1}-{end}" for first, end in unread]
    named = ", ".join(ranges[:_MOST_NAMED]) + (" …" if len(ranges) > _MOST_NAMED else "")
    account = replace(
        parts[0].account or DocumentAccount(),
        state=ReadingState.PARTIAL,
        reason=f"{pages} pages could not be read ({named}): {reason}",
    )
    sections = tuple(section for part in parts for section in part.sections)
    return replace(parts[0], sections=sections, account=account)
