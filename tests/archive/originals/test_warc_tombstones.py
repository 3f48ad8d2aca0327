"""A tombstone takes just the place of a record, and proves what was there."""

from __future__ import annotations

import gzip
import io

import pytest

from archive.catalogue.catalogue_rows import KeptRecord
from archive.errors import StoreError
from archive.originals.warc_records import RecordHead, pack_record, read_record
from archive.originals.warc_tombstones import _tombstone, refuse_too_short, with_tombstone
from archive.records import WarcLocation, sha256

DIGEST = sha256(b"secret")
MOMENT = "2023-02-16T01:30:00Z"


def record_of(length: int, offset: int = 0) -> KeptRecord:
    location = WarcLocation("tangthu-00001.warc.gz", offset, length)
    return KeptRecord("0a 1", "0a", DIGEST, MOMENT, location)


def shortest() -> int:
    """Return the fewest bytes that a tombstone may take; identifiers compress differently."""
    for length in range(200, 600):
        try:
            _tombstone(DIGEST, length)
        except StoreError:
            continue
        return length
    raise AssertionError("no tombstone at all")


@pytest.mark.parametrize("room", [20, 21, 22, 1000, 70_000])
def test_a_tombstone_is_as_long_as_its_place(room: int) -> None:
    length = shortest() + room
    member = _tombstone(DIGEST, length)
    assert len(member) == length
    record = read_record(io.BytesIO(member), 0)
    assert record is not None
    assert (record.length, record.kind) == (length, "metadata")
    assert record.payload == f'{{"removed": "sha256:{DIGEST}"}}'.encode()
    assert gzip.decompress(member).startswith(b"WARC/1.0\r\n")


@pytest.mark.parametrize("length", [0, 10, 100])
def test_a_place_that_is_too_short_is_refused_before_anything_is_done(length: int) -> None:
    with pytest.raises(StoreError, match="too short for a tombstone"):
        refuse_too_short(record_of(length))
    refuse_too_short(record_of(1000))


def test_records_beside_stay_where_they_are() -> None:
    parts = [pack_record(b"%d" % number * 900, RecordHead("urn:x", MOMENT)) for number in range(3)]
    padded = parts[1] + gzip.compress(b"") * 30
    content, offset = parts[0] + padded + parts[2], len(parts[0])
    record = record_of(len(padded), 7000)
    buried = with_tombstone(content, offset, record)
    end = offset + len(padded)
    assert (buried[:offset], buried[end:]) == (parts[0], parts[2])
    assert len(buried) == len(content)
    there = read_record(io.BytesIO(buried), offset)
    assert there is not None
    assert DIGEST.encode() in there.payload
    # Once more is the same, and what is elsewhere already is taken from there.
    assert with_tombstone(buried, offset, record) == buried
    assert with_tombstone(content, offset, record, buried[offset:end]) == buried
    assert with_tombstone(content, offset, record, padded) != content
