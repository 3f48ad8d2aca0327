"""The folder that a backup is made in before it has its name, and what killed backups left.

Whoever makes a backup has a lock on its folder, which the kernel releases at the process's end: a
folder without one was left, and the next backup beside it clears it, with the ledger that was
written for it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from archive.backups.removal_ledger import clear_unfinished_ledger, unfinished_ledgers
from archive.catalogue.database import CATALOGUE_FILE

_SUFFIX = ".partial"


@contextmanager
def partial_backup(target: Path) -> Iterator[Path]:
    """Make the folder of an unfinished backup, with a lock on it, and remove it at the end.

    Raises:
        OSError: it cannot be made.
    """
    partial = _partial_of(target)
    clear_partial_backups(target.parent)
    lock = _lock_folder(partial)
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        os.close(lock)


def clear_partial_backups(folder: Path) -> None:
    """Remove what killed backups into a folder left: folders, files half packed, ledgers."""
    for partial in folder.glob(f".*{_SUFFIX}"):
        # It may end just now, and be gone.
        with suppress(FileNotFoundError):
            _clear_partial_backup(partial)
    for target in unfinished_ledgers(folder):
        # It was killed after it had its name, or its folder was removed by hand.
        if not os.path.lexists(_partial_of(target)):
            clear_unfinished_ledger(target)


def _partial_of(target: Path) -> Path:
    return target.with_name(f".{target.name}{_SUFFIX}")


def _clear_partial_backup(partial: Path) -> None:
    if partial.is_symlink() or not partial.is_dir() or not _is_of_backup(partial):
        return
    handle = os.open(partial, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        target = partial.with_name(partial.name.removeprefix(".").removesuffix(_SUFFIX))
        clear_unfinished_ledger(target)
        shutil.rmtree(partial, ignore_errors=True)
        target.with_name(f".{target.name}.new").unlink(missing_ok=True)
    except BlockingIOError:
        pass
    finally:
        os.close(handle)


def _is_of_backup(folder: Path) -> bool:
    """Tell whether a folder holds nothing, or what a backup puts there; a crash may lose some."""
    names = {path.name for path in folder.iterdir()}
    # A bag is made by way of a folder that becomes its `data`.
    moved = {path.name for path in folder.glob("tmp*/*")}
    parts = {"originals", "data", "bagit.txt", "bag-info.txt"}
    is_part = any(name in parts or name.startswith(CATALOGUE_FILE) for name in names | moved)
    return is_part or not moved and all(name.startswith("tmp") for name in names)


def _lock_folder(folder: Path) -> int:
    """Make a new folder and return a lock on it, which the kernel releases when we die."""
    while True:
        folder.mkdir(parents=True)
        with suppress(FileNotFoundError):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            # Another backup may clear it before we have the lock: then it is made again.
            fcntl.flock(handle, fcntl.LOCK_EX)
            if _is_handle_of(folder, handle):
                return handle
            os.close(handle)


def _is_handle_of(folder: Path, handle: int) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(folder.stat(), os.fstat(handle))
    return False
