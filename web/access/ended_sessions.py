"""The sessions that readers have ended: a cookie that somebody copied is no way back.

A session is a signed cookie, of which the server keeps nothing. So the identifiers of those that
were ended are kept in the home, for every process that serves it, until they would be over anyway:
in a file for each period of a session's length, of which two are read and older ones removed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from archive.errors import ArchiveError
from archive.files.plain_files import append_to_plain_file, open_plain_file

SESSION: Final = timedelta(hours=12)
"""How long a session lasts."""

FOLDER: Final = "sessions"
"""The name of the folder in the home."""

_PREFIX: Final = "ended-"
_LARGEST_FILE: Final = 16 << 20


class EndedSessions:
    """The ended sessions of one home; safe to share between threads and processes."""

    def __init__(self, home: Path, clock: Callable[[], float] = time.time) -> None:
        """Read what is in a home when it is asked for."""
        self._folder, self._clock = home / FOLDER, clock
        self._read: dict[Path, tuple[tuple[int, int], frozenset[str]]] = {}

    def end(self, identifier: str) -> None:
        """Keep that a session has ended.

        Raises:
            ArchiveError: that cannot be written.
        """
        path = self._paths()[0]
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            # One short write to the end of a file: no other process writes between. What a power
            # cut left of a line before it is a line of its own.
            with append_to_plain_file(path) as file:
                file.write(f"\n{identifier}\n".encode())
        except OSError as error:
            raise ArchiveError(
                f"{path}: the end of a session cannot be kept: {error.strerror}; make the folder "
                "writable, or give the user a new password, which ends all their sessions"
            ) from error
        self._remove_old()

    def has_ended(self, identifier: str) -> bool:
        """Tell whether a session was ended.

        Raises:
            ArchiveError: that cannot be read.
        """
        return any(identifier in self._identifiers(path) for path in self._paths())

    def _paths(self) -> tuple[Path, Path]:
        """Return the files of this period and of the one before it."""
        period = int(self._clock() // SESSION.total_seconds())
        return (
            self._folder / f"{_PREFIX}{period}",
            self._folder / f"{_PREFIX}{period - 1}",
        )

    def _identifiers(self, path: Path) -> frozenset[str]:
        try:
            status = path.lstat()
            state = (status.st_mtime_ns, status.st_size)
            known = self._read.get(path)
            if known and known[0] == state:
                return known[1]
            with open_plain_file(path) as file:
                content = file.read(_LARGEST_FILE + 1)
        except (FileNotFoundError, NotADirectoryError):
            return frozenset()
        except OSError as error:
            raise ArchiveError(f"{path}: cannot be read: {error.strerror}; remove it") from error
        if len(content) > _LARGEST_FILE:
            raise ArchiveError(f"{path}: larger than {_LARGEST_FILE} bytes; remove it")
        identifiers = frozenset(content.decode("ascii", "replace").split())
        self._read[path] = state, identifiers
        return identifiers

    def _remove_old(self) -> None:
        current = self._paths()
        self._read = {path: read for path, read in self._read.items() if path in current}
        with suppress(OSError):  # another process may be first
            for path in self._folder.glob(f"{_PREFIX}*"):
                if path not in current:
                    path.unlink()
