"""The file of an archive's users: a line for each, with name, role and password hash.

Only hashes are kept (scrypt, by Werkzeug). The file is read again when it changes, so that a new
password or a removed user counts at once.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from werkzeug.security import generate_password_hash

from archive.errors import ArchiveError
from archive.files.atomic_files import replace_file
from archive.files.plain_files import open_plain_file
from web.site.access_settings import USER_NAME

USER_FILE = "users.tsv"
"""The name of the file in the home."""

LARGEST_FILE = 1 << 20
"""Bytes of a file of users that are read."""

LEAST_PASSWORD, LONGEST_PASSWORD = 10, 1000
"""Characters of a password."""

HASH_METHOD = "scrypt:32768:8:1"
"""The method by which new passwords are hashed, that of Werkzeug."""

_HASH = re.compile(
    r"(?:scrypt:(?:16384|32768|65536|131072):8:[1-4]|pbkdf2:sha(?:256|512):[0-9]{1,7})"
    r"\$[^$\s]{1,64}\$[0-9a-f]{32,128}"
)
"""Hashes as Werkzeug makes them; others could be checked by nobody, or cost any time and memory."""

_OWNER_ONLY = stat.S_IRUSR | stat.S_IWUSR


class Role(StrEnum):
    """The roles of users."""

    READER = "reader"
    """Reads a private archive."""
    OPERATOR = "operator"
    """Reads it, and operates it at `/admin`."""


@dataclass(frozen=True, slots=True)
class User:
    """A user of the archive, and the hash of their password."""

    name: str
    role: Role
    password_hash: str


class UserFile:
    """The users of one home; safe to share between threads: at worst two of them read the same."""

    def __init__(self, home: Path) -> None:
        self._path = home / USER_FILE
        self._state: tuple[int, int] | None = None
        self._users: dict[str, User] = {}

    def users(self) -> dict[str, User]:
        """Return the users by name; none where there is no file.

        Raises:
            ArchiveError: the file cannot be read.
        """
        try:
            status = os.lstat(self._path)
        except FileNotFoundError:
            return {}
        state = (status.st_mtime_ns, status.st_size)
        if state != self._state:
            self._users, self._state = read_users(self._path), state
        return self._users


def read_users(path: Path) -> dict[str, User]:
    """Read a file of users.

    Raises:
        ArchiveError: it cannot be read, or a line is none.
    """
    try:
        with open_plain_file(path) as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise ArchiveError(f"{path}: larger than {LARGEST_FILE} bytes")
        lines = content.decode().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ArchiveError(f"{path}: cannot be read: {error}") from error
    users = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            name, role, password_hash = line.split("\t")
            user = User(name, Role(role), password_hash)
        except ValueError as error:
            raise ArchiveError(
                f"{path}:{number}: no name, role (reader, operator) and hash, separated by tabs; "
                "`tangthu user` writes them"
            ) from error
        if not USER_NAME.fullmatch(name):
            raise ArchiveError(f"{path}:{number}: no name of a user")
        if not _HASH.fullmatch(password_hash):
            raise ArchiveError(
                f"{path}:{number}: no hash of a password; remove the line, then `tangthu user add`"
            )
        users[name] = user
    return users


def write_users(home: Path, users: dict[str, User]) -> None:
    """Replace the file of users; only its owner can read it."""
    path = home / USER_FILE
    lines = [f"{user.name}\t{user.role}\t{user.password_hash}\n" for user in users.values()]
    earlier = os.umask(0o077)
    try:
        replace_file(path, "".join(lines))
    finally:
        os.umask(earlier)
    path.chmod(_OWNER_ONLY)


def make_user(name: str, role: Role, password: str) -> User:
    """Return a user with the hash of a password.

    Raises:
        ArchiveError: name or password cannot be used.
    """
    if not USER_NAME.fullmatch(name):
        raise ArchiveError(f"{name!r} is no name of a user: letters, figures and . @ + - _")
    if not LEAST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise ArchiveError(f"a password has {LEAST_PASSWORD} to {LONGEST_PASSWORD} characters")
    return User(name, role, generate_password_hash(password, HASH_METHOD))
