"""Write batches: changes made durable together, the originals before the catalogue.

The catalogue's transaction is committed after the WARC records that it names are on disk. A crash
in between leaves records that no version names, which does no harm.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from archive import migrations, tables
from archive.errors import NotFoundError, StoreError, catalogue_read_failure, write_failures_as
from archive.lock import WriterLock
from archive.lookup_keys import keys_of
from archive.records import (
    Article,
    Change,
    ChangeKind,
    Version,
    WarcLocation,
    identifier_of,
    sha256,
    text_digest,
    utc_now,
)
from archive.warc_dates import warc_date
from archive.warc_files import Originals


class Batch:
    """Several changes in one transaction; a context manager that holds the writer lock.

    `flush` makes everything so far durable, and so does a clean exit; an error rolls back the
    changes since the last flush. Entering migrates an older catalogue, and cuts a record that a
    crash left torn.
    """

    def __init__(self, home: Path, engine: Engine, file_limit: int, patience: float = 0) -> None:
        self._lock = WriterLock(home / "lock", patience)
        self._engine = engine
        self._originals = Originals(home / "originals", file_limit)
        self._connection: Connection | None = None
        self._pending: list[Change] = []
        self._keys: list[dict[str, str | int]] = []

    def __enter__(self) -> Self:
        """Take the writer lock.

        Raises:
            StoreLockedError: another process holds it.
            StoreError: an older catalogue cannot be migrated, or a torn record cannot be cut.
        """
        self._lock.__enter__()
        try:
            migrations.migrate(self._engine)
            with write_failures_as(StoreError, "a record that a crash left torn"):
                self._originals.cut_torn_tails(self._last_locations())
        except BaseException as error:
            self._lock.__exit__(None, None, None)
            if isinstance(error, SQLAlchemyError | UnicodeDecodeError):
                raise catalogue_read_failure(error) from error
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Make the last changes durable, or roll them back after an error."""
        try:
            if kind is None:
                self.flush()
            else:
                self._roll_back()
        finally:
            self._originals.close()
            self._lock.__exit__(None, None, None)

    def add(self, original: bytes, article: Article) -> Change:
        """Add an article or a new version of it; the same original again changes nothing.

        The change is durable after the next `flush`.
        """
        article = replace(
            article,
            identifier=article.identifier or identifier_of(article),
            digest=sha256(original),
            captured=article.captured or utc_now(),
        )
        a, v = tables.articles.c, tables.versions.c
        query = (
            select(a.version, a.deleted, v.digest, v.sequence)
            .join(tables.versions, (v.identifier == a.identifier) & (v.version == a.version))
            .where(a.identifier == article.identifier)
        )
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            state = self._connect().execute(query).first()
            if state and not state.deleted and state.digest == article.digest:
                unchanged = ChangeKind.UNCHANGED
                return Change(state.sequence, article.identifier, state.version, unchanged)
            kind = ChangeKind.CHANGED if state and not state.deleted else ChangeKind.ADDED
            number = state.version + 1 if state else 1
            change = Change(self._next_sequence(), article.identifier, number, kind)
            self._update_state(change)
            self._insert_version(article, change, self._append_original(original, article))
        self._pending.append(change)
        return change

    def add_reparsed(self, version: Version, article: Article) -> Change:
        """Add the article that today's reader reads in a version's original as the next version.

        Args:
            version: the article's newest, whose original it shares.
            article: with identifier, digest and captured filled in.
        """
        number, identifier = version.number + 1, article.identifier
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            change = Change(self._next_sequence(), identifier, number, ChangeKind.CHANGED)
            self._update_state(change)
            self._insert_version(article, change, version.location)
        self._pending.append(change)
        return change

    def delete(self, identifier: str) -> Change:
        """Leave a tombstone; durable after the next `flush`.

        Raises:
            NotFoundError: there is no such article.
        """
        a = tables.articles.c
        query = select(a.version).where(a.identifier == identifier, a.deleted.is_(False))
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            version = self._connect().execute(query).scalar()
            if version is None:
                raise NotFoundError(identifier)
            change = Change(self._next_sequence(), identifier, version, ChangeKind.DELETED)
            tombstone = {"sequence": change.sequence, "version": version}
            self._connect().execute(
                tables.tombstones.insert().values(identifier=identifier, **tombstone)
            )
            self._update_state(change)
        self._pending.append(change)
        return change

    def flush(self) -> list[Change]:
        """Make every change so far durable: first the originals, then the catalogue.

        Returns:
            The changes that became durable now.
        """
        self._originals.sync()
        changes, self._pending = self._pending, []
        keys, self._keys = self._keys, []
        if self._connection is not None:
            connection, self._connection = self._connection, None
            # It is closed in any case, and what could not be committed is rolled back.
            with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)), connection:
                if keys:
                    connection.execute(tables.article_keys.insert(), keys)
                connection.commit()
        return changes

    def _append_original(self, original: bytes, article: Article) -> WarcLocation:
        assert article.captured is not None
        uri = article.url or f"urn:tangthu:{article.identifier}"
        return self._originals.append(original, uri, warc_date(article.captured))

    def _insert_version(self, article: Article, change: Change, location: WarcLocation) -> None:
        assert article.captured is not None
        self._connect().execute(
            tables.versions.insert().values(
                identifier=change.identifier,
                version=change.version,
                sequence=change.sequence,
                digest=article.digest,
                text_digest=text_digest(article),
                captured=article.captured.isoformat(),
                source=article.origin.source[: tables.SOURCE_LIMIT],
                reader=article.origin.reader,
                reader_version=article.origin.reader_version,
                warc_file=location.file,
                warc_offset=location.offset,
                warc_length=location.length,
                content=tables.pack_article(article),
            )
        )
        self._keys += [
            {"lookup_key": key, "identifier": change.identifier, "version": change.version}
            for key in keys_of(article)
        ]

    def _update_state(self, change: Change) -> None:
        """Set the article's newest state to a change."""
        table = tables.articles
        values = {
            "version": change.version,
            "sequence": change.sequence,
            "kind": change.kind.value,
            "deleted": change.kind is ChangeKind.DELETED,
        }
        where = table.c.identifier == change.identifier
        updated = self._connect().execute(table.update().where(where).values(**values))
        if not updated.rowcount:
            self._connect().execute(table.insert().values(identifier=change.identifier, **values))

    def _next_sequence(self) -> int:
        if self._pending:
            return self._pending[-1].sequence + 1
        newest = select(func.max(tables.articles.c.sequence))
        return int(self._connect().execute(newest).scalar() or 0) + 1

    def _connect(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _last_locations(self) -> dict[str, WarcLocation]:
        """Return the last catalogued record of each WARC file."""
        v = tables.versions.c
        offset, end = func.max(v.warc_offset), func.max(v.warc_offset + v.warc_length)
        query = select(v.warc_file, offset, end).group_by(v.warc_file)
        with self._engine.connect() as connection:
            return {
                name: WarcLocation(name, int(start), int(stop) - int(start))
                for name, start, stop in connection.execute(query)
            }

    def _roll_back(self) -> None:
        # Records already appended become orphans, which no version names; the next batch cuts a
        # torn one.
        if self._connection is not None:
            self._connection.rollback()
            self._connection.close()
            self._connection = None
        self._pending, self._keys = [], []
