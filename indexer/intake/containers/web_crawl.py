"""The captured documents of a web crawl (WARC, ARC), streamed record by record.

Errors, revisits and what is no document are skipped with the reason; requests and remarks of the
crawler are no members. Every answer of a web address is kept with its HTTP head (`Capture`).
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archive.catalogue.lookup_keys import address_key
from archive.errors import IntakeError
from archive.originals.captures import Capture, capture_moment
from archive.originals.warc_records import RECORD_LIMIT, content_of, status_of
from archive.records import canonical_url, sha256
from archive.storable_texts import storable
from indexer.intake.containers.capture_moments import moment_of
from indexer.intake.containers.members import Budget, BudgetedStream, Member
from indexer.intake.containers.revisits import CapturedAnswers
from indexer.intake.decompression import unpack_brotli

_NO_MEMBERS = frozenset(["warcinfo", "request", "metadata", "arc_header"])
_NO_DOCUMENTS = ("image/", "video/", "audio/", "font/", "text/css", "application/font")
_SCRIPTS = ("javascript", "ecmascript", "application/json+oembed", "x-font")
_FAILURES = (ArchiveLoadFailed, ValueError, EOFError, zlib.error, AttributeError, UnicodeError)
_LONGEST_ADDRESS = 2000
_LONGEST_TYPE = 255
_CODINGS = ("", "gzip", "x-gzip", "deflate", "identity", "br")
_WITH_CONTENT = ("response", "resource", "conversion")
"""Types of records that hold documents; conversions are members that our own files have."""
_CHUNK = 1 << 16
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?\s*([\w\-:.]+)", re.IGNORECASE | re.ASCII)
_LONGEST_LABEL = 40


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
    answers, number = CapturedAnswers(), 0
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
            member = _member(record, number, budget, answers)
            if member.capture and not member.capture.refers_to:
                answers.remember(record, member.capture)
            yield member


def _member(record: Any, number: int, budget: Budget, answers: CapturedAnswers) -> Member:
    """Return the member in one record."""
    address = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    name = address[:_LONGEST_ADDRESS] or str(number)
    if record.rec_type == "revisit":
        capture = answers.resolve(record, storable(address))
        reason = "was captured again unchanged (revisit)"
        return Member(name, error=reason, is_skipped=True, capture=capture)
    if record.rec_type not in _WITH_CONTENT:
        return Member(name, error=f"is a record of type {record.rec_type}", is_skipped=True)
    try:
        body = record.raw_stream.read(RECORD_LIMIT + 1)
    except _FAILURES as error:
        return Member(name, error=f"is damaged ({error})")
    if len(body) > RECORD_LIMIT:
        return Member(name, error=f"is larger than {RECORD_LIMIT} bytes")
    head, moment = record.http_headers, moment_of(record)
    content = content_of(head, io.BytesIO(body))
    capture = _capture(record, address, body, content, moment)
    if reason := _reason_to_skip(head):
        return Member(name, error=reason, is_skipped=True, capture=capture)
    coding = _header(head, "Content-Encoding")
    if coding not in _CODINGS:
        return Member(name, error=f"is encoded as {coding}, which is not read", capture=capture)
    if coding == "br" and content:
        try:
            content = unpack_brotli(content)
        except IntakeError as error:
            return Member(name, error=str(error), capture=capture)
    return Member(
        name,
        io.BufferedReader(BudgetedStream(io.BytesIO(content), budget)),
        url=canonical_url(address),
        captured=moment,
        charset=_charset(_header(head, "Content-Type") if head else str(record.content_type or "")),
        capture=capture,
    )


def _capture(
    record: Any, address: str, body: bytes, content: bytes, moment: datetime | None
) -> Capture | None:
    """Return the answer in a record as it is kept; None where it is of no web address."""
    if not address_key(address) or not canonical_url(address) or moment is None:
        return None
    head = record.http_headers
    declared = _header(head, "Content-Type") if head else str(record.content_type or "")
    return Capture(
        address=storable(address),
        captured=capture_moment(moment),
        media_type=storable(declared.partition(";")[0].strip()[:_LONGEST_TYPE]),
        status=status_of(head) if head else 200,
        digest=sha256(content),
        block=head.to_bytes() + body if head else body,
        is_response=head is not None,
    )


def _charset(declared: str) -> str:
    """Return the encoding in a media type (`text/html; charset="x"`); empty without one."""
    match = _CHARSET.search(declared)
    return match[1][:_LONGEST_LABEL] if match else ""


def _header(head: Any, name: str) -> str:
    return str(head.get_header(name) or "").lower().strip() if head else ""


def is_part_of_page(media_type: str) -> bool:
    """Tell whether an answer of a media type is a picture, a style or a script."""
    kind = media_type.lower()
    return kind.startswith(_NO_DOCUMENTS) or any(word in kind for word in _SCRIPTS)


def _reason_to_skip(head: Any) -> str:
    """Return why an answer is no document by its HTTP head; empty where it may be one."""
    if head is None:
        return ""
    status = head.get_statuscode()
    if status != "200":
        return f"was answered with status {status}"
    kind = _header(head, "Content-Type").partition(";")[0]
    if is_part_of_page(kind):
        return f"{kind}: a part of pages, which is no document"
    return ""
