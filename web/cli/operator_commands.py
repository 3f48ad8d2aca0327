"""The operator's commands: remove, hide, show-again, edit, log."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec

import click

from archive.change_log import LogEntry
from archive.clocks import by_clock
from archive.operations import OperationKind, OperatorNote
from archive.operator_batch import CORRECTABLE
from archive.records import ChangeKind
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
from web.cli.archive_commands import resolve
from web.cli.archive_home import pass_archive
from web.cli.printed_output import print_json, print_line
from web.cli.translated_output import say, translate
from web.site.site_settings import read_site

P = ParamSpec("P")

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


def operator_name() -> str:
    """Return the name of whoever runs the command, and the machine."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (OSError, KeyError):
        return "?"


def _note_options(command: Callable[P, None]) -> Callable[P, None]:
    """Add the options that say why, and who asks."""
    reason = click.option(
        "--reason",
        required=True,
        help="Why: it stays in the log, and readers see that of a removal.",
    )
    actor = click.option("--by", "actor", default=operator_name, help="Who asks; you by default.")
    return reason(actor(command))


def _note(options: dict[str, Any], due: str = "") -> OperatorNote:
    try:
        return make_note(str(options["reason"]), str(options["actor"]), due)
    except NoteError as error:
        raise click.UsageError(f"--{error.option}: {error}") from error


@click.command()
@click.argument("name", metavar="IDENTIFIER")
@click.option("--version", type=click.IntRange(1), help="Only this version.")
@click.option(
    "--passage",
    "passages",
    multiple=True,
    metavar="PLACE",
    help="Only this passage: s3 (a section), s3.2 (its second paragraph), lead, "
    "caption1; repeatable.",
)
@click.option("--destroy", is_flag=True, help="Overwrite the originals, too; nothing undoes it.")
@_note_options
@pass_archive
def remove(home: Path, /, name: str, **options: Any) -> None:
    """Withdraw an article, or one version, and leave a tombstone that says so.

    Its text leaves the catalogue, the index and everything made of them at once; neither adding
    it again nor restoring an older backup brings it back. The original stays in the archive,
    where nobody is shown it, unless --destroy overwrites it.
    """
    note, version, passages = _note(options), options["version"] or 0, options["passages"]
    if passages and version:
        raise click.UsageError("--passage is of the newest version: leave --version out")
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


@click.command()
@click.argument("name", metavar="IDENTIFIER")
@click.option(
    "--until",
    type=click.DateTime(),
    help="Show it again from then on, by the archive's clock, at the next update: 2027-01-31, or "
    "with a time 2027-01-31T08:00:00.",
)
@_note_options
@pass_archive
def hide(home: Path, /, name: str, until: datetime | None, **options: Any) -> None:
    """Hide an article, for good or until a date; nothing of it is lost."""
    due = by_clock(read_site(home).local_time(until), UTC).isoformat() if until else ""
    with Store(home) as store:
        identifier = resolve(store, name)
        report = hide_article(store, identifier, _note(options, due))
    say(f"hid {identifier}{_number_of(report)}")
    _tell(report)


@click.command(name="show-again")
@click.argument("name", metavar="IDENTIFIER")
@_note_options
@pass_archive
def show_again(home: Path, /, name: str, **options: Any) -> None:
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


@click.command()
@click.argument("name", metavar="IDENTIFIER")
@click.option(
    "--set",
    "corrections",
    multiple=True,
    metavar="FIELD=VALUE",
    help=f"A corrected field: {', '.join(CORRECTABLE)}; several authors: a;b; repeatable.",
)
@click.option(
    "--lift", multiple=True, type=click.Choice(CORRECTABLE), help="Undo a correction; repeatable."
)
@_note_options
@pass_archive
def edit(home: Path, /, name: str, **options: Any) -> None:
    """Correct the metadata of an article, as a version of its own; reading it again keeps it."""
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


@click.command()
@click.argument("name", metavar="[IDENTIFIER]", default="")
@click.option("--since", default=0, type=click.IntRange(0), help="Only changes after this number.")
@click.option("--operations", is_flag=True, help="Only what an operator did.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines; keys are stable.")
@pass_archive
def log(home: Path, name: str, since: int, operations: bool, as_json: bool) -> None:
    """Print every change, oldest first: number, time, what, article, by whom or from where."""
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
