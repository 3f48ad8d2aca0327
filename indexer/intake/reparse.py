"""Reparse the originals in the archive with today's readers: better articles, no new crawl."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from archive.errors import ArchiveError, UnreadableError
from archive.operations import correct
from archive.records import Article, Version, text_digest
from archive.store import Store
from indexer.intake.document_stream import MEMBER_SIGN, read_with
from indexer.intake.ingest import IngestProblem
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.legal.legal_pass import with_legal_record
from indexer.intake.registry import READERS, READERS_BY_TYPE, UNSUPPORTED
from indexer.intake.sniffing import sniff_document

OCR_READER = "ocr"
"""The reader of the words that were recognised in pictures of pages."""

_FLUSH_EVERY = 500


@dataclass(slots=True)
class ReparseReport:
    """Counts of the originals that were read again.

    Attributes:
        read: Originals that were read again.
        changed: Those whose article has another text now.
        passed_over: Articles of each reader that is not in the registry.
        failed: Originals that could not be read.
    """

    read: int = 0
    changed: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    failed: list[IngestProblem] = field(default_factory=list)


def reparse(
    store: Store,
    chosen: Collection[str] | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ReparseReport:
    """Read the newest originals again and keep a new version where the text changed.

    Args:
        store: The archive.
        chosen: Identifiers of articles; None is all of them.
        dry_run: Whether to count only.
        progress: Called with (originals read, articles) now and then.

    Raises:
        StoreError: the store cannot be written; what was flushed earlier stays.
    """
    report = ReparseReport()
    newest = dict(store.identifiers())
    corrections = store.operator_state().corrections
    with store.batch() as batch, ReaderChildren() as children:
        for identifier, version in store.versions_by_location():
            is_chosen = chosen is None or identifier in chosen
            if not is_chosen or newest.get(identifier) != version.number:
                continue
            fields = corrections.get(identifier, {})
            article = _changed_article(store, identifier, version, report, children, fields)
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


def _changed_article(
    store: Store,
    identifier: str,
    version: Version,
    report: ReparseReport,
    children: ReaderChildren,
    corrections: Mapping[str, Any],
) -> Article | None:
    """Read one original again; return its article if the text differs from the version's.

    The operator's corrections are made in it again.
    """
    if version.origin.reader == OCR_READER:
        # Words that were recognised are better than none; the queue recognises them again.
        return None
    reader = READERS.get(version.origin.reader)
    if reader is None:
        report.passed_over[version.origin.reader] += 1
        return None
    report.read += 1
    try:
        original = store.originals.read(version.location, version.digest)
        previous = store.get(identifier, version.number)
        source = version.origin.source
        if reader.name == UNSUPPORTED:
            reader = READERS_BY_TYPE.get(sniff_document(original), reader)
        article = read_with(reader, original, source, previous.stated_encoding, children)
        article = correct(with_legal_record(as_member(article, previous)), corrections)
    except UnreadableError as error:
        if (previous.account.state if previous.account else "") != error.state:
            report.failed.append(IngestProblem(identifier, f"{error}; the last version stays"))
        return None
    except ArchiveError as error:
        report.failed.append(IngestProblem(identifier, str(error)))
        return None
    is_same = (article.legal, article.cited_numbers) == (previous.legal, previous.cited_numbers)
    if is_same and text_digest(article) == version.text_digest:
        return None
    return replace(
        article, identifier=identifier, captured=previous.captured, digest=version.digest
    )


def as_member(article: Article, previous: Article) -> Article:
    """Return an article with what its container said about it, where it was in one."""
    if MEMBER_SIGN not in previous.origin.source:
        return article
    return replace(
        article,
        url=article.url or previous.url,
        publisher=article.publisher or previous.publisher,
        origin=replace(article.origin, parent=previous.origin.parent),
    )
