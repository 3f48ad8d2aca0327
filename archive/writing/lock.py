"""One writer at a time: a lock file that dies with its process and names its holder."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from pathlib import Path
from typing import Self

import msgspec

from archive.errors import DamagedError, StoreError, StoreLockedError
from archive.files.json_records import decode_json_record
from archive.files.plain_files import open_lock_file
from archive.records import utc_now

_HOLDER_LIMIT = 4096
_SECONDS_BETWEEN = 0.1


class LockHolder(msgspec.Struct, frozen=True):
    """The process that holds a lock; `start` is ISO 8601."""

    pid: int
    host: str
    start: str


class WriterLock:
    """The right to write, held by at most one process: flock on a file.

    The kernel releases it when its holder dies, however it dies, so a lock is never left over.
    """

    def __init__(self, path: Path, patience: float = 0) -> None:
        """Prepare; `patience` is the seconds to wait while another process holds the lock."""
        self._path, self._patience = path, patience
        self._file: int | None = None

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            StoreLockedError: another process holds it; the message names it.
            StoreError: the file cannot be opened, or its file system has no locks; or it was
                deleted while it was waited for, with what it protects.
        """
        try:
            self._file = open_lock_file(self._path)
        except OSError as error:
            raise StoreError(f"cannot open {self._path}: {error.strerror}") from error
        try:
            taken = self._flock()
        except OSError as error:
            # Such as a share of another machine: without a lock two writers would mix their work.
            self._close()
            raise StoreError(f"cannot lock {self._path}: {error.strerror}") from error
        if not taken:
            process = _describe_holder(os.pread(self._file, _HOLDER_LIMIT, 0))
            self._close()
            raise StoreLockedError(
                f"{process} is writing here; wait until it ends, or stop it"
            ) from None
        if not self._is_in_place():
            self._close()
            raise StoreError(f"{self._path} was deleted meanwhile; run the command again")
        holder = LockHolder(os.getpid(), socket.gethostname(), utc_now().isoformat())
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, msgspec.json.encode(holder), 0)
        return self

    def __exit__(self, *exception: object) -> None:
        """Release the lock."""
        self._close()

    def _flock(self) -> bool:
        """Tell whether the lock could be taken in time."""
        assert self._file is not None
        deadline = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(_SECONDS_BETWEEN)
            else:
                return True

    def _is_in_place(self) -> bool:
        """Tell whether the locked file is the one that others find."""
        assert self._file is not None
        try:
            return os.path.samestat(os.fstat(self._file), os.lstat(self._path))
        except FileNotFoundError:
            return False

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _describe_holder(content: bytes) -> str:
    try:
        holder = decode_json_record(content, LockHolder)
    except DamagedError:
        return "another process"
    return f"process {holder.pid} on {holder.host}, since {holder.start}"
