"""Originals that were destroyed: their WARC record is overwritten in place by a tombstone.

The tombstone is a metadata record (ISO 28500) of the same length in the file, padded by the
comment of its gzip member, so that every other record stays where the catalogue says. Its block
names the SHA-256 of what was there: the file still proves that it was, and when it went.
"""

from __future__ import annotations

import io
import json
import os
import uuid
import zlib

from archive.catalogue.catalogue_rows import KeptRecord
from archive.errors import DamagedError, StoreError, write_failures_as
from archive.originals.warc_dates import warc_date
from archive.originals.warc_files import Originals
from archive.originals.warc_records import read_record
from archive.records import sha256, utc_now

_COMMENT = 0x10
_HEAD = b"\x1f\x8b\x08%c\x00\x00\x00\x00\x02\xff"


def destroy_original(originals: Originals, record: KeptRecord) -> None:
    """Overwrite the original of a record, durably; once more is the same.

    Where its WARC file is only in pieces, `shipping` does so.

    Raises:
        StoreError: the disk refuses it, or the record is too short for its tombstone.
    """
    location, path = record.location, originals.folder / record.location.file
    if not originals.has_file(location.file) or is_tombstone(originals, record):
        return
    member = _tombstone(record.digest, location.length)
    with write_failures_as(StoreError, path):
        handle = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            os.pwrite(handle, member, location.offset)
            os.fsync(handle)
        finally:
            os.close(handle)


def with_tombstone(content: bytes, offset: int, record: KeptRecord, copy: bytes = b"") -> bytes:
    """Return records with a tombstone in the place of one of them; once more is the same.

    Args:
        content: the records, one after the other.
        offset: where the record begins in them.
        record: the record.
        copy: its bytes elsewhere: a tombstone there is taken, so that both stay the same.

    Raises:
        StoreError: the record is too short for its tombstone.
    """
    block, end = _block(record.digest), offset + record.location.length
    for member in (copy, content[offset:end]):
        read = read_record(io.BytesIO(member), 0)
        if read is not None and read.payload == block:
            return content[:offset] + member + content[end:]
    return content[:offset] + _tombstone(record.digest, end - offset) + content[end:]


def refuse_too_short(record: KeptRecord) -> None:
    """Refuse to destroy an original of a few bytes, in whose place no tombstone has room.

    Raises:
        StoreError: it is so short.
    """
    _tombstone(record.digest, record.location.length)


def is_tombstone(originals: Originals, record: KeptRecord) -> bool:
    """Tell whether the tombstone of a record is in its place."""
    block = _block(record.digest)
    try:
        return originals.read_record(record.location, sha256(block)).payload == block
    except DamagedError:
        return False


def _block(digest: str) -> bytes:
    return json.dumps({"removed": f"sha256:{digest}"}).encode()


def _tombstone(digest: str, length: int) -> bytes:
    """Return the gzip member of a tombstone, exactly so many bytes long."""
    block = _block(digest)
    head = (
        "WARC/1.0\r\n"
        "WARC-Type: metadata\r\n"
        f"WARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\n"
        f"WARC-Date: {warc_date(utc_now())}\r\n"
        f"WARC-Payload-Digest: sha256:{sha256(block)}\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    record = head.encode() + block + b"\r\n\r\n"
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflate.compress(record) + deflate.flush()
    tail = zlib.crc32(record).to_bytes(4, "little") + len(record).to_bytes(4, "little")
    room = length - len(_HEAD % 0) - len(body) - len(tail)
    if room < 0:
        raise StoreError(
            "an original is too short for a tombstone in its place: remove it without --destroy"
        )
    comment = b" " * (room - 1) + b"\x00" if room else b""
    return _HEAD % (_COMMENT if room else 0) + comment + body + tail
