"""The generation being served: readers move to a new one between requests."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import ArchiveError, EngineError, NoIndexError
from indexer.engine.api import Engine
from indexer.engine_factory import open_engine
from indexer.generations.generations import Generation, Generations

_DAMAGE = (IndexError, ValueError, OverflowError, MemoryError)
"""Errors of a search in an index that is whole and makes no sense."""


PATIENCE = 10.0
"""Seconds that a reader waits for an index on a cluster, while nodes fail or come back."""

_SLOW = 1.0
_SECONDS_BETWEEN = 5.0


@dataclass(frozen=True, slots=True)
class OpenGeneration:
    """A generation as a request sees it: name, folder and engine.

    Attributes:
        identity: another one for a generation of another archive with the same name.
        sequence: the last change of the store that it includes.
    """

    name: str
    folder: Path
    engine: Engine
    identity: str
    sequence: int


@dataclass(slots=True)
class _ServedGeneration:
    """An open generation, shared by requests.

    Attributes:
        pointer_version: the state of the pointer file that named it.
        requests: how many use it now.
        retired: another generation is served: the engine is closed with the last request.
    """

    generation: OpenGeneration
    pointer_version: tuple[int, int]
    requests: int = 0
    retired: bool = False

    def close_if_unused(self) -> None:
        if self.retired and not self.requests:
            self.generation.engine.close()


@dataclass(frozen=True, slots=True)
class _SlowFailure:
    """An opening that failed after a long wait, which others need not wait for as well.

    Attributes:
        pointer_version: the state of the pointer file then.
        until: the moment (monotonic) from which it is tried again.
    """

    pointer_version: tuple[int, int]
    until: float
    message: str


class LiveIndex:
    """The current generation, shared by all threads of a process.

    Each request keeps the generation it began with; the old one is closed when its last request
    ends. A new generation that cannot be opened leaves the old one serving.
    """

    def __init__(self, path: Path) -> None:
        self._generations = Generations(path)
        self._lock = threading.Lock()
        self._served: _ServedGeneration | None = None
        self._failure: _SlowFailure | None = None

    @contextmanager
    def open_generation(self) -> Iterator[OpenGeneration]:
        """Hand out the current generation, kept open until the block ends.

        Raises:
            NoIndexError: nothing was published yet.
            EngineError: the index cannot be read.
        """
        with self._lock:
            served = self._current()
            served.requests += 1
        try:
            yield served.generation
        except _DAMAGE as error:
            # Numbers that lead nowhere: `tangthu verify` compares all of them, opening does not.
            folder = served.generation.folder
            kind = type(error).__name__
            raise EngineError(
                f"the index in {folder} cannot be used ({kind}: {error}); run `tangthu verify`"
            ) from error
        finally:
            with self._lock:
                served.requests -= 1
                served.close_if_unused()

    def generation_name(self) -> str:
        """Return the name of the generation of the next request; empty when there is none."""
        try:
            with self._lock:
                return self._current().generation.name
        except NoIndexError:
            return ""

    def switched_at(self) -> datetime:
        """Return when the pointer was last moved to a generation; 1970 when there is none."""
        return datetime.fromtimestamp(self._pointer_version()[1] / 1e9, UTC)

    def close(self) -> None:
        """Close the current generation as soon as its last request ends."""
        with self._lock:
            self._retire()

    def _current(self) -> _ServedGeneration:
        """Return the generation that the pointer names, opened if it is another than before."""
        version = self._pointer_version()
        served = self._served
        if served and served.pointer_version == version:
            return served
        started, failure = time.monotonic(), self._failure
        try:
            if failure and failure.pointer_version == version and started < failure.until:
                raise EngineError(failure.message)
            generation = self._generations.read_current(self._open_unless_served)
        except ArchiveError as error:
            now = time.monotonic()
            if now - started > _SLOW:
                self._failure = _SlowFailure(version, now + _SECONDS_BETWEEN, str(error))
            if served is None:
                raise
            return served
        if served and served.generation is generation:
            served.pointer_version = version
            return served
        self._retire()
        self._served = _ServedGeneration(generation, version)
        return self._served

    def _open_unless_served(self, current: Generation) -> OpenGeneration:
        """Open a generation, or return the one that is served where it is the same."""
        identity = _identity(current)
        if self._served and self._served.generation.identity == identity:
            return self._served.generation
        engine = open_engine(current.folder, PATIENCE)
        sequence = current.manifest.sequence
        return OpenGeneration(current.name, current.folder, engine, identity, sequence)

    def _retire(self) -> None:
        if self._served:
            self._served.retired = True
            self._served.close_if_unused()
            self._served = None

    def _pointer_version(self) -> tuple[int, int]:
        """Return the inode and modification time (ns) of the pointer file; zeros without one.

        Another archive in the place of this one has another file.
        """
        try:
            state = self._generations.pointer.stat()
        except OSError:
            return (0, 0)
        return (state.st_ino, state.st_mtime_ns)


def _identity(generation: Generation) -> str:
    """Return name, time and content of a generation as one text."""
    manifest = generation.manifest
    digests = sorted(record.sha256 for record in manifest.files.values())
    digest = hashlib.sha256("".join(digests).encode()).hexdigest()[:16]
    return f"{generation.name} {manifest.made} {digest}"
