"""The making of a home by a command, taken back while nothing is kept there."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from archive.catalogue.database import CATALOGUE_FILE, IDENTITY_FILE
from archive.catalogue.unused_catalogue import KEEPING_TABLES, delete_unused, may_be_begun
from archive.errors import StoreError
from archive.writing.lock import WriterLock

LOCK_FILE = "lock"
"""The file in a home that its one writer locks."""

ORIGINALS_FOLDER = "originals"


@dataclass(frozen=True, slots=True)
class HomeMaking:
    """The making of a home by a command, known by what there was before.

    Attributes:
        home: the folder.
        missing: those of the folder and the folders above it that were not there, innermost first.
        is_new: whether no archive was in it.
        begins_catalogue: whether its catalogue is to be on a server, and has no tables there.
    """

    home: Path
    missing: tuple[Path, ...]
    is_new: bool
    begins_catalogue: bool = False

    @classmethod
    def begin(cls, home: Path) -> Self:
        """Look at what there is, before anything is made."""
        folders = (home, *home.parents)
        missing = tuple(folder for folder in folders if not os.path.lexists(folder))
        parts = (CATALOGUE_FILE, IDENTITY_FILE, ORIGINALS_FOLDER, LOCK_FILE)
        is_new = not any(os.path.lexists(home / part) for part in parts)
        return cls(home, missing, is_new, is_new and may_be_begun(home))

    def take_back(self) -> bool:
        """Delete what was made, unless anything is kept, or another process writes.

        The store has to be closed. Of a catalogue on a server the tables are deleted if they were
        made meanwhile, for this home.

        Returns:
            Whether there is no archive, as before.
        """
        has_identity = os.path.lexists(self.home / IDENTITY_FILE)
        if not self.is_new or (has_identity and not self.begins_catalogue):
            return False
        if self.home.is_dir():
            try:
                with WriterLock(self.home / LOCK_FILE):
                    if not self._empty():
                        return False
            except StoreError:
                return False
        for folder in self.missing:
            # One that was not made after all, or where somebody else put something meanwhile.
            with suppress(OSError):
                folder.rmdir()
        return True

    def _empty(self) -> bool:
        """Delete the parts of an archive that keeps nothing; the writer lock is held."""
        if not _keeps_nothing(self.home / CATALOGUE_FILE):
            # Its originals may be elsewhere.
            return False
        originals = self.home / ORIGINALS_FOLDER
        try:
            # No folder with anything in it can be removed: that is the check.
            originals.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            return False
        if os.path.lexists(self.home / IDENTITY_FILE):
            if not delete_unused(self.home):
                originals.mkdir(exist_ok=True)
                return False
            (self.home / IDENTITY_FILE).unlink()
        for name in (*(f"{CATALOGUE_FILE}{end}" for end in ("", "-wal", "-shm")), LOCK_FILE):
            (self.home / name).unlink(missing_ok=True)
        return True


def _keeps_nothing(catalogue: Path) -> bool:
    """Tell whether a catalogue has no row of anything that is kept; one that is damaged has."""
    if not catalogue.exists():
        return True
    try:
        with closing(sqlite3.connect(catalogue)) as connection:
            names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
            queries = [f"SELECT 1 FROM {t.name} LIMIT 1" for t in KEEPING_TABLES if t.name in names]  # noqa: S608
            return not any(connection.execute(query).fetchone() for query in queries)
    except sqlite3.Error:
        return False
