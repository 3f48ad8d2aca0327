"""The command that keeps the users of an archive: user add, remove, list."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli.archive_home import pass_archive


@click.command()
@click.argument("action", type=click.Choice(["add", "remove", "list"]))
@click.argument("name", default="")
@click.option("--operator", is_flag=True, help="May operate the archive at /admin, too.")
@pass_archive
def user(home: Path, action: str, name: str, operator: bool) -> None:
    """Give a reader or operator a password (add), take it away (remove), or list the names.

    The password is asked for, or read from standard input; only its hash is kept. Adding a name
    again changes the password and ends its sessions.
    """
    if operator and action != "add":
        raise click.UsageError(f"--operator is for `tangthu user add`, not for {action}")
    if name and action == "list":
        raise click.UsageError("`tangthu user list` prints all: leave the name out")
    if not name and action != "list":
        raise click.UsageError(f"a name is missing: `tangthu user {action} NAME`")
    from web.cli.user_keeping import keep_users

    keep_users(home, action, name, operator)
