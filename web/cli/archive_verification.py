"""Verifying: all of an archive, or the next share of its originals."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from archive.catalogue.database import is_writable
from archive.errors import StoreError
from archive.originals.piece_audit import StrayObjects
from archive.store import Store
from archive.upkeep.fixity_rounds import check_share, read_position, save_position
from archive.upkeep.running_jobs import RunningJob
from archive.upkeep.verification_record import record_verification
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder
from indexer.search.interpret.archive_glossary import GLOSSARY_FILE, read_operator_glossary
from web.cli.merge_remark import warn_of_unmerged
from web.cli.printed_output import print_json, print_line
from web.cli.progress_bar import ProgressBar
from web.cli.translated_output import say, translate

_MOST_PRINTED = 50


def verify_archive(home: Path, as_json: bool, repair: bool) -> None:
    """Check all of an archive and print the account; problems end with exit status 1."""
    with Store(home) as store, RunningJob(home, "verify") as job:
        if repair:
            _repair(store)
        with ProgressBar("verifying", "original", job) as progress:
            # Not before the first call: the catalogue may be damaged.
            total = cache(store.count_originals)
            audit = store.verify(lambda done: progress(done, total()))
        indexed = verify_index(store)
        problems = [asdict(problem) for problem in (*audit.problems, *indexed.problems)]
        problems = problems or _nothing_to_verify(store)
        unchecked, strays = store.list_unchecked(), store.find_stray_objects()
        is_unmerged = warn_of_unmerged(store)
    record_verification(home, audit.records, True, problems)
    warn_of_glossary(home)
    for what in unchecked:
        say(f"remark: not checked: {what}", err=True)
    _warn_of_strays(strays)
    record = {
        "versions": audit.versions,
        "records": audit.records,
        "orphans": audit.orphans,
        "indexed": indexed.documents,
        "files": indexed.files,
        "unchecked": unchecked,
        "unmerged": is_unmerged,
        "stray_objects": asdict(strays),
        "problems": problems,
    }
    summary = (
        f"checked {audit.versions} versions, {audit.records} originals, "
        f"{indexed.documents} indexed articles, {indexed.files} index files"
    )
    if audit.orphans:
        summary += f"; {audit.orphans} originals that no version names"
    _print_verified(record, summary, as_json)
    if problems:
        raise SystemExit(1)


def _warn_of_strays(strays: StrayObjects) -> None:
    if strays.unlisted:
        say(f"remark: other objects in the storage are not looked for: {strays.unlisted}", err=True)
    if strays.count:
        say(
            f"remark: {strays.count} objects in the storage are none of this archive's "
            f"({', '.join(strays.names[:3])}); nothing here needs them",
            err=True,
        )


def _repair(store: Store) -> None:
    """Mend what can be mended, and say what it was."""
    if corrected := store.correct_dates():
        say(f"repaired: {corrected} dates of originals are corrected", err=True)
    if store.recount():
        say("repaired: the number of articles is counted anew", err=True)
    if verify_index(store).problems:
        with ProgressBar("repairing", "article") as progress:
            built = IndexBuilder(store, progress=progress).repair()
        say(f"repaired: indexed {built.indexed}, deleted {built.deleted}", err=True)


def verify_share(home: Path, as_json: bool, within: int) -> None:
    """Read the next share of the originals, so that all are read in so many runs, and say so."""
    with Store(home) as store, RunningJob(home, "verify") as job:
        position, remark = read_position(store)
        if remark:
            say(f"remark: {remark}", err=True)
        with ProgressBar("verifying", "original", job) as progress:
            report = check_share(store, position, within, progress)
        problems = [asdict(problem) for problem in report.problems] or _nothing_to_verify(store)
    record_verification(home, report.read, False, problems)
    record = {
        "read": report.read,
        "round_read": report.round_read,
        "originals": report.originals,
        "runs": report.runs,
        "within": within,
        "last_full_round": report.position.last_full_round,
        "problems": problems,
    }
    summary = (
        f"read {report.read} originals, {report.round_read} of {report.originals} in this "
        f"round (run {report.runs} of at most {max(within, report.runs)}); "
        f"last full round: {report.position.last_full_round or '-'}"
    )
    _print_verified(record, summary, as_json)
    try:
        save_position(home, report.position)
    except StoreError as error:
        if is_writable(home):
            raise
        say(f"remark: the next run reads the same originals: {error}", err=True)
    if problems:
        raise SystemExit(1)


def _nothing_to_verify(store: Store) -> list[dict[str, str]]:
    """Return the problem of an archive in which nothing was ever kept: a mistyped home has none."""
    if store.last_sequence() or store.originals.files():
        return []
    return [{"subject": str(store.home), "reason": "nothing was ever kept; is it the right home?"}]


def warn_of_glossary(home: Path) -> None:
    """Name the lines of the operator's glossary that searches cannot use."""
    _, bad_lines = read_operator_glossary(home)
    for line in bad_lines[:_MOST_PRINTED]:
        print_line(f"{GLOSSARY_FILE}:{line.number}: {translate(line.reason)}", err=True)
    if len(bad_lines) > _MOST_PRINTED:
        say(f"{GLOSSARY_FILE}: … and {len(bad_lines) - _MOST_PRINTED} more", err=True)


def _print_verified(record: dict[str, Any], summary: str, as_json: bool) -> None:
    if as_json:
        print_json(record)
        return
    say(summary)
    problems = record["problems"]
    for problem in problems[:_MOST_PRINTED]:
        say(f"problem: {problem['subject']}: {problem['reason']}", err=True)
    say(f"{len(problems)} problems" if problems else "all agree")
