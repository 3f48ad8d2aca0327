"""Is everything kept still what it was: originals and records against the catalogue, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from archive.errors import DamagedError
from archive.records import Article, Version, text_digest
from archive.tables import SOURCE_LIMIT
from archive.warc_files import Originals, scan_records


@dataclass(frozen=True, slots=True)
class AuditProblem:
    """Something that does not agree: what (`identifier version` or a file), and why."""

    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class StoreReport:
    """What was checked: versions, WARC records, records nothing points at, and what disagrees."""

    versions: int
    records: int
    orphans: int
    problems: tuple[AuditProblem, ...]


def verify(
    catalogued: Iterable[tuple[str, Version]],
    originals: Originals,
    progress: Callable[[int, int], None] | None = None,
) -> StoreReport:
    """Check every payload digest, the catalogue against the WARC files, and the files against it.

    Args:
        catalogued: every version with its article's identifier.
        originals: the WARC files.
        progress: told (records read, versions checked) now and then.
    """
    problems: list[AuditProblem] = []
    places: dict[tuple[str, int], tuple[str, int]] = {}
    committed: dict[str, int] = {}
    for identifier, version in catalogued:
        place = version.location
        subject = f"{identifier} {version.number}"
        places[place.file, place.offset] = (subject, place.length)
        committed[place.file] = max(committed.get(place.file, 0), place.offset + place.length)
        try:
            originals.read(version.location, version.digest)
        except DamagedError as error:
            problems.append(AuditProblem(subject, str(error)))
        if progress and len(places) % 500 == 0:
            progress(len(places), len(places))
    records = orphans = 0
    for path in originals.files():
        end = 0
        for place, digest in scan_records(path):
            end = place.offset + place.length
            if not digest:
                continue
            records += 1
            subject, length = places.get((place.file, place.offset), ("", place.length))
            orphans += not subject
            if length != place.length:
                reason = f"its original is {place.length} bytes, the catalogue says {length}"
                problems.append(
                    AuditProblem(subject, f"{reason}; restore the catalogue from a backup")
                )
        # What is torn after the last catalogued record is a crash's, or being written this very
        # moment: nothing points at it, and whoever adds next cuts it.
        if end < min(path.stat().st_size, committed.get(path.name, 0)):
            problems.append(AuditProblem(path.name, f"cannot be read after byte {end}; restore it"))
    return StoreReport(len(places), records, orphans, tuple(problems))


def verify_records(
    records: Iterable[tuple[str, Version, Callable[[], Article]]],
) -> Iterator[AuditProblem]:
    """Hold the record of every version against what the catalogue says beside it.

    Args:
        records: identifier, version, and what reads the record; it may raise `DamagedError`.
    """
    for identifier, version, read in records:
        try:
            wrong = _differences(identifier, version, read())
        except DamagedError:
            wrong = ["its record cannot be read; restore it from a backup"]
        for reason in wrong:
            yield AuditProblem(f"{identifier} {version.number}", reason)


def _differences(identifier: str, version: Version, article: Article) -> list[str]:
    """In what a record and the catalogue's columns differ, in words."""
    captured = article.captured.isoformat() if article.captured else ""
    origin = replace(article.origin, source=article.origin.source[:SOURCE_LIMIT])
    pairs = {
        "identifier": (identifier, article.identifier),
        "digest of the original": (version.digest, article.digest),
        "digest of the text": (version.text_digest, text_digest(article)),
        "time of capture": (version.captured, captured),
        "origin": (version.origin, origin),
    }
    return [
        f"its {name} is not what the catalogue says; restore it from a backup"
        for name, (said, found) in pairs.items()
        if said != found
    ]
