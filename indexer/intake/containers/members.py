"""The members of containers, and the budget of everything that one file holds."""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from archive.errors import IntakeError
from archive.originals.captures import Capture

MOST_DEPTH = 8
"""Containers in one another that are opened."""

MOST_MEMBERS = 100_000
MOST_UNPACKED = 4 << 30
MOST_EXPANSION = 200
"""Times that a file may unfold, all its members taken together, after the first 16 MiB."""

_UNCHECKED_BYTES = 16 << 20
_MOST_REFUSED = 50
_OUTSIDE = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|^[a-zA-Z]:")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_SILENT = re.compile(r"(?:^|/)(?:\.[^/.]|__MACOSX/)|(?:^|/)(?:Thumbs\.db|desktop\.ini)$")
_FAILURES = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a container.

    Attributes:
        name: Its path in the container.
        stream: Its bytes; None where `error` says why it is refused.
        error: Why it is refused or skipped.
        is_skipped: Whether it is no document that failed.
        media_type: What it is, where the container says it beyond doubt; empty otherwise.
        url: The address that it was captured at.
        captured: When it was captured.
        charset: The encoding that the web server said; browsers believe it before the page.
        parent: The SHA-256 of the original that it is a part of.
        capture: The crawl's answer that it came in; None where it came in none.
    """

    name: str
    stream: io.BufferedReader[Any] | None = None
    error: str = ""
    is_skipped: bool = False
    media_type: str = ""
    url: str = ""
    captured: datetime | None = None
    charset: str = ""
    parent: str = ""
    capture: Capture | None = None


class Budget:
    """The members and bytes that one file may unfold to.

    Args:
        size: Bytes of the file; 0 where they are unknown.
    """

    def __init__(self, size: int) -> None:
        self._most = MOST_UNPACKED
        if size:
            self._most = min(self._most, max(_UNCHECKED_BYTES, MOST_EXPANSION * size))
        self._members = self._unpacked = self._refused = 0

    def count_member(self) -> None:
        """Count one more member.

        Raises:
            IntakeError: there are too many, or too many were refused.
        """
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise IntakeError(f"holds more than {MOST_MEMBERS} members")
        if self._refused > _MOST_REFUSED:
            raise IntakeError("unfolds too far again and again")

    def count_bytes(self, count: int) -> None:
        """Count bytes that were unpacked.

        Raises:
            IntakeError: they are too many.
        """
        self._unpacked += count
        if self._unpacked > self._most:
            raise IntakeError(f"unfolds to more than {self._most} bytes with what is around it")

    def refund(self, count: int) -> None:
        """Take back the bytes of a refused member, so that its neighbours are read."""
        self._unpacked -= count
        self._refused += 1


class BudgetedStream(io.RawIOBase):
    """A stream of a member's bytes that counts them, and ends in an IntakeError of its own."""

    def __init__(self, stream: IO[bytes], budget: Budget) -> None:
        self._stream, self._budget = stream, budget
        self._read = 0

    def readable(self) -> bool:
        """Return True: the stream can only be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with the bytes that follow; return their number, 0 at the end.

        Raises:
            IntakeError: they are damaged, encrypted, or too many.
        """
        try:
            data = self._stream.read(len(buffer))
        except _FAILURES as error:
            raise IntakeError(f"is damaged ({error})") from error
        except RuntimeError as error:
            raise IntakeError("needs a password") from error
        self._read += len(data)
        try:
            self._budget.count_bytes(len(data))
        except IntakeError:
            self._budget.refund(self._read)
            self._read = 0
            raise
        buffer[: len(data)] = data
        return len(data)


def name_problem(name: str) -> str:
    """Return why a member of this name is refused; empty where it is not."""
    if _OUTSIDE.search(name.replace("\\", "/")):
        return "is refused: its name leaves the archive"
    if _CONTROLS.search(name):
        return "is refused: its name has control characters"
    return ""


def is_silent(name: str) -> bool:
    """Tell whether a name is that of a hidden file, or of one that systems put into archives."""
    return bool(_SILENT.search(name.replace("\\", "/")))
