"""The record of the last verification, in the home, for whoever looks after the archive."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec

from archive.errors import DamagedError
from archive.files.atomic_files import replace_file
from archive.files.json_records import read_json_record
from archive.records import utc_now

RECORD_FILE = "verified.json"
"""The name of the file in the home; losing it loses nothing."""

MOST_PROBLEMS = 20
"""Problems that are recorded."""

_LIMIT = 1 << 20
_Count = Annotated[int, msgspec.Meta(ge=0)]


class VerificationRecord(msgspec.Struct, frozen=True):
    """The result of one verification.

    Attributes:
        made: ISO 8601.
        originals: those that were read.
        complete: everything was compared, not a share of the originals alone.
        problem_count: how many there were; `problems` are the first of them.
    """

    made: str
    originals: _Count
    complete: bool
    problem_count: _Count = 0
    problems: tuple[str, ...] = ()


def record_verification(
    home: Path, originals: int, complete: bool, problems: list[dict[str, str]]
) -> None:
    """Record a verification that just ended; a home that can only be read keeps none."""
    lines = [f"{problem['subject']}: {problem['reason']}" for problem in problems[:MOST_PROBLEMS]]
    record = VerificationRecord(
        utc_now().isoformat(), originals, complete, len(problems), tuple(lines)
    )
    with suppress(OSError):
        replace_file(home / RECORD_FILE, msgspec.json.encode(record) + b"\n")


def read_verification(home: Path) -> VerificationRecord | None:
    """Return the last verification that was recorded; None where there is none to be read."""
    try:
        return read_json_record(home / RECORD_FILE, VerificationRecord, _LIMIT)
    except (OSError, DamagedError):
        return None
