"""One writer at a time: a lock file that dies with its process and says who holds it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.errors import StoreError, StoreLockedError
from archive.records import utc_now


class WriterLock:
    """The right to write, held by at most one process: flock on a file.

    The kernel lets go of it when its holder dies, however it dies, so a lock is never left over.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            StoreLockedError: another process holds it; the message names it.
        """
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StoreError(f"cannot open {self._path}: {error.strerror}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._file, 4096, 0).decode("utf-8", "replace")
            self._close()
            raise StoreLockedError(_refusal(holder)) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, _signature().encode(), 0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the lock."""
        self._close()

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _signature() -> str:
    return json.dumps(
        {"pid": os.getpid(), "host": socket.gethostname(), "start": utc_now().isoformat()}
    )


def _refusal(holder: str) -> str:
    try:
        who = json.loads(holder)
        name = f"process {who['pid']} on {who['host']}, since {who['start']}"
    except (ValueError, KeyError, TypeError):
        name = "another process"
    return f"{name} is writing here; wait until it ends, or stop it"
