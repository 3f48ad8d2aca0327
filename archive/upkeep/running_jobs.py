"""The jobs that run in a home just now, each in a file that the operator's page reads.

A file is locked while its process lives, by the kernel: one that nobody holds is of a job that
was killed, whatever its process was called.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Self

import msgspec

from archive.errors import DamagedError
from archive.files.json_records import decode_json_record
from archive.files.plain_files import open_lock_file, open_plain_file
from archive.records import utc_now

JOBS_FOLDER = "jobs"
"""The folder in the home; losing it loses nothing."""

MOST_JOBS = 100
"""Files of jobs that are read."""

_SECONDS_BETWEEN = 1.0
_LENGTH = 512
_NAME = re.compile(r"[0-9a-f]{16}\.json")
_Count = Annotated[int, msgspec.Meta(ge=0, lt=1 << 62)]
_Word = Annotated[str, msgspec.Meta(pattern="^[a-z]{1,20}$")]


class JobProgress(msgspec.Struct, frozen=True):
    """The progress of a job.

    Attributes:
        work: the command, such as `verify`.
        is_bytes: `done` and `total` are bytes, not things.
        done: what is done; of a `total` of 0 nobody knows how much there is.
        started: when it began.
        host: the machine that it runs on.
    """

    work: _Word
    is_bytes: bool
    done: _Count
    total: _Count
    started: datetime
    host: Annotated[str, msgspec.Meta(max_length=100)]


class RunningJob:
    """A job that others can see: a callback for (done, total), and a context manager.

    What is done within a second is never written. A home that cannot be written to, or a disk
    that refuses, does not stop the job.
    """

    def __init__(self, home: Path, work: str, is_bytes: bool = False) -> None:
        self._folder, self._work, self._is_bytes = home / JOBS_FOLDER, work, is_bytes
        self._started, self._written = utc_now(), time.monotonic()
        self._path, self._file = self._folder / f"{secrets.token_hex(8)}.json", -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file < 0:
            return
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
            # Others may run.
            self._folder.rmdir()
        os.close(self._file)

    def __call__(self, done: int, total: int) -> None:
        """Record what is done; at most once a second."""
        if time.monotonic() - self._written < _SECONDS_BETWEEN:
            return
        self._written = time.monotonic()
        host = os.uname().nodename[:100]
        progress = JobProgress(self._work, self._is_bytes, done, total, self._started, host)
        with suppress(OSError):
            if self._file < 0:
                _clear_folder(self._folder)
                self._file = open_lock_file(self._path)
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Of one length and written at once: whoever reads sees the old one or the new one.
            os.pwrite(self._file, msgspec.json.encode(progress).ljust(_LENGTH), 0)


def read_running_jobs(home: Path) -> list[JobProgress]:
    """Return the jobs that run in a home, the oldest first, those of one second by their work."""
    jobs = [job for path in _list_files(home / JOBS_FOLDER) if (job := _read_job(path))]
    return sorted(jobs, key=lambda job: (job.started, job.work))


def _clear_folder(folder: Path) -> None:
    """Make the folder, and remove what killed jobs left in it.

    Raises:
        OSError: it cannot be made, or is a link.
    """
    if folder.is_symlink():
        raise NotADirectoryError(folder)
    folder.mkdir(exist_ok=True)
    for path in _list_files(folder):
        if _read_job(path) is None:
            path.unlink(missing_ok=True)


def _list_files(folder: Path) -> list[Path]:
    if folder.is_symlink() or not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))[:MOST_JOBS]


def _read_job(path: Path) -> JobProgress | None:
    """Read the file of a job; None if it is none, or if its process is gone."""
    with suppress(OSError, DamagedError), open_plain_file(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            job = decode_json_record(file.read(_LENGTH), JobProgress)
            return job if job.started.tzinfo else None
    return None
