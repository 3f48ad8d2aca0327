"""Captured resources: every answer that a crawl had, findable by its address and time.

Pages, pictures, styles and scripts of a crawl are kept as the crawl had them, each answer with its
HTTP head in a record of its own. What was captured again with the same content shares the record.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, inspect, select

from archive.catalogue import tables
from archive.catalogue.lookup_keys import address_key
from archive.clocks import by_clock
from archive.originals.warc_dates import warc_date
from archive.originals.warc_records import RecordHead, pack_record
from archive.records import WarcLocation

_ANSWER = "application/http; msgtype=response"


class Capture(msgspec.Struct, frozen=True):
    """An answer of a crawl that is to be kept.

    Attributes:
        address: The address that was asked for.
        captured: When, in ISO 8601 and UTC.
        media_type: What the answer says that it is.
        status: The HTTP status; 200 where the crawl kept the content alone.
        digest: The SHA-256 of its content, without codings.
        block: The HTTP head and the body as they came, or the content alone.
        is_response: Whether the block has an HTTP head.
        member: The packed record; empty until it is packed.
        refers_to: The address whose earlier answer it is, which has the record; empty where it has
            one of its own.
    """

    address: str
    captured: str
    media_type: str
    status: int
    digest: str
    block: bytes = b""
    is_response: bool = True
    member: bytes = b""
    refers_to: str = ""

    def packed(self) -> Capture:
        """Return the capture with its record as it is kept.

        Raises:
            StoreError: the answer is too large.
        """
        if self.member or self.refers_to:
            return self
        head = RecordHead(
            self.address,
            warc_date(datetime.fromisoformat(self.captured)),
            "response" if self.is_response else "resource",
            _ANSWER if self.is_response else self.media_type,
        )
        return msgspec.structs.replace(self, block=b"", member=pack_record(self.block, head))


@dataclass(frozen=True, slots=True)
class CapturedResource:
    """A captured resource in the catalogue; `captured` is ISO 8601 in UTC.

    Attributes:
        address: The address, as the crawl asked for it.
        captured: When it was captured.
        media_type: What the answer said that it is.
        status: The HTTP status.
        digest: The SHA-256 of its content, without codings.
        location: Its WARC record.
    """

    address: str
    captured: str
    media_type: str
    status: int
    digest: str
    location: WarcLocation


def capture_moment(captured: datetime) -> str:
    """Return a time of capture as the catalogue compares it: ISO 8601, UTC, whole seconds."""
    return by_clock(captured, UTC).replace(microsecond=0).isoformat()


def capture_row(capture: Capture, location: WarcLocation) -> dict[str, Any]:
    """Return the row of a capture whose record is at a place."""
    return {
        "address_key": address_key(capture.address),
        "captured": capture.captured,
        "digest": capture.digest,
        "address": capture.address[: tables.SOURCE_LIMIT],
        "media_type": capture.media_type[:255],
        "status": capture.status,
        "warc_file": location.file,
        "warc_offset": location.offset,
        "warc_length": location.length,
    }


def find_captures(
    connection: Connection, addresses: Collection[str], limit: int
) -> dict[str, list[CapturedResource]]:
    """Return the captures of addresses, however they are written, each in the order of time."""
    table = tables.captured_resources
    keys = {address: address_key(address) for address in addresses}
    # A catalogue of schema 6 that is only read has none.
    if not any(keys.values()) or not inspect(connection).has_table(table.name):
        return {}
    query = select(table).where(table.c.address_key.in_(set(filter(None, keys.values()))))
    query = query.order_by(table.c.captured, table.c.digest).limit(limit)
    captures: dict[str, list[CapturedResource]] = {}
    for row in connection.execute(query):
        captures.setdefault(row.address_key, []).append(to_captured(row))
    return {address: captures[key] for address, key in keys.items() if key in captures}


def to_captured(row: Row[Any]) -> CapturedResource:
    """Return the captured resource of a row."""
    return CapturedResource(
        address=row.address,
        captured=row.captured,
        media_type=row.media_type,
        status=row.status,
        digest=row.digest,
        location=WarcLocation(row.warc_file, row.warc_offset, row.warc_length),
    )
