"""Keeping the users of an archive: their names, roles and passwords."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.errors import ArchiveError
from web.access.session_key import session_key
from web.access.user_file import USER_FILE, Role, make_user, read_users, write_users
from web.cli.printed_output import print_line
from web.cli.translated_output import say, translate


def keep_users(home: Path, action: str, name: str, operator: bool) -> None:
    """Add a user, remove one, or print all; `action` says which."""
    path = home / USER_FILE
    users = read_users(path) if path.exists() else {}
    if action == "list":
        for each in users.values():
            print_line(f"{each.name}\t{each.role}")
        return
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
