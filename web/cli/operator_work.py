"""Carrying out what the operator asks of articles, and printing the log of changes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from archive.catalogue.change_log import LogEntry
from archive.catalogue.operations import OperationKind, OperatorNote
from archive.clocks import by_clock
from archive.records import CORRECTABLE, ChangeKind
from archive.store import Store
from web.admin.article_operations import (
    NoteError,
    OperationReport,
    correct_article,
    hide_article,
    make_note,
    read_correction,
    remove_article,
    remove_passages,
    show_article_again,
)
from web.cli.article_printing import resolve
from web.cli.printed_output import print_json, print_line
from web.cli.translated_output import say, translate
from web.site.site_settings import read_site

CHANGE_KINDS = {
    "added": "added",
    "changed": "changed",
    "deleted": "deleted",
    "removed": "removed",
    "hidden": "hidden",
    "shown": "shown",
    "edited": "edited",
}
"""Names of the kinds of change, as commands say them."""


def _note(options: dict[str, Any], due: str = "") -> OperatorNote:
    try:
        return make_note(str(options["reason"]), str(options["actor"]), due)
    except NoteError as error:
        raise click.UsageError(f"--{error.option}: {error}") from error


def remove_named(home: Path, name: str, options: dict[str, Any]) -> None:
    """Withdraw an article, a version or passages of it, as the options of `remove` say."""
    note, version, passages = _note(options), options["version"] or 0, options["passages"]
    with Store(home) as store:
        identifier = resolve(store, name)
        if passages:
            destroy = options["destroy"]
            report = remove_passages(store, identifier, note, passages, destroy=destroy)
            say(f"removed {', '.join(passages)} of {identifier}{_number_of(report)}")
            _tell(report)
            return
        report = remove_article(store, identifier, note, version, destroy=options["destroy"])
    part = f"version {version} of {identifier}" if version else identifier
    say(f"removed {part}{_number_of(report)}")
    _tell(report)


def hide_named(home: Path, name: str, until: datetime | None, options: dict[str, Any]) -> None:
    """Hide an article, for good or until a moment by the archive's clock."""
    due = by_clock(read_site(home).local_time(until), UTC).isoformat() if until else ""
    with Store(home) as store:
        identifier = resolve(store, name)
        report = hide_article(store, identifier, _note(options, due))
    say(f"hid {identifier}{_number_of(report)}")
    _tell(report)


def show_named_again(home: Path, name: str, options: dict[str, Any]) -> None:
    """Show a hidden article again, or let what was removed be added again."""
    with Store(home) as store:
        identifier = resolve(store, name)
        report = show_article_again(store, identifier, _note(options))
    if report.change is None:
        say(f"{identifier} may be added again: `tangthu add` its document")
    elif report.change.kind is ChangeKind.ADDED:
        say(f"{identifier} is shown as version {report.change.version}")
    else:
        say(f"what was removed of {identifier} may come back{_number_of(report)}")
    _tell(report)


def edit_named(home: Path, name: str, options: dict[str, Any]) -> None:
    """Correct the metadata of an article, as the options of `edit` say."""
    fields: dict[str, Any] = {field: None for field in options["lift"]}
    for correction in options["corrections"]:
        field, equals, value = correction.partition("=")
        if not equals or field not in CORRECTABLE:
            raise click.UsageError(f"--set FIELD=VALUE, FIELD one of {', '.join(CORRECTABLE)}")
        if field in fields:
            raise click.UsageError(f"a field is corrected once: {field}")
        fields[field] = read_correction(field, value)
    if not fields:
        raise click.UsageError("nothing to correct: --set FIELD=VALUE or --lift FIELD")
    with Store(home) as store:
        identifier = resolve(store, name)
        report = correct_article(store, identifier, fields, _note(options))
    version = report.change.version if report.change else 0
    say(f"corrected {identifier}: version {version}")
    _tell(report)


def print_log(home: Path, name: str, since: int, operations: bool, as_json: bool) -> None:
    """Print every change after a number, or only those of one article or of an operator."""
    with Store(home) as store:
        identifier = resolve(store, name) if name else ""
        if identifier:
            # Of what the archive never had there is no log.
            store.newest_change(identifier)
        for entry in store.history(since, identifier):
            if operations and entry.kind not in set(OperationKind):
                continue
            if as_json:
                print_json(asdict(entry))
                continue
            print_line(f"{entry.sequence} {entry.made or '-'} {_describe(entry)}")


def _describe(entry: LogEntry) -> str:
    """Return what a change did, to which article, by whom or from where, and why."""
    parts = [translate(CHANGE_KINDS[entry.kind]), entry.identifier]
    parts += [translate(f"version {entry.version}")] if entry.version else []
    parts += [translate("by"), entry.actor] if entry.actor else []
    parts += [translate("from"), entry.source] if entry.source else []
    return " ".join(parts) + (f": {entry.reason}" if entry.reason else "")


def _number_of(report: OperationReport) -> str:
    change = report.change
    return " " + translate(f"(change {change.sequence})") if change else ""


def _tell(report: OperationReport) -> None:
    """Print what is left to do; a failure of the index ends with exit status 1."""
    for remark in report.remarks:
        say(f"remark: {remark}", err=True)
    if report.failure:
        say(f"tangthu: {report.failure}", err=True)
        raise SystemExit(1)
