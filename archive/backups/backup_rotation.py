"""Backups that follow one another in a folder: named by their moment, the oldest removed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from archive.backups.removal_ledger import LEDGER_SUFFIX, read_backups
from archive.errors import StoreError, write_failures_as

_NAME = re.compile(r"tangthu-[0-9]{8}T[0-9]{6}Z\.zip", re.ASCII)


def dated_target(folder: Path) -> Path:
    """Return the place of a backup that is made now: `tangthu-20261126T033000Z.zip`."""
    return folder / f"tangthu-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip"


def remove_older_backups(home: Path, folder: Path, keep: int) -> list[Path]:
    """Remove the oldest backups of a home in a folder, until so many are left.

    Only those that the home remembers and that have a dated name: nothing else is touched.

    Args:
        home: the archive.
        folder: where its dated backups are.
        keep: how many stay, at least 1.

    Returns:
        Those that were removed.

    Raises:
        StoreError: one cannot be removed.
    """
    entries = sorted(read_backups(home), key=lambda entry: entry.made)
    paths = [Path(entry.path) for entry in entries]
    dated = [
        path for path in paths if path.parent == folder.resolve() and _NAME.fullmatch(path.name)
    ]
    oldest = dated[: -max(1, keep)]
    for path in oldest:
        with write_failures_as(StoreError, path):
            path.unlink()
            path.with_name(path.name + LEDGER_SUFFIX).unlink(missing_ok=True)
    return oldest
