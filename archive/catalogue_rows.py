"""Rows of the catalogue as records: values of other types are damage."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from archive.errors import DamagedError
from archive.records import Change, ChangeKind, Origin, Version, WarcLocation


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
