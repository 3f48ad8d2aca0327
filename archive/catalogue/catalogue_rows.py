"""Rows of the catalogue as records: values of other types are damage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from archive.errors import DamagedError
from archive.records import Change, ChangeKind, Origin, Version, WarcLocation


@dataclass(frozen=True, slots=True)
class StatedHead:
    """What the catalogue says that the head of a record says: the media type, and its container.

    Attributes:
        media_type: What its content was sniffed as; empty where an older program kept it.
        parent: The SHA-256 of what it is a member of; empty where of nothing.
    """

    media_type: str
    parent: str


@dataclass(frozen=True, slots=True)
class StatedAnswer:
    """What the catalogue says of an answer of a crawl: its address, media type and HTTP status.

    Attributes:
        key: The key by which the address is found.
    """

    key: str
    address: str
    media_type: str
    status: int


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A WARC record that the catalogue names.

    Attributes:
        subject: What an account of it says it is: `identifier version`, or a container.
        identifier: That of its article; empty where it is of none.
        digest: The SHA-256 of its content.
        captured: When that was captured, in ISO 8601.
        location: Its place.
        moments: When the same content was captured, where several captures share the record.
        heads: What the originals that share the record say of its head.
        answers: What the captures that share the record say of its answer.
        size: The bytes of a container; None of what is none.
    """

    subject: str
    identifier: str
    digest: str
    captured: str
    location: WarcLocation
    moments: tuple[str, ...] = ()
    heads: tuple[StatedHead, ...] = ()
    answers: tuple[StatedAnswer, ...] = ()
    size: int | None = None

    @property
    def place(self) -> tuple[str, int]:
        """The WARC file and the offset in it."""
        return self.location.file, self.location.offset


def record_of_version(identifier: str, version: Version) -> KeptRecord:
    """Return the record of an article's version."""
    subject = f"{identifier} {version.number}"
    return KeptRecord(subject, identifier, version.digest, version.captured, version.location)


def record_of_origin(row: Row[Any]) -> KeptRecord:
    """Return the record of a row of origins."""
    location = WarcLocation(row.warc_file, row.warc_offset, row.warc_length)
    subject = f"{row.identifier} {row.version}"
    heads = (StatedHead(row.media_type, row.parent),)
    return KeptRecord(subject, row.identifier, row.digest, row.captured, location, heads=heads)


def record_of_container(row: Row[Any]) -> KeptRecord:
    """Return the record of a row of containers."""
    location = WarcLocation(row.warc_file, row.warc_offset, row.warc_length)
    # What is too large for one record is described, and the description is of another type.
    return KeptRecord(
        f"container {row.digest}",
        "",
        row.record_digest,
        row.captured,
        location,
        heads=(StatedHead(row.media_type, ""),) if row.record_digest == row.digest else (),
        size=row.size,
    )


def record_of_capture(row: Row[Any]) -> KeptRecord:
    """Return the record of a row of captured resources."""
    location = WarcLocation(row.warc_file, row.warc_offset, row.warc_length)
    answers = (StatedAnswer(row.address_key, row.address, row.media_type, row.status),)
    subject = f"capture of {row.address}"
    return KeptRecord(subject, "", row.digest, row.captured, location, answers=answers)


def to_change(row: Any) -> Change:
    """Return the change of a row of articles.

    Raises:
        DamagedError: it has other values.
    """
    try:
        kind = ChangeKind(row.kind)
        if not (isinstance(row.sequence, int) and isinstance(row.version, int)):
            raise ValueError
    except ValueError as error:
        raise DamagedError(
            f"the catalogue says {row.kind!r}, change {row.sequence!r}, of {row.identifier}; "
            "run `tangthu verify`"
        ) from error
    return Change(row.sequence, row.identifier, row.version, kind)


def to_version(row: Row[Any]) -> Version:
    """Return the version of a row of versions.

    Raises:
        DamagedError: it has other values.
    """
    numbers = (row.version, row.sequence, row.reader_version, row.warc_offset, row.warc_length)
    if not all(isinstance(number, int) for number in numbers):
        raise DamagedError(
            f"the catalogue has no numbers where {row.identifier} needs them; run `tangthu verify`"
        )
    return Version(
        number=row.version,
        sequence=row.sequence,
        captured=row.captured,
        digest=row.digest,
        text_digest=row.text_digest,
        origin=Origin(row.source, row.reader, row.reader_version),
        location=WarcLocation(row.warc_file, row.warc_offset, row.warc_length),
    )


def share_bounds(index: int, count: int) -> tuple[str, str]:
    """Return the bounds (low, high] of a share; identifiers begin with even hexadecimal digits."""
    low = "" if index == 0 else f"{index * 65536 // count:04x}"
    high = "" if index == count - 1 else f"{(index + 1) * 65536 // count:04x}"
    return low, high
