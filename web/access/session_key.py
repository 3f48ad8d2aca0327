"""The secret key by which sessions are signed: one for all processes that serve a home."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from archive.errors import ArchiveError
from archive.files.plain_files import open_plain_file

KEY_FILE = "session.key"
"""The name of the file in the home; whoever loses it only has to log in again."""

_LENGTH = 64


def session_key(home: Path) -> str:
    """Return the key of a home, which is made where there is none.

    Raises:
        ArchiveError: there is none and none can be made, or the file holds none.
    """
    path = home / KEY_FILE
    try:
        if not path.exists():
            _make_key(path)
        with open_plain_file(path) as file:
            key = file.read(_LENGTH + 1).decode("ascii", "replace").strip()
    except OSError as error:
        raise ArchiveError(
            f"{path}: sessions need a key, which cannot be read or made: {error.strerror}; run "
            "`tangthu user add` as the user that serves the archive"
        ) from error
    if len(key) < _LENGTH:
        raise ArchiveError(f"{path}: holds no key; remove it, and a new one is made")
    return key


def _make_key(path: Path) -> None:
    """Make a key beside its place, and link it there: another process may be first."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(_LENGTH // 2))
        with suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink()
