"""Reparse the originals in the archive with today's readers: better articles, no new crawl.

What today's reader read with today's libraries as a whole is not read again. What today's readers
find in the containers and messages that are kept, and no older one did, is added.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from archive.catalogue.operations import correct
from archive.catalogue.origins import ArticleOrigin
from archive.errors import ArchiveError, UnreadableError
from archive.originals.captures import Capture, CapturedResource
from archive.originals.container_files import MEMBER_SIGN
from archive.originals.kept_records import KeptContainer
from archive.records import Article, Version, WarcLocation, canonical_url, text_digest
from archive.store import Store
from archive.writing.prepared_article import PreparedArticle
from archive.writing.write_batch import Batch
from indexer.intake import media_types
from indexer.intake.article_passes import with_passes
from indexer.intake.containers.members import Member
from indexer.intake.containers.web_crawl import is_part_of_page
from indexer.intake.decompression import unpack_brotli
from indexer.intake.document_stream import (
    ContainerWalk,
    read_member,
    read_stream,
    read_with,
)
from indexer.intake.ingest_problems import IngestProblem
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.package_types import document_type
from indexer.intake.registry import READERS, READERS_BY_TYPE, UNSUPPORTED, libraries_of
from indexer.intake.text_language import with_language
from indexer.intake.workers.reading_tasks import ReadingResult, result_of

OCR_READER = "ocr"
"""The reader of the words that were recognised in pictures of pages."""

_FLUSH_EVERY = 500
_MESSAGES = (media_types.MAIL, media_types.OUTLOOK_MESSAGE)


@dataclass(slots=True)
class ReparseReport:
    """Counts of the originals that were read again.

    Attributes:
        read: Originals that were read again.
        current: Those that today's reader read already, as a whole.
        added: Documents in containers and messages that no older reader read.
        changed: Those whose article has another text now.
        passed_over: Articles of each reader that is not in the registry.
        failed: Originals that could not be read.
    """

    read: int = 0
    current: int = 0
    added: int = 0
    changed: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    failed: list[IngestProblem] = field(default_factory=list)


def reparse(
    store: Store,
    chosen: Collection[str] | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    *,
    force: bool = False,
) -> ReparseReport:
    """Read the newest originals again and keep a new version where the text changed.

    Args:
        store: The archive.
        chosen: Identifiers of articles; None is all of them.
        dry_run: Whether to count only.
        progress: Called with (originals read, articles) now and then.
        force: Whether to read what today's reader read as well.

    Raises:
        StoreError: the store cannot be written; what was flushed earlier stays.
    """
    report = ReparseReport()
    current = frozenset() if force else _current_originals(store)
    newest = dict(store.identifiers())
    state = store.operator_state()
    corrections = state.corrections
    with store.batch() as batch, ReaderChildren() as children:
        for identifier, version in store.versions_by_location():
            is_chosen = chosen is None or identifier in chosen
            if not is_chosen or newest.get(identifier) != version.number:
                continue
            if (identifier, version.location) in current:
                report.current += 1
                continue
            if (identifier, version.digest) in state.destroyed:
                continue
            fields = corrections.get(identifier, {})
            article = _article_again(store, identifier, version, report, children, fields)
            if article is None:
                continue
            libraries = libraries_of(article.origin.reader)
            previous = store.get(identifier, version.number)
            if _says_the_same(article, previous, version):
                if not dry_run:
                    batch.note_reading(version, article, libraries)
                    _enrich(batch, version, previous, article)
                continue
            report.changed += 1
            if not dry_run:
                batch.add_reparsed(version, article, libraries)
            if report.read % _FLUSH_EVERY == 0:
                batch.flush()
            if progress:
                progress(report.read, len(newest if chosen is None else chosen))
        if chosen is None:
            _add_members(store, batch, children, report, dry_run)
            _add_captured(store, batch, children, report, dry_run)
    return report


def _current_originals(store: Store) -> frozenset[tuple[str, WarcLocation]]:
    """Return the originals that today's reader read as a whole, each with its article."""
    incomplete = {
        article.identifier
        for article in store.articles_with_account()
        if article.account and article.account.state
    }
    return frozenset(
        (identifier, origin.location)
        for identifier, origin in store.all_origins()
        if identifier not in incomplete and _is_current(origin)
    )


def _is_current(origin: ArticleOrigin) -> bool:
    reader = READERS.get(origin.origin.reader)
    return (
        reader is not None
        and reader.name != UNSUPPORTED
        and reader.version == origin.origin.reader_version
        and libraries_of(reader.name) == origin.libraries
    )


def _says_the_same(article: Article, previous: Article, version: Version) -> bool:
    is_same = (article.legal, article.cited_numbers) == (previous.legal, previous.cited_numbers)
    return is_same and text_digest(article) == version.text_digest


def _enrich(batch: Batch, version: Version, previous: Article, article: Article) -> None:
    """Add to a record what is no other text: where pages begin, the pictures, the language."""
    record = replace(
        previous,
        sections=article.sections,
        pictures=article.pictures,
        language=article.language,
        is_language_detected=article.is_language_detected,
    )
    if record != previous:
        batch.enrich_record(version, record)


def _add_members(
    store: Store, batch: Batch, children: ReaderChildren, report: ReparseReport, dry_run: bool
) -> None:
    """Add the documents in kept containers and messages that no older reader read."""
    digests = set[str]()
    for container in store.kept_containers(_MESSAGES):
        try:
            for result in _new_members(store, container, children):
                # A message in a kept mailbox is walked through twice.
                if result.article is None or result.article.digest in digests:
                    continue
                digests.add(result.article.digest)
                report.added += 1
                if not dry_run:
                    batch.add_prepared([result.article])
        except ArchiveError as error:
            report.failed.append(IngestProblem(container.source, str(error)))


def _add_captured(
    store: Store, batch: Batch, children: ReaderChildren, report: ReparseReport, dry_run: bool
) -> None:
    """Add the documents in the answers of crawls that no older reader read."""
    for answer in store.answers():
        if is_part_of_page(answer.media_type) or store.has_digest(answer.digest):
            continue
        try:
            for result in _new_captured(store, answer, children):
                report.added += 1
                if not dry_run:
                    batch.add_prepared([result])
        except ArchiveError as error:
            report.failed.append(IngestProblem(answer.address, str(error)))


def _new_captured(
    store: Store, answer: CapturedResource, children: ReaderChildren
) -> Iterator[PreparedArticle]:
    record = store.originals.read_record(answer.location, answer.digest)
    data = unpack_brotli(record.payload) if record.coding == "br" else record.payload
    member = Member(
        answer.address,
        io.BufferedReader(io.BytesIO(data)),
        url=canonical_url(answer.address),
        captured=datetime.fromisoformat(answer.captured),
        capture=Capture(answer.address, answer.captured, answer.media_type, 200, answer.digest),
    )
    walk = ContainerWalk("", store.has_digest)
    for document in read_member(member, answer.location.file, children, walk):
        article = result_of(document, 0).article
        if article and not store.has_digest(article.digest):
            yield article


def _new_members(
    store: Store, container: KeptContainer, children: ReaderChildren
) -> Iterator[ReadingResult]:
    data = store.originals.read(container.location, container.digest)
    name = container.source.rpartition("/")[2].lower()
    walk = ContainerWalk(container.digest, store.has_digest)
    stream = io.BufferedReader(io.BytesIO(data))
    for document in read_stream(stream, container.source, name, "", children, walk):
        result = result_of(document, 0)
        if result.article and not store.has_digest(result.article.digest):
            yield result


def _article_again(
    store: Store,
    identifier: str,
    version: Version,
    report: ReparseReport,
    children: ReaderChildren,
    corrections: Mapping[str, Any],
) -> Article | None:
    """Read one original again; return its article, None where it cannot be read.

    The operator's corrections are made in it again.
    """
    if version.origin.reader == OCR_READER:
        return _recognized_again(store, identifier, version, report, corrections)
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
            reader = READERS_BY_TYPE.get(document_type(original, children), reader)
        article = read_with(reader, original, source, previous.stated_encoding, children)
        article = correct(with_passes(as_member(article, previous)), corrections)
    except UnreadableError as error:
        if (previous.account.state if previous.account else "") != error.state:
            report.failed.append(IngestProblem(identifier, f"{error}; the last version stays"))
        return None
    except ArchiveError as error:
        report.failed.append(IngestProblem(identifier, str(error)))
        return None
    return replace(
        article, identifier=identifier, captured=previous.captured, digest=version.digest
    )


def _recognized_again(
    store: Store,
    identifier: str,
    version: Version,
    report: ReparseReport,
    corrections: Mapping[str, Any],
) -> Article | None:
    """Return an article of recognised words with their language, None where it is known.

    Words that were recognised are better than none: only the queue recognises them again.
    """
    previous = store.get(identifier, version.number)
    if previous.is_language_detected:
        return None
    report.read += 1
    # No reader of scans states a language: what stands there was once taken for granted.
    return correct(with_language(replace(previous, language="")), corrections)


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
