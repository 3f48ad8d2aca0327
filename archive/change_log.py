"""The log of an archive: every change, what it was, when, by whom or from where."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection, select

from archive import tables
from archive.operations import (
    Operation,
    OperatorState,
    find_withdrawal,
    read_operations,
    read_operator_state,
    withdrawn_error,
)
from archive.records import Article

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One change: its number, time and kind, the article and version, and its reason.

    Attributes:
        kind: `added`, `changed`, `deleted`, or what an operator did (`OperationKind`).
        version: 0 where the whole article is meant.
        actor: the operator; empty for documents that were added.
        source: what a version was read from; empty for what an operator did.
    """

    sequence: int
    made: str
    kind: str
    identifier: str
    version: int
    actor: str = ""
    reason: str = ""
    source: str = ""


class ChangeLog(ABC):
    """The operator's view of a store: operations, what they withhold, and the log."""

    @abstractmethod
    def _connect(self) -> AbstractContextManager[Connection]:
        """Open a connection for reading."""

    def refuse_withdrawn(self, identifier: str, version: int | None = None) -> None:
        """Refuse an article, or the version that is named, which was removed or is hidden.

        Raises:
            WithdrawnError: it was or is.
        """
        with self._connect() as connection:
            if withdrawal := find_withdrawal(connection, identifier, version):
                raise withdrawn_error(withdrawal)

    def records_of(self, identifier: str) -> Iterator[Article]:
        """Yield the records of an article, newest first, those that are withheld as well.

        For whoever takes an article out of what was made of it; emptied records are left out.
        """
        v = tables.versions.c
        query = select(v.content).where(v.identifier == identifier).order_by(v.version.desc())
        with self._connect() as connection:
            contents = list(connection.execute(query).scalars())
        for article in map(tables.unpack_article, contents):
            if article.title or article.sections or article.lead or article.captions:
                yield article

    def operations(self, after: int = 0, identifier: str = "") -> list[Operation]:
        """Return the operator's operations after a number of the sequence, in order, by pages."""
        with self._connect() as connection:
            return read_operations(connection, after, identifier)

    def operator_state(self) -> OperatorState:
        """Return what the operator's operations mean for documents that are read again."""
        with self._connect() as connection:
            return read_operator_state(connection)

    def history(self, after: int = 0, identifier: str = "") -> Iterator[LogEntry]:
        """Yield every change after a number of the sequence, in order; of one article if named."""
        while page := self._history_page(after, identifier):
            yield from page
            after = page[-1].sequence

    def _history_page(self, after: int, identifier: str) -> list[LogEntry]:
        v, t = tables.versions.c, tables.tombstones.c
        versions = select(v.sequence, v.captured, v.identifier, v.version, v.source)
        versions = versions.where(v.sequence > after).order_by(v.sequence).limit(_PAGE)
        deleted = (
            select(t.sequence, t.identifier)
            .where(t.sequence > after)
            .order_by(t.sequence)
            .limit(_PAGE)
        )
        if identifier:
            versions = versions.where(v.identifier == identifier)
            deleted = deleted.where(t.identifier == identifier)
        with self._connect() as connection:
            entries = {
                row.sequence: LogEntry(row.sequence, "", "deleted", row.identifier, 0)
                for row in connection.execute(deleted)
            }
            for row in connection.execute(versions):
                kind = "added" if row.version == 1 else "changed"
                entries[row.sequence] = LogEntry(
                    row.sequence,
                    row.captured,
                    kind,
                    row.identifier,
                    row.version,
                    source=row.source,
                )
            for each in read_operations(connection, after, identifier, _PAGE):
                note = each.note
                entries[each.sequence] = LogEntry(
                    each.sequence,
                    note.made,
                    each.kind.value,
                    each.identifier,
                    each.version,
                    note.actor,
                    note.reason,
                )
        return [entries[number] for number in sorted(entries)][:_PAGE]
