"""The command that keeps the users of an archive: user add, remove, list."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.errors import ArchiveError
from web.access.session_key import session_key
from web.access.user_file import USER_FILE, Role, make_user, read_users, write_users
from web.cli.archive_home import pass_archive
from web.cli.printed_output import print_line
from web.cli.translated_output import say, translate


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
    path = home / USER_FILE
    users = read_users(path) if path.exists() else {}
    if action == "list":
        for each in users.values():
            print_line(f"{each.name}\t{each.role}")
        return
    if not name:
        raise click.UsageError(f"a name is missing: `tangthu user {action} NAME`")
    if action == "remove":
        if name not in users:
            raise ArchiveError(f"{name} is no user; `tangthu user list` prints them")
        del users[name]
        write_users(home, users)
        say(f"removed {name}")
        return
    is_new = name not in users
    users[name] = make_user(name, Role.OPERATOR if operator else Role.READER, _ask_password())
    write_users(home, users)
    session_key(home)
    role = translate("operator") if operator else translate("reader")
    say(f"added {name} ({role})" if is_new else f"changed {name} ({role})")


def _ask_password() -> str:
    """Ask for a password twice; where nobody sits, read it from standard input."""
    if sys.stdin.isatty():
        password = click.prompt(translate("Password"), hide_input=True)
        if click.prompt(translate("Password again"), hide_input=True) != password:
            raise ArchiveError("the two passwords differ: run the command again")
        return str(password)
    return sys.stdin.readline().rstrip("\r\n")
