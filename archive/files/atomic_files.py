"""Files that survive a crash whole: written beside, synced, then renamed into place.

After a crash a file that was replaced is the old one or the new one, never a mixture. This module
is the only one that syncs, renames, links and digests files.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(
    path: Path, durable: bool = True, temporary: Path | None = None
) -> Iterator[BinaryIO]:
    """Open a new file that takes the place of `path` when the block ends without an error.

    Args:
        path: the file to replace; it may be a hard link, which is not written through.
        durable: sync the bytes and the folder, so that a loss of power takes nothing back. Leave
            it out only where losing the file loses nothing, or where the caller syncs later.
        temporary: what is written first, in the same folder; by default one that a single writer
            may use.
    """
    temporary = temporary or path.with_name(f".{path.name}.new")
    try:
        with temporary.open("wb") as file:
            yield file
            if durable:
                sync_open_file(file)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def replace_file(path: Path, content: str | bytes, durable: bool = True) -> None:
    """Replace a small file at once; see `replacing`."""
    with replacing(path, durable) as file:
        file.write(content.encode() if isinstance(content, str) else content)


def replace_cached_file(path: Path, content: bytes) -> None:
    """Replace a small file that several may write at once, and whose loss loses nothing.

    Each writes beside it under a name of its own: nobody reads half of what one has written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    with replacing(path, durable=False, temporary=temporary) as file:
        file.write(content)


def move_into_place(source: Path, target: Path) -> None:
    """Rename a finished file or folder durably: whatever has the new name is whole.

    A file in its place is replaced, an empty folder as well.
    """
    sync_tree(source)
    source.replace(target)
    sync_folder(target.parent)


def sync_open_file(file: BinaryIO) -> None:
    """Make the bytes written to a file so far durable."""
    file.flush()
    os.fsync(file.fileno())


def sync_file(path: Path) -> None:
    """Make the bytes of a file durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    sync_file(folder)


def sync_tree(path: Path) -> None:
    """Make a file durable, or every file and every name below a folder."""
    for entry in sorted(path.rglob("*"), reverse=True):
        sync_file(entry)
    sync_file(path)


def link_or_copy(source: Path, target: Path) -> None:
    """Link a file that never changes to another name, or copy it where links cannot be made."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        shutil.copyfile(source, target)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
