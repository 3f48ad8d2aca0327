"""The place in which a backup is unpacked, and the move from there to the home.

A new home gets its name at once, whole. An empty folder that cannot be renamed over, a mount point
or one in another user's folder (`/var/lib`), is filled: the catalogue, which makes it an archive,
comes last.
"""

from __future__ import annotations

import os
from pathlib import Path

from archive.catalogue.database import CATALOGUE_FILE, IDENTITY_FILE
from archive.errors import StoreError
from archive.files.atomic_files import move_into_place, sync_folder, sync_tree

_FOLDER = ".restored"
_LAST = (IDENTITY_FILE, CATALOGUE_FILE)


def unpacking_place(home: Path) -> Path:
    """Return the folder in which a backup for a home is unpacked.

    Raises:
        StoreError: the home has something in it.
    """
    if home.exists() and any(path.name != _FOLDER for path in home.iterdir()):
        raise StoreError(f"{home} is not empty; restore into a new folder (--home)")
    return home / _FOLDER if _has_to_stay(home) else home.with_name(f".{home.name}.restored")


def move_home(unpacked: Path, home: Path) -> None:
    """Make an unpacked archive, in its place, the home, durably."""
    if home not in unpacked.parents:
        move_into_place(unpacked, home)
        return
    sync_tree(unpacked)
    for path in sorted(unpacked.iterdir(), key=_order):
        if path.name in _LAST:
            # What makes it an archive is durable only after all that it names.
            sync_folder(home)
        path.replace(home / path.name)
    sync_folder(home)


def _has_to_stay(home: Path) -> bool:
    """Tell whether a folder is there that nothing can be renamed to."""
    return home.is_dir() and (os.path.ismount(home) or not os.access(home.parent, os.W_OK))


def _order(path: Path) -> tuple[int, str]:
    return (_LAST.index(path.name) + 1 if path.name in _LAST else 0), path.name
