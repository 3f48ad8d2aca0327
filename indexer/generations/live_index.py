"""The generation being served: readers move to a new one between requests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import ArchiveError, NoIndexError
from indexer.engine.api import Engine
from indexer.engine_factory import open_engine
from indexer.generations.generations import Generations


@dataclass(frozen=True, slots=True)
class OpenGeneration:
    """A generation as a request sees it: name, folder and engine."""

    name: str
    folder: Path
    engine: Engine


@dataclass(slots=True)
class _Serving:
    """An open generation, how many requests use it, and the pointer's state that led to it."""

    opened: OpenGeneration
    mark: tuple[int, int]
    users: int = 0
    retired: bool = False


class LiveIndex:
    """The current generation, shared by all threads of a process.

    Each request keeps the generation it began with; the old one is closed when its last request
    ends. A new generation that cannot be opened leaves the old one serving.
    """

    def __init__(self, path: Path) -> None:
        self._generations = Generations(path)
        self._lock = threading.Lock()
        self._serving: _Serving | None = None

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The engine of the current generation, kept open until the block ends.

        Raises:
            NoIndexError: nothing was published yet.
            EngineError: the index cannot be read.
        """
        with self.opened() as opened:
            yield opened.engine

    @contextmanager
    def opened(self) -> Iterator[OpenGeneration]:
        """The current generation, kept open until the block ends; raises as `engine` does."""
        with self._lock:
            serving = self._current()
            serving.users += 1
        try:
            yield serving.opened
        finally:
            with self._lock:
                serving.users -= 1
                if serving.retired and not serving.users:
                    serving.opened.engine.close()

    def generation(self) -> str:
        """The name of the generation that the next request gets; empty when there is none."""
        try:
            with self._lock:
                return self._current().opened.name
        except NoIndexError:
            return ""

    def pointed(self) -> datetime:
        """When the pointer to the current generation was last moved; 1970 when there is none."""
        return datetime.fromtimestamp(self._mark()[1] / 1e9, UTC)

    def close(self) -> None:
        """Let go of the current generation as soon as its last request ends."""
        with self._lock:
            self._retire()

    def _current(self) -> _Serving:
        mark = self._mark()
        serving = self._serving
        if serving and serving.mark == mark:
            return serving
        try:
            generation = self._generations.current()
            if serving and serving.opened.name == generation.name:
                serving.mark = mark
                return serving
            engine = open_engine(generation.folder)
            fresh = _Serving(OpenGeneration(generation.name, generation.folder, engine), mark)
        except ArchiveError:
            if serving is None:
                raise
            return serving
        self._retire()
        self._serving = fresh
        return fresh

    def _retire(self) -> None:
        serving, self._serving = self._serving, None
        if serving:
            serving.retired = True
            if not serving.users:
                serving.opened.engine.close()

    def _mark(self) -> tuple[int, int]:
        try:
            state = self._generations.pointer.stat()
        except OSError:
            return (0, 0)
        return (state.st_ino, state.st_mtime_ns)
