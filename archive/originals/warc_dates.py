"""Dates of WARC records, and the corrections of those that were written in local time.

ISO 28500 demands UTC. Until version 0.2 records had the machine's local time with the letter Z,
seven hours late in Vietnam. Originals are never rewritten. `originals/date-corrections.warc.gz`
corrects them: metadata records that name the WARC file they are about
(`urn:tangthu:warc:<file>`), with a line of JSON for each of its records with a wrong date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice

import msgspec

from archive.catalogue.catalogue_rows import KeptRecord
from archive.clocks import by_clock
from archive.errors import DamagedError, StoreError, write_failures_as
from archive.files.atomic_files import replacing
from archive.originals.warc_files import Originals, scan_metadata
from archive.originals.warc_records import append_metadata
from archive.records import WarcLocation, utc_now

CORRECTIONS_FILE = "date-corrections.warc.gz"
"""The file in the folder of originals that holds the corrections."""

_URI = "urn:tangthu:warc:"
_LINES_PER_RECORD = 50_000
_FARTHEST_ZONE = timedelta(hours=26)
_ZONE_STEP = timedelta(minutes=15)

Place = tuple[str, int]
"""WARC file and offset of a record."""


class DateCorrection(msgspec.Struct, frozen=True):
    """The date of the record at an offset: as it was written, and in UTC."""

    offset: int
    written: str
    corrected: str


@dataclass(frozen=True, slots=True)
class DateDifference:
    """A record whose date is not the time of capture."""

    location: WarcLocation
    correction: DateCorrection

    @property
    def is_local_time(self) -> bool:
        """Whether the date differs as the clocks of two zones do, so that it can be corrected."""
        try:
            written = datetime.fromisoformat(self.correction.written)
        except ValueError:
            return False
        if written.tzinfo is None:
            return False
        distance = abs(written - datetime.fromisoformat(self.correction.corrected))
        return distance <= _FARTHEST_ZONE and not distance % _ZONE_STEP


def warc_date(captured: datetime) -> str:
    """Return the WARC-Date of a time of capture, in UTC to the second."""
    moment = by_clock(captured, UTC)
    return moment.replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def missing_corrections(
    records: Iterable[KeptRecord], originals: Originals
) -> dict[tuple[str, int], DateCorrection]:
    """Return the corrections, by place, that dates in local time need and do not have yet."""
    corrections = DateCorrections(originals)
    added = {}
    for named in records:
        with suppress(DamagedError):
            record = originals.read_record(named.location, named.digest)
            difference = find_date_difference(named, record.date)
            if difference and difference.is_local_time and not corrections.covers(difference):
                location = named.location
                added[location.file, location.offset] = difference.correction
    return added


def find_date_difference(record: KeptRecord, written: str) -> DateDifference | None:
    """Return the difference between a record's date and the time of capture.

    A time of capture that is none is a fault of the catalogue, not of the date.
    """
    try:
        expected = warc_date(datetime.fromisoformat(record.captured))
        if written in {warc_date(datetime.fromisoformat(each)) for each in record.moments}:
            return None
    except ValueError:
        return None
    if written == expected:
        return None
    correction = DateCorrection(record.location.offset, written, expected)
    return DateDifference(record.location, correction)


class DateCorrections:
    """The corrections of an archive, read when the first wrong date asks for them."""

    def __init__(self, originals: Originals) -> None:
        self._originals = originals
        self._by_place: dict[Place, DateCorrection] | None = None

    def covers(self, difference: DateDifference) -> bool:
        """Tell whether a wrong date was corrected."""
        if self._by_place is None:
            self._by_place = read_corrections(self._originals)
        location = difference.location
        return self._by_place.get((location.file, location.offset)) == difference.correction


def read_corrections(originals: Originals) -> dict[Place, DateCorrection]:
    """Return the corrections of an archive; lines that are none are left out."""
    path = originals.folder / CORRECTIONS_FILE
    if path.is_symlink() or not path.is_file():
        return {}
    corrections: dict[Place, DateCorrection] = {}
    decoder = msgspec.json.Decoder(DateCorrection)
    for uri, block in scan_metadata(path):
        for line in block.splitlines():
            try:
                correction = decoder.decode(line)
            except msgspec.DecodeError:
                continue
            corrections[uri.removeprefix(_URI), correction.offset] = correction
    return corrections


def write_corrections(originals: Originals, corrections: dict[Place, DateCorrection]) -> None:
    """Write the corrections of an archive, durably; the caller holds the writer lock.

    Raises:
        StoreError: the disk refuses it.
    """
    path, moment = originals.folder / CORRECTIONS_FILE, warc_date(utc_now())
    with write_failures_as(StoreError, path), replacing(path) as out:
        for name, entries in groupby(sorted(corrections.items()), key=lambda entry: entry[0][0]):
            lines = (msgspec.json.encode(correction) + b"\n" for _, correction in entries)
            for block in _blocks(lines):
                append_metadata(out, block, _URI + name, moment)


def _blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    remaining = iter(lines)
    while block := b"".join(islice(remaining, _LINES_PER_RECORD)):
        yield block
