"""Adding: what is in files, folders and standard input is kept, shipped and indexed."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

from archive.catalogue.database import has_catalogue, has_originals, require_catalogue
from archive.document_account import ReadingState
from archive.errors import ArchiveError, StoreLockedError
from archive.store import Store
from archive.upkeep.home_making import HomeMaking
from archive.upkeep.running_jobs import RunningJob
from indexer.indexing.build_options import BuildOptions
from indexer.indexing.index_builder import IndexBuilder
from indexer.intake.ingest import IngestOptions, IngestProgress, IngestReport, ingest
from indexer.intake.ingest_problems import ProblemList
from indexer.intake.workers.reading_pool import usable_cores
from web.cli.originals_shipping import ship_added
from web.cli.page_recognition import describe_waiting
from web.cli.printed_output import print_line
from web.cli.problem_kinds import shown_counts
from web.cli.progress_bar import ProgressBar
from web.cli.translated_output import say, translate

_MOST_PRINTED = 50


def add_paths(home: Path, paths: tuple[str, ...], options: dict[str, Any]) -> None:
    """Keep and index what is in some paths, as the options of `add` say.

    What could not be kept or read is in the exit status.
    """
    if not any(path == "-" or os.path.lexists(path) for path in paths):
        # Nothing is there to be kept: no archive is made for it.
        if not has_catalogue(home):
            say(f"{paths[0]} does not exist: there is nothing to add", err=True)
        require_catalogue(home)
    making = HomeMaking.begin(home)
    try:
        with Store(home) as store:
            store.patience = options["wait"]
            report = _ingest(store, paths, options)
            if has_originals(home) or not making.is_new:
                ship_added(store)
                if not options["no_index"]:
                    _index_added(store, options["workers"] or usable_cores())
    finally:
        is_taken_back = making.take_back()
    if is_taken_back:
        say(f"nothing is kept: no archive is made in {home}", err=True)
    if report.failed or (options["strict"] and (report.skipped or report.incomplete)):
        raise SystemExit(2)


def _ingest(store: Store, paths: tuple[str, ...], options: dict[str, Any]) -> IngestReport:
    """Keep what is in some paths, and print what became of it."""
    job = RunningJob(store.home, "add", is_bytes=True)
    with job, ProgressBar("reading", "B", job) as progress:
        chosen = IngestOptions(options["encoding"], options["workers"], options["collection"])
        report = ingest(store, paths, partial(_show_reading, progress), chosen)
    _print_ingested(report)
    return report


def _show_reading(bar: ProgressBar, progress: IngestProgress) -> None:
    counts = {"documents read": progress.documents, "documents kept": progress.kept}
    bar(progress.position, progress.size, counts)


def _index_added(store: Store, workers: int) -> None:
    """Index what was added; it is kept in any case."""
    try:
        with ProgressBar("indexing", "article") as progress:
            options = BuildOptions(workers=workers)
            built = IndexBuilder(store, options, progress).update()
    except StoreLockedError as error:
        say(f"everything is kept; not indexed yet: {error}, then `tangthu update`", err=True)
    except ArchiveError as error:
        say(f"tangthu: everything is kept; not indexed: {error}", err=True)
        raise SystemExit(1) from error
    else:
        say(f"indexed {built.indexed}, in the index {built.documents}")


def _print_ingested(report: IngestReport) -> None:
    incomplete = [
        (translate(f"incomplete ({kind})"), found) for kind, found in report.incomplete.items()
    ]
    skipped, failed = (translate("skipped"), report.skipped), (translate("failed"), report.failed)
    for title, documents in (skipped, failed, *incomplete):
        for problem in documents[:_MOST_PRINTED]:
            reason = translate(problem.reason)
            print_line(f"{title}: {problem.source}: {reason}", err=True)
        if documents.total > _MOST_PRINTED:
            say(f"{title}: … and {documents.total - _MOST_PRINTED} more", err=True)
    say(
        f"added {report.added}, changed {report.changed}, unchanged {report.unchanged}, "
        f"skipped {report.skipped.total}, failed {report.failed.total}"
    )
    if report.captured:
        say(f"kept {report.captured} captures of addresses, by address and time")
    if report.incomplete:
        counts = {kind: found.total for kind, found in report.incomplete.items()}
        say(f"read in part: {shown_counts(counts)}; see `tangthu problems`")
    if waiting := report.incomplete.get(ReadingState.NEEDS_OCR, ProblemList()).total:
        say(describe_waiting(waiting))
