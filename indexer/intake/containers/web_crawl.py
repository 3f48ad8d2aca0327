"""The captured documents of a web crawl (WARC, ARC), streamed record by record.

Errors, revisits and what is no document are skipped with the reason; requests and remarks of the
crawler are no members.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archive.errors import IntakeError
from archive.records import canonical_url
from indexer.intake.containers.members import Budget, BudgetedStream, Member

_NO_MEMBERS = frozenset(["warcinfo", "request", "metadata", "arc_header"])
_NO_DOCUMENTS = ("image/", "video/", "audio/", "font/", "text/css", "application/font")
_SCRIPTS = ("javascript", "ecmascript", "application/json+oembed", "x-font")
_FAILURES = (ArchiveLoadFailed, ValueError, EOFError, zlib.error, AttributeError, UnicodeError)
_LONGEST_ADDRESS = 2000
_CHUNK = 1 << 16


class _AvailableBytes:
    """A stream that gives what there is, so that damage further on costs nothing before it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._read = getattr(stream, "read1", stream.read)

    def read(self, size: int = -1) -> bytes:
        """Return the bytes that follow, no more than a size; empty at the end."""
        return bytes(self._read(size if size and size > 0 else _CHUNK))


def web_crawl_members(stream: IO[bytes], budget: Budget) -> Iterator[Member]:
    """Yield the documents of a crawl by their addresses.

    Raises:
        IntakeError: the crawl is damaged, or has too many records.
    """
    records = ArchiveIterator(_AvailableBytes(stream), arc2warc=True)
    number = 0
    while True:
        try:
            record = next(records, None)
        except _FAILURES as error:
            raise IntakeError(f"is damaged or cut short after record {number} ({error})") from error
        if record is None:
            return
        number += 1
        if record.rec_type not in _NO_MEMBERS:
            budget.count_member()
            yield _member(record, number, budget)


def _member(record: Any, number: int, budget: Budget) -> Member:
    """Return the member in one record."""
    address = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    name = address[:_LONGEST_ADDRESS] or str(number)
    if record.rec_type == "revisit":
        return Member(name, error="was captured again unchanged (revisit)", is_skipped=True)
    if record.rec_type not in ("response", "resource"):
        return Member(name, error=f"is a record of type {record.rec_type}", is_skipped=True)
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    if status != "200":
        return Member(name, error=f"was answered with status {status}", is_skipped=True)
    if reason := _furniture(record):
        return Member(name, error=reason, is_skipped=True)
    try:
        content = record.content_stream()
        coding = record.http_headers.get_header("Content-Encoding") if record.http_headers else ""
        if str(coding or "").lower() not in ("", "gzip", "x-gzip", "deflate", "identity"):
            return Member(name, error=f"is encoded as {coding}, which is not read")
    except _FAILURES as error:
        return Member(name, error=f"is damaged ({error})")
    return Member(
        name,
        io.BufferedReader(BudgetedStream(content, budget)),
        url=canonical_url(address),
        captured=_moment(record),
    )


def _furniture(record: Any) -> str:
    """Return why a record is no document by its declared type; empty where it may be one."""
    if not record.http_headers:
        return ""
    declared = str(record.http_headers.get_header("Content-Type") or "").lower().strip()
    kind = declared.partition(";")[0]
    if kind.startswith(_NO_DOCUMENTS) or any(word in kind for word in _SCRIPTS):
        return f"{kind}: a part of pages, which is no document"
    return ""


def _moment(record: Any) -> datetime | None:
    """Return when a record was captured."""
    stated = str(record.rec_headers.get_header("WARC-Date") or "")
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
