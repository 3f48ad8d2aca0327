"""The operator's commands: remove, hide, show-again, edit, log."""

from __future__ import annotations

import getpass
import json
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec

import click

from archive.errors import ArchiveError, StoreLockedError
from archive.operations import OperationKind, OperatorNote
from archive.operator_batch import CORRECTABLE, LONGEST_REASON
from archive.removal_ledger import write_ledgers
from archive.store import Store
from indexer.indexing.index_builder import IndexBuilder
from web.cli.archive_commands import resolve
from web.cli.archive_home import pass_archive

P = ParamSpec("P")

_PAGE = 1000


def operator_name() -> str:
    """Return the name of whoever runs the command, and the machine."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (OSError, KeyError):
        return "?"


def _note_options(command: Callable[P, None]) -> Callable[P, None]:
    """Add the options that say why, and who asks."""
    reason = click.option("--reason", required=True, help="Why; readers of a removed page see it.")
    actor = click.option("--by", "actor", default=operator_name, help="Who asks; you by default.")
    return reason(actor(command))


def _note(options: dict[str, Any], due: str = "") -> OperatorNote:
    reason = str(options["reason"]).strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise click.UsageError(f"--reason has 1 to {LONGEST_REASON} characters")
    return OperatorNote(reason, str(options["actor"])[:200], due=due)


@click.command()
@click.argument("name", metavar="IDENTIFIER")
@click.option("--version", type=click.IntRange(1), help="Only this version of it.")
@click.option("--destroy", is_flag=True, help="Overwrite the originals, too; nothing undoes it.")
@_note_options
@pass_archive
def remove(home: Path, /, name: str, **options: Any) -> None:
    """Withdraw an article, or one version, and leave a tombstone that says so.

    Its text leaves the catalogue, the index and everything made of them at once; neither adding
    it again nor restoring an older backup brings it back. The original stays in the archive,
    where nobody is shown it, unless --destroy overwrites it.
    """
    note, version = _note(options), options["version"] or 0
    with Store(home) as store:
        identifier = resolve(store, name)
        with store.operator_batch() as batch:
            change = batch.remove(identifier, note, version, destroy=options["destroy"])
        part = f"version {version} of {identifier}" if version else identifier
        click.echo(f"removed {part} (change {change.sequence})")
        _follow(store)
    for path in sorted(home.glob("catalogue.sqlite.*bak")):
        click.echo(f"remark: {path} may still hold it: delete it when it is not needed", err=True)


@click.command()
@click.argument("name", metavar="IDENTIFIER")
@click.option("--until", type=click.DateTime(), help="Show it again from then on (see update).")
@_note_options
@pass_archive
def hide(home: Path, /, name: str, until: datetime | None, **options: Any) -> None:
    """Hide an article, for good or until a date; nothing of it is lost."""
    due = until.astimezone(UTC).isoformat() if until else ""
    with Store(home) as store:
        identifier = resolve(store, name)
        with store.operator_batch() as batch:
            change = batch.hide(identifier, _note(options, due))
        click.echo(f"hid {identifier} (change {change.sequence})")
        _follow(store)


@click.command(name="show-again")
@click.argument("identifier")
@_note_options
@pass_archive
def show_again(home: Path, /, identifier: str, **options: Any) -> None:
    """Show a hidden article again, or let a removed one be added again."""
    with Store(home) as store:
        with store.operator_batch() as batch:
            change = batch.show_again(identifier, _note(options))
        if change is None:
            click.echo(f"{identifier} may be added again: `tangthu add` its document")
        else:
            click.echo(f"{identifier} is shown as version {change.version}")
        _follow(store)


@click.command()
@click.argument("name", metavar="IDENTIFIER")
@click.option(
    "--set",
    "corrections",
    multiple=True,
    metavar="FIELD=VALUE",
    help=f"A corrected field: {', '.join(CORRECTABLE)}; several authors: a;b.",
)
@click.option("--lift", multiple=True, type=click.Choice(CORRECTABLE), help="Undo a correction.")
@_note_options
@pass_archive
def edit(home: Path, /, name: str, **options: Any) -> None:
    """Correct the metadata of an article, as a version of its own; reading it again keeps it."""
    fields: dict[str, Any] = {field: None for field in options["lift"]}
    for correction in options["corrections"]:
        field, equals, value = correction.partition("=")
        if not equals or field not in CORRECTABLE:
            raise click.UsageError(f"--set FIELD=VALUE, FIELD one of {', '.join(CORRECTABLE)}")
        people = [person.strip() for person in value.split(";") if person.strip()]
        fields[field] = people if field == "authors" else value.strip()
    if not fields:
        raise click.UsageError("nothing to correct: --set FIELD=VALUE or --lift FIELD")
    with Store(home) as store:
        identifier = resolve(store, name)
        with store.operator_batch() as batch:
            change = batch.edit(identifier, fields, _note(options))
        click.echo(f"corrected {identifier}: version {change.version}")
        _follow(store)


@click.command()
@click.argument("name", metavar="[IDENTIFIER]", default="")
@click.option("--since", default=0, type=click.IntRange(0), help="Only changes after this number.")
@click.option("--operations", is_flag=True, help="Only what an operator did.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines; keys are stable.")
@pass_archive
def log(home: Path, name: str, since: int, operations: bool, as_json: bool) -> None:
    """Print every change, oldest first: number, time, what, article, by whom or from where."""
    with Store(home) as store:
        for entry in store.history(since, name):
            if operations and entry.kind not in set(OperationKind):
                continue
            if as_json:
                click.echo(json.dumps(asdict(entry), ensure_ascii=False))
                continue
            what = f"{entry.kind} {entry.identifier}"
            what += f" version {entry.version}" if entry.version else ""
            what += f" by {entry.actor}" if entry.actor else ""
            what += f" from {entry.source}" if entry.source else ""
            what += f": {entry.reason}" if entry.reason else ""
            click.echo(f"{entry.sequence} {entry.made or '-'} {what}")


def show_due(store: Store) -> int:
    """Show the articles that were hidden until a moment that has come.

    Returns:
        How many.
    """
    now, shown = datetime.now(UTC).isoformat(), 0
    hidden = [
        operation
        for operation in store.operator_state().articles.values()
        if operation.kind is OperationKind.HIDDEN and operation.note.due
    ]
    due = [operation for operation in hidden if operation.note.due <= now]
    if due:
        with store.operator_batch() as batch, suppress(StoreLockedError):
            for operation in due:
                note = OperatorNote(f"hidden until {operation.note.due}", "tangthu")
                batch.show_again(operation.identifier, note)
                shown += 1
    return shown


def erase_removed(store: Store) -> None:
    """Empty the records of what was removed, after the index has been brought up to date."""
    if store.operator_state().digests:
        with store.operator_batch() as batch:
            batch.erase_removed()


def _follow(store: Store) -> None:
    """Bring the index and the ledgers beside backups up to date."""
    for problem in write_ledgers(store):
        click.echo(f"remark: a backup would bring it back: {problem}", err=True)
    try:
        IndexBuilder(store).update()
        erase_removed(store)
    except StoreLockedError as error:
        click.echo(f"remark: not indexed yet: {error}, then `tangthu update`", err=True)
    except ArchiveError as error:
        click.echo(f"tangthu: it is done, but not in the index: {error}", err=True)
        raise SystemExit(1) from error
