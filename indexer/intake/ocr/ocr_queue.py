"""The queue of documents that wait for OCR: one after another, each a new version once it is read.

Nothing is locked while words are recognised, so that others add and index meanwhile. What a kill
interrupts goes on in the next run where it ended (`page_spool`).
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from archive.catalogue.operations import correct
from archive.document_account import ReadingState
from archive.errors import ArchiveError, StoreError
from archive.records import Article, ChangeKind, Version
from archive.store import Store
from archive.writing.lock import WriterLock
from indexer.intake.article_passes import with_passes
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.ocr.document_recognition import (
    open_scanned,
    recognize_page,
    spool_pages,
    with_recognized_pages,
)
from indexer.intake.ocr.page_spool import FOLDER, PageSpool, remove_unused_spools
from indexer.intake.ocr.tesseract import OcrLimits, Tesseract
from indexer.intake.reparse import as_member

_LOCK = "lock"


@dataclass(frozen=True, slots=True)
class OcrOptions:
    """Options of the queue.

    Attributes:
        workers: Documents that are recognised at once.
        again: Whether documents that another program recognised are recognised again.
        limits: The limits of recognising one page.
    """

    workers: int = 1
    again: bool = False
    limits: OcrLimits = OcrLimits()


@dataclass(frozen=True, slots=True)
class OcrOutcome:
    """The outcome of one document.

    Attributes:
        identifier: That of its article.
        source: The place that it was read from.
        pages: Its pages whose words were recognised.
        state: How far it is read now; that before where nothing was written.
        problem: What its article does not hold, or why nothing was written.
        is_written: Whether it has a new version.
    """

    identifier: str
    source: str
    pages: int = 0
    state: str = ReadingState.NEEDS_OCR
    problem: str = ""
    is_written: bool = False


def find_waiting(store: Store, program: Tesseract | None = None) -> dict[str, Article]:
    """Return the articles whose documents wait for OCR, by identifier.

    Args:
        store: The archive.
        program: Where it is given, also those that another program recognised.
    """
    waiting: dict[str, Article] = {}
    for article in store.articles_with_account():
        account = article.account
        is_older = account and program and account.program not in ("", program.label)
        if account and (account.state == ReadingState.NEEDS_OCR or is_older):
            waiting[article.identifier] = article
    return waiting


def count_waiting(store: Store) -> int:
    """Return the number of documents that wait for OCR."""
    return len(find_waiting(store))


def recognize_waiting(
    store: Store,
    program: Tesseract,
    options: OcrOptions | None = None,
    chosen: Collection[str] | None = None,
) -> Iterator[OcrOutcome]:
    """Recognise the documents that wait, and yield the outcome of each as it is written.

    Args:
        store: The archive.
        program: Recognises the words.
        options: How to.
        chosen: Identifiers of articles; None is all.

    Raises:
        StoreLockedError: another process recognises in this archive.
        StoreError: the store or the spool cannot be written.
    """
    options = options or OcrOptions()
    with _only_queue(store.home):
        waiting = find_waiting(store, program if options.again else None)
        remove_unused_spools(store.home, frozenset(article.digest for article in waiting.values()))
        articles = [
            article
            for identifier, article in waiting.items()
            if chosen is None or identifier in chosen
        ]
        yield from _Recognition(store, program, options).recognize(articles)


@contextmanager
def _only_queue(home: Path) -> Iterator[None]:
    """Hold the right to recognise in an archive."""
    try:
        (home / FOLDER).mkdir(exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make {home / FOLDER}: {error.strerror}") from error
    with WriterLock(home / FOLDER / _LOCK):
        yield


class _Recognition:
    """One run of the queue: documents are recognised by threads, and written by one."""

    def __init__(self, store: Store, program: Tesseract, options: OcrOptions) -> None:
        self._store, self._program, self._options = store, program, options
        self._stop = threading.Event()
        self._corrections = store.operator_state().corrections

    def recognize(self, articles: list[Article]) -> Iterator[OcrOutcome]:
        """Yield the outcomes of documents, each when it is done."""
        with ThreadPoolExecutor(self._options.workers) as threads:
            tasks = {threads.submit(self._read, article): article for article in articles}
            try:
                for task in as_completed(tasks):
                    yield self._write(tasks[task], task)
            finally:
                self._stop.set()
                threads.shutdown(cancel_futures=True)

    def _read(self, previous: Article) -> tuple[Version, Article]:
        """Return the version whose original was recognised, and its article now."""
        version = self._store.versions(previous.identifier)[-1]
        original = self._store.originals.read(version.location, version.digest)
        source = version.origin.source
        with ReaderChildren() as children:
            document = open_scanned(original, source, previous.stated_encoding, children)
            recognize = partial(
                recognize_page,
                document,
                children=children,
                program=self._program,
                limits=self._options.limits,
            )
            spool = PageSpool(self._store.home, version.digest, self._program.label)
            pages = spool_pages(document, spool, recognize, self._program, self._stop.is_set)
        article = with_recognized_pages(document, pages, self._program)
        title = article.title or ("" if article.sections and previous.sections else previous.title)
        article = as_member(replace(article, title=title), previous)
        article = replace(
            article,
            identifier=previous.identifier,
            external_id=previous.external_id,
            captured=previous.captured,
            digest=version.digest,
        )
        article = with_passes(article)
        return version, correct(article, self._corrections.get(previous.identifier, {}))

    def _write(self, previous: Article, task: Future[tuple[Version, Article]]) -> OcrOutcome:
        """Make a new version of a document; one that changed meanwhile is left for the next run."""
        outcome = OcrOutcome(previous.identifier, previous.origin.source)
        try:
            version, article = task.result()
        except StoreError:
            raise
        except ArchiveError as error:
            return replace(outcome, problem=str(error))
        with self._store.batch() as batch:
            change = self._store.latest_changes([previous.identifier])[0]
            if change.kind is ChangeKind.DELETED or change.version != version.number:
                return replace(outcome, problem="was changed meanwhile")
            batch.add_reparsed(version, article)
        PageSpool(self._store.home, version.digest, self._program.label).remove()
        account = article.account
        return replace(
            outcome,
            pages=len(account.recognized) if account else 0,
            state=article.reading_state,
            problem=account.reason if account else "",
            is_written=True,
        )
