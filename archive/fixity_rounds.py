"""Every original read again within a number of runs, a share a run (`verify --since-last`).

Originals are read in the order of their places. New ones come last, so a round reads them too,
and what lies up to the remembered place has been read in this round. A run reads what is left
divided by the runs that are left: the last run of a round reads all the rest, and since shares
only grow with the archive, no original waits longer than that number of runs.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import groupby, islice
from pathlib import Path

from archive.atomic_files import replace_file
from archive.audit import AuditProblem
from archive.errors import DamagedError, StoreError, describe_write_failure
from archive.records import Version, utc_now
from archive.store import START, Store

STATE_FILE = "fixity.json"
"""Where a home remembers how far the originals have been read."""

_STATE_LIMIT = 1 << 16


@dataclass(frozen=True, slots=True)
class RoundPosition:
    """How far a round has come: its runs, the last place read, when the last full round ended.

    `last_full_round` is an ISO 8601 moment; None when no round has ended.
    """

    runs: int = 0
    file: str = START[0]
    offset: int = START[1]
    last_full_round: str | None = None


@dataclass(frozen=True, slots=True)
class ShareReport:
    """One run: originals read now and in this round, of how many, what is damaged, what is next.

    `runs` counts those of this round with this one; `position` is for `save_position`.
    """

    read: int
    round_read: int
    originals: int
    runs: int
    problems: tuple[AuditProblem, ...]
    position: RoundPosition


def read_position(store: Store) -> tuple[RoundPosition, str]:
    """How far earlier runs came, and a remark (else empty) when that cannot be known."""
    path = store.home / STATE_FILE
    try:
        with path.open("rb") as file:
            reached = _reached(file.read(_STATE_LIMIT))
    except FileNotFoundError:
        return RoundPosition(), ""
    except (OSError, ValueError, TypeError, RecursionError) as error:
        return (
            RoundPosition(),
            f"{path} cannot be used ({error}); every original is read from the start",
        )
    place = (reached.file, reached.offset)
    if place != START and not store.has_original(place):
        return (
            RoundPosition(),
            f"{path} is of another archive; every original is read from the start",
        )
    return reached, ""


def check_share(
    store: Store,
    reached: RoundPosition,
    within: int,
    progress: Callable[[int, int], None] | None = None,
) -> ShareReport:
    """Read the next share of the originals and hold each against its digest.

    Args:
        store: the archive; it may be written to meanwhile.
        reached: what `read_position` gave.
        within: the number of runs in which every original is to be read.
        progress: told (originals read, originals of this run) after each.
    """
    last = (reached.file, reached.offset)
    left = store.count_originals(last)
    share = -(-left // max(1, within - reached.runs))
    read, problems = 0, list[AuditProblem]()
    by_place = groupby(
        store.versions_by_location(last), lambda one: (one[1].location.file, one[1].location.offset)
    )
    for place, versions in islice(by_place, share):
        problems += [found for one in versions if (found := _problem(store, *one))]
        last, read = place, read + 1
        if progress:
            progress(read, share)
    ended = read == left
    originals = store.count_originals(START)
    next_up = (
        RoundPosition(last_full_round=utc_now().isoformat())
        if ended
        else RoundPosition(reached.runs + 1, *last, reached.last_full_round)
    )
    # What was added since `left` was counted is read in the next round.
    round_read = originals - store.count_originals(last)
    return ShareReport(read, round_read, originals, reached.runs + 1, tuple(problems), next_up)


def save_position(home: Path, reached: RoundPosition) -> None:
    """Keep how far the originals have been read, durably.

    To be called after the report was given: a run killed before is then repeated, and what it
    found is not lost.

    Raises:
        StoreError: the disk refuses it.
    """
    path = home / STATE_FILE
    try:
        replace_file(path, json.dumps(asdict(reached)) + "\n")
    except OSError as error:
        raise StoreError(describe_write_failure(path, error)) from error


def _problem(store: Store, identifier: str, version: Version) -> AuditProblem | None:
    try:
        store.originals.read(version.location, version.digest)
    except DamagedError as error:
        return AuditProblem(f"{identifier} {version.number}", str(error))
    return None


def _reached(text: bytes) -> RoundPosition:
    found = RoundPosition(**json.loads(text))
    numbers = (found.runs, found.offset)
    names = (found.file, found.last_full_round or "")
    # The largest number is what a catalogue can be asked for.
    if not all(type(one) is int and -1 <= one < 1 << 63 for one in numbers) or found.runs < 0:
        raise ValueError("no such numbers")
    if not all(isinstance(one, str) and one.isprintable() for one in names):
        raise ValueError("no such names")
    return found
