"""Container files: a file that originals are members of is kept once, whole or described.

Each member is a record of its own, which refers to that of its container. A file that is too large
for one record is kept as a description: its name, size and SHA-256.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from archive.catalogue import tables
from archive.catalogue.catalogue_rows import KeptRecord, record_of_container
from archive.originals.warc_dates import warc_date
from archive.originals.warc_records import RecordHead, original_uri, pack_record, record_id_of
from archive.records import WarcLocation, sha256

MEMBER_SIGN = "!"
"""The sign between a container and its member in a source."""

LARGEST_CONTAINER = 32 << 20
"""Bytes of a container that is kept whole."""


class ContainerFile(msgspec.Struct, frozen=True):
    """A file of members that is to be kept with the first of them.

    Attributes:
        digest: The SHA-256 of its bytes.
        source: Its place.
        media_type: What it was sniffed as, without its compression.
        size: Its bytes.
        captured: When it was read, in ISO 8601.
        content: Its bytes; empty where they are too many.
    """

    digest: str
    source: str
    media_type: str
    size: int
    captured: str
    content: bytes = b""

    @property
    def block(self) -> bytes:
        """The content of its record: its bytes, or the description of a larger one."""
        if self.content:
            return self.content
        name = PurePosixPath(self.source.replace("\\", "/")).name
        record = {"name": name, "sha256": self.digest, "size": self.size, "type": self.media_type}
        return json.dumps(record, ensure_ascii=False, sort_keys=True).encode()

    def packed(self) -> bytes:
        """Return its record."""
        head = RecordHead(
            original_uri(self.digest),
            warc_date(datetime.fromisoformat(self.captured)),
            "resource" if self.content else "metadata",
            self.media_type if self.content else "application/json",
            record_id_of(self.digest),
        )
        return pack_record(self.block, head)


def find_containers(connection: Connection, digests: Collection[str]) -> list[KeptRecord]:
    """Return the records of the containers with these digests that are kept whole."""
    table = tables.containers
    query = select(table).where(table.c.digest.in_(list(digests)))
    return [record_of_container(row) for row in connection.execute(query) if _is_whole(row)]


def _is_whole(row: Row[Any]) -> bool:
    return bool(row.record_digest == row.digest)


def container_row(container: ContainerFile, location: WarcLocation) -> dict[str, Any]:
    """Return the row of a container whose record is at a place."""
    return {
        "digest": container.digest,
        "record_digest": sha256(container.block),
        "source": container.source[: tables.SOURCE_LIMIT],
        "media_type": container.media_type,
        "size": container.size,
        "captured": container.captured,
        "warc_file": location.file,
        "warc_offset": location.offset,
        "warc_length": location.length,
    }
