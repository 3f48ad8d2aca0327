"""The parts of a rebuild that workers on many hosts share, in the catalogue's database.

A worker claims a part, says by heartbeats that it lives, and finishes it with what it derived. A
part whose worker is silent is claimed by another one: a part may be done twice, the first to
finish it counts. Workers on many hosts have many clocks: the server's alone tells the silence.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Select, func, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from archive.catalogue import tables
from archive.catalogue.bulk_rows import insert_rows
from archive.catalogue.database import is_sqlite, retry_dropped, transaction
from archive.errors import StoreError, write_failures_as
from archive.storable_texts import storable

T = TypeVar("T")

SILENCE_SECONDS = 30
"""Seconds without a heartbeat after which a part is another worker's to claim."""

_OPEN, _TAKEN, _DONE = "open", "taken", "done"
_NOW = func.floor(func.extract("epoch", func.clock_timestamp()))


@dataclass(frozen=True, slots=True)
class SharedRebuild:
    """The rebuild that is under way, as every worker has to know it.

    Attributes:
        rebuild: a random name.
        program: the digest of the program that began it.
        sequence: the store's last change when it began.
        parts: ranges of identifiers.
        address: the index on a cluster that is filled.
    """

    rebuild: str
    program: str
    sequence: int
    parts: int
    address: str


@dataclass(frozen=True, slots=True)
class PartCounts:
    """The numbers of parts by their state, and the articles of those that are done."""

    open: int = 0
    taken: int = 0
    done: int = 0
    documents: int = 0


@dataclass(frozen=True, slots=True)
class ClaimedPart:
    """A part that a worker has claimed; the claim's name is like no other one's."""

    number: int
    worker: str


@dataclass(frozen=True, slots=True)
class FinishedPart:
    """A finished part: its articles, and what its worker sent of it."""

    number: int
    documents: int
    result: bytes


def can_share(engine: Engine) -> bool:
    """Tell whether a catalogue can keep parts: it is on a server, and of today's schema."""
    if is_sqlite(engine):
        return False
    with write_failures_as(StoreError, "the rebuild's parts", (SQLAlchemyError,)):
        return inspect(engine).has_table(tables.rebuild_parts.name)


def find_shared_rebuild(engine: Engine) -> SharedRebuild | None:
    """Return the rebuild that is under way; None where there is none that can be shared."""
    if not can_share(engine):
        return None
    row = _run(engine, lambda connection: connection.execute(select(tables.rebuilds)).first())
    return SharedRebuild(**row._mapping) if row else None


class RebuildParts:
    """The parts of one rebuild.

    Args:
        engine: the catalogue's database.
        rebuild: the name of the rebuild.

    Attributes:
        silence: seconds after which a silent worker's part is another one's.
    """

    def __init__(self, engine: Engine, rebuild: str) -> None:
        self._engine, self._rebuild = engine, rebuild
        self.silence = SILENCE_SECONDS

    def publish(self, plan: SharedRebuild, done: Mapping[int, int]) -> None:
        """Offer the parts to all workers, in place of those of any other rebuild.

        Args:
            plan: the rebuild.
            done: the articles of the parts that are done already, by number.
        """
        unclaimed = {"rebuild": self._rebuild, "worker": "", "heartbeat": 0, "result": b""}
        rows = [
            {
                **unclaimed,
                "number": number,
                "state": _DONE if number in done else _OPEN,
                "documents": done.get(number, 0),
            }
            for number in range(plan.parts)
        ]
        with write_failures_as(StoreError, "the rebuild's parts", (SQLAlchemyError,)):
            with transaction(self._engine) as connection:
                _delete(connection)
                insert_rows(connection, tables.rebuilds, [asdict(plan)])
                insert_rows(connection, tables.rebuild_parts, rows)

    def claim(self) -> ClaimedPart | None:
        """Claim a part that is open, or whose worker is silent; None where there is none."""
        p = tables.rebuild_parts.c
        is_silent = (p.state == _TAKEN) & (p.heartbeat < _NOW - self.silence)
        free = (
            select(p.number)
            .where(p.rebuild == self._rebuild, (p.state == _OPEN) | is_silent)
            .order_by(p.state, p.number)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        name = f"{os.getpid()} on {socket.gethostname()}"[:100]
        worker = storable(f"process {name}, {secrets.token_hex(8)}")
        change = (
            tables.rebuild_parts.update()
            .where(p.rebuild == self._rebuild, p.number == free.scalar_subquery())
            .values(state=_TAKEN, worker=worker, heartbeat=_NOW)
            .returning(p.number)
        )
        number = self._run(lambda connection: connection.execute(change).scalar())
        return None if number is None else ClaimedPart(number, worker)

    def keep(self, part: ClaimedPart) -> bool:
        """Say that the worker of a part lives; tell whether the part is its own still."""
        return self._change(part, heartbeat=_NOW)

    def finish(self, part: ClaimedPart, documents: int, result: bytes = b"") -> bool:
        """Record a part as done; tell whether it was its worker's own still."""
        return self._change(part, state=_DONE, documents=documents, result=result)

    def give_back(self, part: ClaimedPart) -> bool:
        """Leave a part to another worker; tell whether it was its worker's own still."""
        return self._change(part, state=_OPEN)

    def reopen(self, numbers: Collection[int]) -> None:
        """Have parts done again."""
        p = tables.rebuild_parts.c
        chosen = (p.rebuild == self._rebuild) & p.number.in_(list(numbers))
        change = tables.rebuild_parts.update().where(chosen)
        self._run(lambda connection: connection.execute(change.values(state=_OPEN, result=b"")))

    def count(self) -> PartCounts:
        """Count the parts by their state; of a rebuild that is over there are none."""
        p = tables.rebuild_parts.c
        query = select(p.state, func.count(), func.sum(p.documents))
        query = query.where(p.rebuild == self._rebuild).group_by(p.state)
        rows = {state: (count, documents) for state, count, documents in self._rows(query)}
        counts = {state: count for state, (count, _) in rows.items()}
        return PartCounts(**counts, documents=int(rows[_DONE][1]) if _DONE in rows else 0)

    def finished(self) -> dict[int, int]:
        """Return the articles of the finished parts, by number."""
        p = tables.rebuild_parts.c
        query = select(p.number, p.documents).where(p.rebuild == self._rebuild, p.state == _DONE)
        return {number: documents for number, documents in self._rows(query)}

    def read_results(self, numbers: Collection[int]) -> Iterator[FinishedPart]:
        """Yield finished parts with what their workers sent, one in memory at a time."""
        p = tables.rebuild_parts.c
        for number in numbers:
            query = select(p.number, p.documents, p.result).where(p.rebuild == self._rebuild)
            for row in self._rows(query.where(p.number == number, p.state == _DONE)):
                yield FinishedPart(*row)

    def remove(self) -> None:
        """Take the rebuild away: it is over, and its workers end."""
        self._run(lambda connection: _delete(connection, self._rebuild))

    def _change(self, part: ClaimedPart, **values: Any) -> bool:
        p = tables.rebuild_parts.c
        own = (p.rebuild == self._rebuild) & (p.number == part.number) & (p.worker == part.worker)
        # What its worker finished twice, since an answer was lost, is finished.
        change = tables.rebuild_parts.update().where(own, p.state != _OPEN).values(**values)
        return bool(self._run(lambda connection: connection.execute(change).rowcount))

    def _rows(self, query: Select[Any]) -> list[Any]:
        return self._run(lambda connection: list(connection.execute(query)))

    def _run(self, work: Callable[[Connection], T]) -> T:
        return _run(self._engine, work)


def _run(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Do some work in a transaction, again if its connection was dropped: twice is as once."""

    def run_once() -> T:
        with engine.begin() as connection:
            return work(connection)

    with write_failures_as(StoreError, "the rebuild's parts", (SQLAlchemyError,)):
        return retry_dropped(run_once)


def _delete(connection: Connection, rebuild: str | None = None) -> None:
    for table in (tables.rebuild_parts, tables.rebuilds):
        chosen = table.c.rebuild == rebuild if rebuild else table.c.rebuild != ""
        connection.execute(table.delete().where(chosen))
