"""Fixity rounds: every original is read again within a number of runs (`verify --since-last`).

Each run reads a share. Originals are read in the order of their places. New ones come last, so a
round reads them too, and every original before the saved position has been read in this round. A
run reads the rest divided by the runs that remain: the last run of a round reads all the rest,
and since shares only grow with the archive, no original waits longer than that number of runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Annotated

import msgspec

from archive.audit import AuditProblem, check_original
from archive.errors import DamagedError, StoreError, write_failures_as
from archive.files.atomic_files import replace_file
from archive.files.json_records import read_json_record
from archive.originals.kept_records import START
from archive.originals.piece_audit import PieceAudit
from archive.originals.warc_dates import DateCorrections
from archive.records import utc_now
from archive.store import Store

STATE_FILE = "fixity.json"
"""The file in a home that holds the position of the round."""

_STATE_LIMIT = 1 << 16

# Texts are printed to terminals; the largest integer is that of a database column.
_PlainText = Annotated[str, msgspec.Meta(pattern="^[ -~]*$")]
_Count = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
_Offset = Annotated[int, msgspec.Meta(ge=-1, le=(1 << 63) - 1)]


class RoundPosition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The position of a round: its runs, the last place read, the end of the last full round.

    `last_full_round` is an ISO 8601 moment; None when no round has ended.
    """

    runs: _Count = 0
    file: _PlainText = START[0]
    offset: _Offset = START[1]
    last_full_round: _PlainText | None = None

    @property
    def place(self) -> tuple[str, int]:
        """The last place read (WARC file, offset)."""
        return self.file, self.offset


@dataclass(frozen=True, slots=True)
class ShareReport:
    """The result of one run: originals read, in it and in its round, and the damaged ones.

    `runs` counts those of this round with this one; `position` is for `save_position`.
    """

    read: int
    round_read: int
    originals: int
    runs: int
    problems: tuple[AuditProblem, ...]
    position: RoundPosition


def read_position(store: Store) -> tuple[RoundPosition, str]:
    """Return the position that earlier runs saved, and a remark when it cannot be used."""
    path = store.home / STATE_FILE
    try:
        position = read_json_record(path, RoundPosition, _STATE_LIMIT)
    except FileNotFoundError:
        return RoundPosition(), ""
    except (OSError, DamagedError) as error:
        return RoundPosition(), f"{error}; every original is read from the start"
    if position.place != START and not store.has_original(position.place):
        remark = f"{path} is of another archive; every original is read from the start"
        return RoundPosition(), remark
    return position, ""


def check_share(
    store: Store,
    position: RoundPosition,
    within: int,
    progress: Callable[[int, int], None] | None = None,
) -> ShareReport:
    """Read the next share of the originals and check each against its digest.

    Args:
        store: the archive; it may be written to meanwhile.
        position: the result of `read_position`.
        within: the number of runs in which every original is to be read.
        progress: told (originals read, originals of this run) after each.

    Raises:
        StorageAwayError: some are in an object storage that cannot be used now.
    """
    last, runs = position.place, position.runs + 1
    unread = store.count_originals(last)
    share = -(-unread // max(1, within - position.runs))
    read, problems = 0, list[AuditProblem]()
    corrections, pieces = DateCorrections(store.originals), PieceAudit(store.originals)
    destroyed = store.operator_state().destroyed
    by_place = groupby(store.records_by_location(last), key=lambda record: record.place)
    for place, records in islice(by_place, share):
        for record in records:
            problems += (AuditProblem(*each) for each in pieces.check(record.location))
            problems += check_original(store.originals, corrections, record, destroyed)
        last, read = place, read + 1
        if progress:
            progress(read, share)
    originals = store.count_originals()
    if read == unread:
        next_position = RoundPosition(last_full_round=utc_now().isoformat())
    else:
        next_position = RoundPosition(runs, *last, position.last_full_round)
    # Originals that were added since `unread` was counted are read in the next round.
    round_read = originals - store.count_originals(last)
    return ShareReport(read, round_read, originals, runs, tuple(problems), next_position)


def save_position(home: Path, position: RoundPosition) -> None:
    """Save the position of the round, durably.

    Call it after the report was printed: a run that is killed before is repeated, and the damage
    that it found is not lost.

    Raises:
        StoreError: the disk refuses it.
    """
    path = home / STATE_FILE
    with write_failures_as(StoreError, path):
        replace_file(path, msgspec.json.encode(position) + b"\n")
