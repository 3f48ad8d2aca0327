"""Derived data of a generation, opened once and shared by all requests that use it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from archive.errors import EngineError

Data = TypeVar("Data")


class PerGenerationCache(Generic[Data]):
    """A cache of one entry: data that was read from the folder of the newest generation.

    A generation that lacks the data, or whose data is damaged, has None: searches do without,
    and `tangthu verify` names the damage. Safe to share between threads.
    """

    def __init__(self, opener: Callable[[Path], Data]) -> None:
        self._opener = opener
        self._lock = threading.Lock()
        self._entry: tuple[tuple[Path, int, int] | None, Data | None] = (None, None)

    def get(self, folder: Path) -> Data | None:
        """Return the data of the generation in a folder, opened if it is not the cached one."""
        with self._lock:
            version = _folder_version(folder)
            if self._entry[0] != version:
                try:
                    self._entry = (version, self._opener(folder))
                except EngineError:
                    self._entry = (version, None)
            return self._entry[1]


def _folder_version(folder: Path) -> tuple[Path, int, int]:
    """Return a folder with its inode: another archive may be put in the place of this one."""
    try:
        state = folder.stat()
    except OSError:
        return folder, 0, 0
    return folder, state.st_dev, state.st_ino
