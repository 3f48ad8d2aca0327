"""The audit of an archive: originals and records against the catalogue, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from archive.catalogue.catalogue_rows import KeptRecord, StatedAnswer
from archive.catalogue.lookup_keys import address_key
from archive.catalogue.tables import SOURCE_LIMIT, unpack_article
from archive.errors import DamagedError
from archive.originals.piece_audit import PieceAudit
from archive.originals.warc_dates import DateCorrections, find_date_difference
from archive.originals.warc_files import Originals, scan_records
from archive.originals.warc_records import UNKNOWN_TYPE, WarcRecord, record_id_of
from archive.originals.warc_tombstones import is_tombstone
from archive.records import Article, Version, text_digest

_WRONG_DATE = "its WARC-Date is"
_RESTORE = "restore the catalogue from a backup"
_OWN_KINDS = ("resource", "conversion")
"""The types of records whose media type is the sniffed one."""


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
    progress: Callable[[int], None] | None = None,
    destroyed: Collection[tuple[str, str]] = (),
) -> StoreReport:
    """Check every payload digest, the catalogue against the WARC files, and the reverse.

    Args:
        records: every record that the catalogue names.
        originals: the WARC files.
        progress: told how many records were read, now and then.
        destroyed: identifier and digest of the originals in whose place a tombstone is right.

    Raises:
        StorageAwayError: some are in an object storage that cannot be used now.
    """
    problems: list[AuditProblem] = []
    corrections, pieces = DateCorrections(originals), PieceAudit(originals)
    subjects: dict[tuple[str, int], tuple[str, int]] = {}
    committed: dict[str, int] = {}
    for record in records:
        location = record.location
        subjects[record.place] = (record.subject, location.length)
        end = location.offset + location.length
        committed[location.file] = max(committed.get(location.file, 0), end)
        problems += (AuditProblem(*problem) for problem in pieces.check(location))
        problems += check_original(originals, corrections, record, destroyed)
        if progress and len(subjects) % 500 == 0:
            progress(len(subjects))
    problems += (AuditProblem(*problem) for problem in pieces.check_rest())
    lengths = dict(pieces.records)
    for path in originals.files():
        end = 0
        for location, digest in scan_records(path):
            end = location.offset + location.length
            if digest:
                lengths[location.file, location.offset] = location.length
        # A record torn after the last catalogued one is from a crash or is just being written: no
        # version names it, and the next batch cuts it.
        if end < min(path.stat().st_size, committed.get(path.name, 0)):
            problems.append(AuditProblem(path.name, f"cannot be read after byte {end}; restore it"))
    problems += _find_wrong_lengths(subjects, lengths)
    problems += (AuditProblem(name, "is no plain file") for name in originals.special_names())
    orphans = len(lengths.keys() - subjects.keys())
    return StoreReport(len(subjects), len(lengths), orphans, tuple(problems))


def _find_wrong_lengths(
    subjects: Mapping[tuple[str, int], tuple[str, int]], lengths: Mapping[tuple[str, int], int]
) -> Iterator[AuditProblem]:
    """Yield the records that are of another length than the catalogue says."""
    for place, length in lengths.items():
        subject, stated = subjects.get(place, ("", length))
        if length != stated:
            reason = f"its original is {length} bytes, the catalogue says {stated}"
            yield AuditProblem(subject, f"{reason}; restore the catalogue from a backup")


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
    wrong = (*_list_wrong_heads(named, record), *_list_wrong_rows(named, record))
    problems = [AuditProblem(named.subject, reason) for reason in wrong]
    difference = find_date_difference(named, record.date)
    if difference is None or corrections.covers(difference):
        return problems
    written, corrected = difference.correction.written, difference.correction.corrected
    remedy = "restore a backup"
    if difference.is_local_time:
        remedy = "`tangthu verify --repair` adds a record that corrects it"
    reason = f"{_WRONG_DATE} {written!r}, it was captured at {corrected}; {remedy}"
    return [*problems, AuditProblem(named.subject, reason)]


def _list_wrong_heads(named: KeptRecord, record: WarcRecord) -> Iterator[str]:
    """Yield what the catalogue says of a record and its head does not, in words.

    Of several originals that share a record one wrote its head. An answer of a crawl has the type
    that its server said, and records of older programs say neither type nor container.
    """
    if not named.heads or record.kind not in _OWN_KINDS:
        return
    stated = {head.media_type or UNKNOWN_TYPE for head in named.heads}
    if record.media_type not in (UNKNOWN_TYPE, *stated):
        yield f"its record says {record.media_type!r}, the catalogue {min(stated)!r}; {_RESTORE}"
    parents = {record_id_of(head.parent) for head in named.heads if head.parent}
    if record.refers_to and record.refers_to not in parents:
        yield f"its record is a member of another original than the catalogue says; {_RESTORE}"


def _list_wrong_rows(named: KeptRecord, record: WarcRecord) -> Iterator[str]:
    """Yield what the catalogue says of a container or a capture and its record does not, in words.

    Of several captures that share a record one wrote it.
    """
    if named.size is not None and (size := _stated_size(named, record)) != named.size:
        yield f"its record says {size} bytes, the catalogue {named.size}; {_RESTORE}"
    if named.identifier or not named.answers:
        return
    if not any(_is_answer(answer, record) for answer in named.answers):
        yield f"its record is another answer than the catalogue says; {_RESTORE}"
    for answer in named.answers:
        is_whole = len(answer.address) < SOURCE_LIMIT
        if is_whole and address_key(answer.address) != answer.key:
            yield f"its address is not the one that it is found by; {_RESTORE}"


def _is_answer(answer: StatedAnswer, record: WarcRecord) -> bool:
    """Tell whether a record is the answer that a capture says it is."""
    stated, written = (" ".join(text.split()) for text in (answer.address, record.uri))
    is_typed = record.content_type.lower() in ("", answer.media_type.lower())
    return is_typed and answer.status == record.status and stated == written[:SOURCE_LIMIT]


def _stated_size(named: KeptRecord, record: WarcRecord) -> int | None:
    """Return the size that the record of a container says: its own, or the one it describes."""
    if named.heads:
        return len(record.payload)
    try:
        size = json.loads(record.payload)["size"]
    except (ValueError, KeyError, TypeError):
        return None
    return size if isinstance(size, int) else None


def without_repetitions(
    problems: Iterable[AuditProblem], differences: Iterable[AuditProblem]
) -> Iterator[AuditProblem]:
    """Yield problems of originals; wrong dates only where the catalogue's columns are right."""
    contradicted = {difference.subject for difference in differences}
    for problem in problems:
        if problem.subject not in contradicted or not problem.reason.startswith(_WRONG_DATE):
            yield problem


def find_changed_origins(changed: Iterable[tuple[str, str]]) -> Iterator[AuditProblem]:
    """Yield the problem of each origin that was changed, given by its subject and source."""
    for subject, source in changed:
        reason = f"the catalogue's row of its origin {source!r} was changed; {_RESTORE}"
        yield AuditProblem(subject, reason)


def find_changed_containers(changed: Iterable[tuple[str, str]]) -> Iterator[AuditProblem]:
    """Yield the problem of each container that was changed, given by its subject and source."""
    for subject, source in changed:
        yield AuditProblem(subject, f"its source {source!r} is not that of its members; {_RESTORE}")


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
