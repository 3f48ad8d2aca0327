"""The progress of the build that is under way, in a file that status pages read."""

from __future__ import annotations

import json
import os
import socket
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from archive.errors import DamagedError
from archive.files.atomic_files import replace_file
from archive.files.json_records import read_json_record
from archive.records import utc_now
from archive.store import Store

_SECONDS_BETWEEN = 1.0
_LARGEST = 1 << 16


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """The progress of a build.

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
    pid: Annotated[int, Meta(ge=1, lt=1 << 31)]
    host: str


def read_progress(store: Store) -> BuildProgress | None:
    """Return the progress of the build under way; None without one, or if its process is gone."""
    try:
        progress = read_json_record(_path(store), BuildProgress, _LARGEST)
    except (OSError, DamagedError):
        return None
    # Processes of other hosts, which share the folder, cannot be looked for.
    if progress.host == socket.gethostname() and not _process_exists(progress.pid):
        return None
    return progress


class ProgressFile:
    """The progress file of one build, whose process holds the lock of the index.

    It is written now and then: losing it loses nothing, so it is not made durable, and a disk
    that refuses it does not stop the build.
    """

    def __init__(self, store: Store, work: str) -> None:
        self._path, self._work = _path(store), work
        self._started, self._written = utc_now().isoformat(), 0.0

    def write(self, done: int, total: int) -> None:
        """Record that `done` of `total` articles are indexed; at most one write a second."""
        if time.monotonic() - self._written < _SECONDS_BETWEEN:
            return
        self._written = time.monotonic()
        updated, host = utc_now().isoformat(), socket.gethostname()
        progress = BuildProgress(self._work, done, total, self._started, updated, os.getpid(), host)
        with suppress(OSError):
            replace_file(self._path, json.dumps(asdict(progress)), durable=False)

    def remove(self) -> None:
        """Remove the file: the build has ended."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def _path(store: Store) -> Path:
    return store.home / "index" / "progress.json"


def _process_exists(pid: int) -> bool:
    try:
        # One that may not be killed exists as well: it is another user's.
        with suppress(PermissionError):
            os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
