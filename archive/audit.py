"""The audit of an archive: originals and records against the catalogue, and back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from archive.catalogue_rows import KeptRecord
from archive.errors import DamagedError
from archive.records import Article, Version, text_digest
from archive.tables import SOURCE_LIMIT, unpack_article
from archive.warc_dates import DateCorrections, find_date_difference
from archive.warc_files import Originals, scan_records
from archive.warc_tombstones import is_tombstone

_WRONG_DATE = "its WARC-Date is"


@dataclass(frozen=True, slots=True)
class AuditProblem:
    """A disagreement: its subject (`identifier version` or a file), and the reason."""

    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class StoreReport:
    """The result of an audit: versions, WARC records, records no version names, problems."""

    versions: int
    records: int
    orphans: int
    problems: tuple[AuditProblem, ...]


def verify_originals(
    records: Iterable[KeptRecord],
    originals: Originals,
    progress: Callable[[int, int], None] | None = None,
    destroyed: Collection[tuple[str, str]] = (),
) -> StoreReport:
    """Check every payload digest, the catalogue against the WARC files, and the reverse.

    Args:
        records: every record that the catalogue names.
        originals: the WARC files.
        progress: told (records read, versions checked) now and then.
        destroyed: identifier and digest of the originals in whose place a tombstone is right.
    """
    problems: list[AuditProblem] = []
    corrections = DateCorrections(originals)
    subjects: dict[tuple[str, int], tuple[str, int]] = {}
    committed: dict[str, int] = {}
    for record in records:
        location = record.location
        subjects[record.place] = (record.subject, location.length)
        end = location.offset + location.length
        committed[location.file] = max(committed.get(location.file, 0), end)
        problems += check_original(originals, corrections, record, destroyed)
        if progress and len(subjects) % 500 == 0:
            progress(len(subjects), len(subjects))
    scanned = orphans = 0
    for path in originals.files():
        end = 0
        for location, digest in scan_records(path):
            end = location.offset + location.length
            if not digest:
                continue
            scanned += 1
            key = (location.file, location.offset)
            subject, length = subjects.get(key, ("", location.length))
            orphans += not subject
            if length != location.length:
                reason = f"its original is {location.length} bytes, the catalogue says {length}"
                problems.append(
                    AuditProblem(subject, f"{reason}; restore the catalogue from a backup")
                )
        # A record torn after the last catalogued one is from a crash or is just being written: no
        # version names it, and the next batch cuts it.
        if end < min(path.stat().st_size, committed.get(path.name, 0)):
            problems.append(AuditProblem(path.name, f"cannot be read after byte {end}; restore it"))
    problems += (AuditProblem(name, "is no plain file") for name in originals.special_names())
    return StoreReport(len(subjects), scanned, orphans, tuple(problems))


def check_original(
    originals: Originals,
    corrections: DateCorrections,
    named: KeptRecord,
    destroyed: Collection[tuple[str, str]] = (),
) -> list[AuditProblem]:
    """Read a record that the catalogue names; return its damage, or a date that is wrong."""
    if (named.identifier, named.digest) in destroyed and is_tombstone(originals, named):
        return []
    try:
        record = originals.read_record(named.location, named.digest)
    except DamagedError as error:
        return [AuditProblem(named.subject, str(error))]
    difference = find_date_difference(named, record.date)
    if difference is None or corrections.covers(difference):
        return []
    written, corrected = difference.correction.written, difference.correction.corrected
    remedy = "restore a backup"
    if difference.is_local_time:
        remedy = "`tangthu verify --repair` adds a record that corrects it"
    reason = f"{_WRONG_DATE} {written!r}, it was captured at {corrected}; {remedy}"
    return [AuditProblem(named.subject, reason)]


def without_repetitions(
    problems: Iterable[AuditProblem], differences: Iterable[AuditProblem]
) -> Iterator[AuditProblem]:
    """Yield problems of originals; wrong dates only where the catalogue's columns are right."""
    contradicted = {difference.subject for difference in differences}
    for problem in problems:
        if problem.subject not in contradicted or not problem.reason.startswith(_WRONG_DATE):
            yield problem


def verify_records(records: Iterable[tuple[str, Version, bytes]]) -> Iterator[AuditProblem]:
    """Check the record of every version against the catalogue's columns.

    Args:
        records: identifier, version, and the record as `pack_article` packed it.
    """
    for identifier, version, content in records:
        try:
            reasons = _list_differences(identifier, version, unpack_article(content))
        except DamagedError:
            reasons = ["its record cannot be read; restore it from a backup"]
        for reason in reasons:
            yield AuditProblem(f"{identifier} {version.number}", reason)


def _list_differences(identifier: str, version: Version, article: Article) -> list[str]:
    """Return the differences between a record and the catalogue's columns, in words."""
    captured = article.captured.isoformat() if article.captured else ""
    # The catalogue has no column for the parent.
    origin = replace(article.origin, source=article.origin.source[:SOURCE_LIMIT], parent="")
    pairs = {
        "identifier": (identifier, article.identifier),
        "digest of the original": (version.digest, article.digest),
        "digest of the text": (version.text_digest, text_digest(article)),
        "time of capture": (version.captured, captured),
        "origin": (version.origin, origin),
    }
    return [
        f"its {name} is not what the catalogue says; restore it from a backup"
        for name, (column, value) in pairs.items()
        if column != value
    ]
