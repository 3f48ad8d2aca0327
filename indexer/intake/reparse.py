"""Today's readers over the originals that are kept: better readers without another crawl."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from archive.errors import ArchiveError
from archive.records import Article, Version, text_digest
from archive.store import Store
from indexer.intake import json_lines, press_text
from indexer.intake.encodings import decode
from indexer.intake.html import page
from indexer.intake.ingest import IngestProblem

Reader = Callable[[bytes, str], Article]


def _read_html(data: bytes, source: str) -> Article:
    return page.read_html(decode(data, declared=True), source)


READERS: dict[str, Reader] = {
    page.READER: _read_html,
    press_text.READER: press_text.read_text,
    json_lines.READER: json_lines.read_record,
}
"""What reads the original of an article, by the name of the reader that read it first."""

_FLUSH_EVERY = 500


@dataclass(slots=True)
class ReparseReport:
    """Originals that were read again, how many of them have another text now, and troubles.

    Articles of readers that are not in `READERS` are in `passed_over`.
    """

    read: int = 0
    changed: int = 0
    passed_over: int = 0
    failed: list[IngestProblem] = field(default_factory=list)


def reparse(
    store: Store,
    chosen: Collection[str] | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ReparseReport:
    """Read the newest originals again and keep a new version where the text changed.

    Args:
        store: the archive.
        chosen: identifiers; None is all articles.
        dry_run: only count.
        progress: told (originals read, articles) now and then.

    Raises:
        StoreError: the store cannot be written; what was flushed before stays.
    """
    report = ReparseReport()
    newest = dict(store.identifiers())
    with store.batch() as batch:
        for identifier, version in store.versions_by_location():
            wanted = chosen is None or identifier in chosen
            if not wanted or newest.get(identifier) != version.number:
                continue
            article = _read_again(store, identifier, version, report)
            if article is None:
                continue
            report.changed += 1
            if not dry_run:
                batch.add_reparsed(version, article)
            if report.changed % _FLUSH_EVERY == 0:
                batch.flush()
            if progress:
                progress(report.read, len(newest if chosen is None else chosen))
    return report


def _read_again(
    store: Store, identifier: str, version: Version, report: ReparseReport
) -> Article | None:
    """The article as today's reader reads it, when its text is another."""
    reader = READERS.get(version.origin.reader)
    if reader is None:
        report.passed_over += 1
        return None
    report.read += 1
    try:
        original = store.originals.read(version.location, version.digest)
        article = reader(original, version.origin.source)
    except ArchiveError as error:
        report.failed.append(IngestProblem(identifier, str(error)))
        return None
    if text_digest(article) == version.text_digest:
        return None
    before = store.get(identifier, version.number)
    return replace(article, identifier=identifier, captured=before.captured, digest=version.digest)
