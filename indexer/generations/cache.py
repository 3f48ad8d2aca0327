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
        self._entry: tuple[Path | None, Data | None] = (None, None)

    def get(self, folder: Path) -> Data | None:
        """Return the data of the generation in a folder, opened if it is not the cached one."""
        with self._lock:
            if self._entry[0] != folder:
                try:
                    self._entry = (folder, self._opener(folder))
                except EngineError:
                    self._entry = (folder, None)
            return self._entry[1]
