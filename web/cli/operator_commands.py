"""The operator's commands: remove, hide, show-again, edit, log."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, ParamSpec

import click

from archive.records import CORRECTABLE
from web.cli.archive_home import pass_archive

P = ParamSpec("P")


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
    if options["passages"] and options["version"]:
        raise click.UsageError("--passage is of the newest version: leave --version out")
    from web.cli.operator_work import remove_named

    remove_named(home, name, options)


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
    from web.cli.operator_work import hide_named

    hide_named(home, name, until, options)


@click.command(name="show-again")
@click.argument("name", metavar="IDENTIFIER")
@_note_options
@pass_archive
def show_again(home: Path, /, name: str, **options: Any) -> None:
    """Show a hidden article again, or let what was removed be added again."""
    from web.cli.operator_work import show_named_again

    show_named_again(home, name, options)


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
    from web.cli.operator_work import edit_named

    edit_named(home, name, options)


@click.command()
@click.argument("name", metavar="[IDENTIFIER]", default="")
@click.option("--since", default=0, type=click.IntRange(0), help="Only changes after this number.")
@click.option("--operations", is_flag=True, help="Only what an operator did.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines; keys are stable.")
@pass_archive
def log(home: Path, name: str, since: int, operations: bool, as_json: bool) -> None:
    """Print every change, oldest first: number, time, what, article, by whom or from where."""
    from web.cli.operator_work import print_log

    print_log(home, name, since, operations, as_json)
