"""What belongs to a generation and is opened once for all its requests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from archive.errors import EngineError

Thing = TypeVar("Thing")


class PerGenerationCache(Generic[Thing]):
    """Opens a thing when it is first asked for, and again for another generation.

    A generation that lacks it, or where it is damaged, has None: searching goes on without, and
    `tangthu verify` names the damage. Safe to share between threads.
    """

    def __init__(self, opener: Callable[[Path], Thing]) -> None:
        self._opener = opener
        self._lock = threading.Lock()
        self._kept: tuple[Path | None, Thing | None] = (None, None)

    def of(self, folder: Path) -> Thing | None:
        """The thing of the generation in a folder."""
        with self._lock:
            if self._kept[0] != folder:
                try:
                    self._kept = (folder, self._opener(folder))
                except EngineError:
                    self._kept = (folder, None)
            return self._kept[1]
