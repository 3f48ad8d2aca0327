"""Files that may come from elsewhere: plain ones only, no links, pipes or devices.

A link would lead out of the home, a pipe would never end, a device need not.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from errno import ELOOP
from pathlib import Path
from typing import BinaryIO

_FLAGS = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""No link is followed, and a pipe is opened without waiting for its other end."""


DEEPEST_FOLDER = 32
"""Folders within each other; whoever walks through more may come to an end before they do."""


def open_plain_file(path: Path) -> BinaryIO:
    """Open a file for reading.

    Raises:
        OSError: it is missing, cannot be read, or is no plain file.
    """
    return os.fdopen(_open_checked(path, os.O_RDONLY), "rb")


def append_to_plain_file(path: Path) -> BinaryIO:
    """Open a file to append to; a missing one is made.

    Raises:
        OSError: it cannot be written, or is no plain file.
    """
    return os.fdopen(_open_checked(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "ab")


def open_lock_file(path: Path) -> int:
    """Return the descriptor of a file that is read and written in place; a missing one is made.

    Raises:
        OSError: it cannot be written, or is no plain file.
    """
    return _open_checked(path, os.O_RDWR | os.O_CREAT)


def is_plain_file(path: Path) -> bool:
    """Tell whether there is a plain file."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def find_special_files(folder: Path, deepest: int = DEEPEST_FOLDER) -> Iterator[Path]:
    """Yield whatever below a folder is neither a plain file nor a folder, or lies too deep."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder and deepest > 1:
                yield from find_special_files(Path(entry.path), deepest - 1)
            elif is_folder or not entry.is_file(follow_symlinks=False):
                yield Path(entry.path)


def _open_checked(path: Path, flags: int) -> int:
    handle = os.open(path, flags | _FLAGS, 0o644)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(ELOOP, "it is no plain file", str(path))
    return handle
