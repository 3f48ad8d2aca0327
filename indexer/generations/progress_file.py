"""What the index is at, and the build that is under way, for status pages."""

from __future__ import annotations

import json
import os
import socket
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from archive.atomic_files import replace_file
from archive.errors import NoIndexError
from archive.records import utc_now
from archive.store import Store
from indexer.generations.generations import Generations

_SECONDS_BETWEEN = 1.0
_LARGEST = 1 << 16


@dataclass(frozen=True, slots=True)
class IndexState:
    """The live generation; an empty name when nothing was published yet."""

    generation: str
    documents: int
    sequence: int
    analyzer: str


@dataclass(frozen=True, slots=True)
class Building:
    """A build that is under way.

    Attributes:
        work: `update`, `rebuild`, …
        done: articles so far, of `total`.
        started: ISO 8601, as is `updated`.
        pid: the process that builds, on `host`.
    """

    work: str
    done: int
    total: int
    started: str
    updated: str
    pid: int
    host: str


def index_state(store: Store) -> IndexState:
    """What the live generation of an archive holds.

    Raises:
        EngineError: its manifest is damaged.
    """
    try:
        current = Generations(store.home / "index").current()
    except NoIndexError:
        return IndexState("", 0, 0, "")
    manifest = current.manifest
    return IndexState(current.name, manifest.documents, manifest.sequence, manifest.analyzer)


def building_now(store: Store) -> Building | None:
    """The build that is under way; None when there is none, or its process is gone."""
    path = _path(store)
    try:
        if path.stat().st_size > _LARGEST:
            return None
        found = Building(**json.loads(path.read_bytes()))
        here = found.host == socket.gethostname()
        return found if not here or _alive(int(found.pid)) else None
    except (OSError, ValueError, TypeError, RecursionError):
        return None


class Published:
    """Progress that other processes can read; whoever builds holds the lock of the index.

    It is written now and then, beside the real work: losing it loses nothing, so it is not
    made durable, and a disk that refuses it does not stop the build.
    """

    def __init__(self, store: Store, work: str) -> None:
        self._path, self._work = _path(store), work
        self._started, self._last = utc_now().isoformat(), 0.0

    def tell(self, done: int, total: int) -> None:
        """Write how far it is, at most once a second."""
        if time.monotonic() - self._last < _SECONDS_BETWEEN:
            return
        self._last = time.monotonic()
        updated, host = utc_now().isoformat(), socket.gethostname()
        state = Building(self._work, done, total, self._started, updated, os.getpid(), host)
        try:
            replace_file(self._path, json.dumps(asdict(state)), durable=False)
        except OSError:
            return

    def end(self) -> None:
        """Nothing is under way any more."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError:
            return


def _path(store: Store) -> Path:
    return store.home / "index" / "progress.json"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        # It is there, and another user's.
        return True
    return True
