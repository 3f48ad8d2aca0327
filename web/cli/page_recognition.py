"""Recognising the words of scanned pages, and what commands say of those that wait."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from archive.errors import StoreLockedError
from archive.store import Store
from archive.upkeep.running_jobs import RunningJob
from indexer.indexing.index_builder import IndexBuilder
from indexer.intake.ocr.ocr_queue import OcrOptions, OcrOutcome, count_waiting, recognize_waiting
from indexer.intake.ocr.tesseract import OcrMissingError, Tesseract, find_tesseract
from web.cli.printed_output import print_line
from web.cli.problem_kinds import PROBLEM_KINDS
from web.cli.progress_bar import ProgressBar
from web.cli.translated_output import number, say, translate

_SECONDS_BETWEEN_UPDATES = 300


def recognize_all(home: Path, workers: int, again: bool, wait: float) -> bool:
    """Recognise and index what waits, and tell whether something waits still.

    Args:
        home: that of the archive.
        workers: documents that are recognised at once.
        again: also those that another program recognised.
        wait: seconds for another process that writes.
    """
    with Store(home) as store:
        store.patience = wait
        store.migrate()
        if not again and not count_waiting(store):
            say("no document waits for OCR")
            return False
        program = find_tesseract()
        # What has words already is searchable first.
        _index(store)
        has_waiting = recognize(store, program, OcrOptions(workers, again))
        _index(store)
    return has_waiting


def recognize(
    store: Store,
    program: Tesseract,
    options: OcrOptions | None = None,
    chosen: Collection[str] | None = None,
) -> bool:
    """Recognise what waits, print the account, and tell whether something waits still.

    The index is brought up to date now and then, so that long runs show their fruits.
    """
    states, pages, has_waiting = Counter[str](), 0, False
    indexed = time.monotonic()
    job = RunningJob(store.home, "ocr")
    with job, ProgressBar("recognising", "document", job) as progress:
        for done, outcome in enumerate(recognize_waiting(store, program, options, chosen), 1):
            progress(done, 0)
            _print_problem(outcome)
            has_waiting |= not outcome.is_written
            states[outcome.state] += outcome.is_written
            pages += outcome.pages
            if time.monotonic() - indexed > _SECONDS_BETWEEN_UPDATES:
                _index(store)
                indexed = time.monotonic()
    counted = ", ".join(
        f"{translate(PROBLEM_KINDS[state])} {number(count)}"
        for state, count in sorted(states.items())
        if count
    )
    say(f"recognised {pages} pages; documents: {counted or 'none'}")
    return has_waiting


def recognize_after_reading(store: Store, chosen: Collection[str] | None) -> None:
    """Recognise what waits after originals were read again, where the program is here."""
    if not count_waiting(store):
        return
    try:
        program = find_tesseract()
    except OcrMissingError as error:
        say(f"{count_waiting(store)} documents wait for OCR: {error}", err=True)
    else:
        recognize(store, program, chosen=chosen)


def describe_waiting(count: int) -> str:
    """Return what an operator does about documents that wait for OCR, in one line."""
    try:
        find_tesseract()
    except OcrMissingError as error:
        return f"{count} documents wait for OCR: {error}; then run `tangthu ocr`"
    return f"{count} documents wait for OCR: run `tangthu ocr`"


def _print_problem(outcome: OcrOutcome) -> None:
    if outcome.problem:
        kind = PROBLEM_KINDS[outcome.state] if outcome.is_written else "not recognised"
        problem = translate(outcome.problem)
        print_line(f"{translate(kind)}: {outcome.source}: {problem}", err=True)


def _index(store: Store) -> None:
    try:
        IndexBuilder(store).update()
    except StoreLockedError as error:
        say(f"not indexed yet: {error}, then `tangthu update`", err=True)
