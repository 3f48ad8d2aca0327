"""The log of an archive: every change, what it was, when, by whom or from where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from sqlalchemy import func, null, select

from archive.catalogue import tables
from archive.catalogue.catalogue_reader import CatalogueReader
from archive.catalogue.operations import (
    Operation,
    OperationKind,
    OperatorState,
    find_withdrawal,
    read_operations,
    read_operator_state,
    withdrawn_error,
)
from archive.catalogue.withheld_parts import find_withheld_part
from archive.errors import NotFoundError, WithdrawnError
from archive.passages import PASSAGES
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


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """The newest change of an article, as whoever follows an archive needs it.

    Attributes:
        is_deleted: nobody gets the article any more.
        changed: ISO 8601: when an operator changed it, else when its document was captured.
    """

    sequence: int
    identifier: str
    version: int
    kind: str
    is_deleted: bool
    changed: str


def _neighbour(day: str, distance: int) -> str:
    """Return the day at a distance of a day; the day itself where no calendar goes so far."""
    try:
        return (date.fromisoformat(day) + timedelta(days=distance)).isoformat()
    except OverflowError:
        return day


class ChangeLog(CatalogueReader):
    """The operator's view of a store: operations, what they withhold, and the log."""

    def refuse_withdrawn(self, identifier: str, version: int | None = None) -> None:
        """Refuse an article, or the version that is named, which was removed or is hidden.

        Raises:
            WithdrawnError: it was or is.
        """
        withdrawal = self._read(lambda connection: find_withdrawal(connection, identifier, version))
        if withdrawal:
            raise withdrawn_error(withdrawal)

    def refuse_original(self, identifier: str) -> None:
        """Refuse the originals of an article of which passages, or a part, were withdrawn.

        Raises:
            WithdrawnError: it is one.
        """
        stated = [each for each in self.operations(0, identifier) if PASSAGES in each.changes]
        if removals := list(takewhile(lambda each: each.changes[PASSAGES], reversed(stated))):
            note = removals[-1].note
            raise WithdrawnError(identifier, OperationKind.REMOVED, note.reason, note.made)
        if part := self._read(lambda connection: find_withheld_part(connection, identifier)):
            note = self.operations(0, part)[-1].note
            raise WithdrawnError(identifier, OperationKind.REMOVED, note.reason, note.made)

    def records_of(self, identifier: str) -> Iterator[Article]:
        """Yield the records of an article, newest first, those that are withheld as well.

        For whoever takes an article out of what was made of it; emptied records are left out.
        """
        v = tables.versions.c
        query = select(v.content).where(v.identifier == identifier).order_by(v.version.desc())
        contents = (row.content for row in self._rows(query))
        for article in map(tables.unpack_article, contents):
            if article.title or article.sections or article.lead or article.captions:
                yield article

    def operations(self, after: int = 0, identifier: str = "") -> list[Operation]:
        """Return the operator's operations after a number of the sequence, in order, by pages."""
        return self._read(lambda connection: read_operations(connection, after, identifier))

    def operator_state(self) -> OperatorState:
        """Return what the operator's operations mean for documents that are read again."""
        return self._read(read_operator_state)

    def newest_changes(
        self, after: int = 0, limit: int = 500, days: tuple[str, str] = ("", "")
    ) -> list[ArticleChange]:
        """Return the newest changes of articles after a number of the sequence, in order.

        Args:
            after: the number.
            limit: changes at most.
            days: the first and the last day (`2026-11-27`) of their times, whatever zone these are
                written in: one of the day before or after may come too. Empty: any.
        """
        a, v, o = tables.articles.c, tables.versions.c, tables.operations.c
        version = (v.identifier == a.identifier) & (v.version == a.version)
        has_operations = self._has_table(tables.operations)
        made = o.made if has_operations else null()
        query = select(
            a.sequence, a.identifier, a.version, a.kind, a.deleted, v.captured, made
        ).outerjoin(tables.versions, version)
        if has_operations:
            query = query.outerjoin(tables.operations, o.sequence == a.sequence)
        first, last = days
        day = func.substr(func.coalesce(made, v.captured, "1970-01-01"), 1, 10)
        if first:
            query = query.where(day >= _neighbour(first, -1))
        if last:
            query = query.where(day <= _neighbour(last, 1))
        query = query.where(a.sequence > after).order_by(a.sequence).limit(limit)
        return [
            ArticleChange(
                row.sequence,
                row.identifier,
                row.version,
                row.kind,
                row.deleted,
                row[6] or row[5],
            )
            for row in self._rows(query)
        ]

    def newest_change(self, identifier: str) -> ArticleChange:
        """Return the newest change of an article, also of a deleted one.

        Raises:
            NotFoundError: there never was such an article.
        """
        query = select(tables.articles.c.sequence).where(tables.articles.c.identifier == identifier)
        sequence = self._scalar(query)
        if sequence is None:
            raise NotFoundError(identifier)
        return self.newest_changes(sequence - 1, 1)[0]

    def count_by_month(self) -> dict[str, int]:
        """Return the number of articles by the month of their capture (`2026-11`)."""
        a, v = tables.articles.c, tables.versions.c
        month = func.substr(v.captured, 1, 7)
        query = select(month, func.count()).join(
            tables.articles, (v.identifier == a.identifier) & (v.version == a.version)
        )
        query = query.where(a.deleted.is_(False)).group_by(month).order_by(month)
        return {row[0]: row[1] for row in self._rows(query)}

    def captured_in(self, month: str, offset: int, limit: int) -> list[tuple[str, str]]:
        """Return identifier and time of capture of a month's articles, by identifier."""
        a, v = tables.articles.c, tables.versions.c
        query = select(v.identifier, v.captured).join(
            tables.articles, (v.identifier == a.identifier) & (v.version == a.version)
        )
        query = query.where(a.deleted.is_(False), v.captured.startswith(month, autoescape=True))
        query = query.order_by(v.identifier).offset(offset).limit(limit)
        return [(row.identifier, row.captured) for row in self._rows(query)]

    def find_withheld(self, keys: Sequence[str]) -> list[str]:
        """Return the withheld articles with one of these look-up keys, by identifier."""
        a, k = tables.articles.c, tables.article_keys.c
        query = select(a.identifier).join(tables.article_keys, k.identifier == a.identifier)
        query = query.where(a.deleted.is_(True), k.lookup_key.in_(list(keys)))
        query = query.distinct().order_by(a.identifier)
        if not self._has_table(tables.article_keys):
            return []
        return [row.identifier for row in self._rows(query)]

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
        operations = self._read(lambda bind: read_operations(bind, after, identifier, _PAGE))
        entries = {
            row.sequence: LogEntry(row.sequence, "", "deleted", row.identifier, 0)
            for row in self._rows(deleted)
        }
        for row in self._rows(versions):
            kind = "added" if row.version == 1 else "changed"
            entries[row.sequence] = LogEntry(
                row.sequence,
                row.captured,
                kind,
                row.identifier,
                row.version,
                source=row.source,
            )
        for operation in operations:
            note = operation.note
            entries[operation.sequence] = LogEntry(
                operation.sequence,
                note.made,
                operation.kind.value,
                operation.identifier,
                operation.version,
                note.actor,
                note.reason,
            )
        return [entries[number] for number in sorted(entries)][:_PAGE]
