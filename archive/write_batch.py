"""Adding to the store: the record is on disk before the catalogue says that it is there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from archive import tables
from archive.errors import NotFoundError, StoreError, catalogue_read_failure, describe_write_failure
from archive.lock import WriterLock
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
from archive.warc_files import Originals


class Batch:
    """Several changes made durable together; a context manager that holds the writer lock.

    `flush` makes everything so far durable, and so does a clean exit; an error on the way gives
    up what was not flushed. Entering cuts what an earlier crash left half-written.
    """

    def __init__(self, home: Path, engine: Engine, file_limit: int) -> None:
        self._lock = WriterLock(home / "lock")
        self._engine = engine
        self._originals = Originals(home / "originals", file_limit)
        self._connection: Connection | None = None
        self._pending: list[Change] = []

    def __enter__(self) -> Self:
        """Take the writer lock.

        Raises:
            StoreLockedError: another process holds it.
        """
        self._lock.__enter__()
        try:
            self._originals.cut_torn_tails(self._committed())
        except BaseException as error:
            self._lock.__exit__(None, None, None)
            if isinstance(error, OSError):
                raise StoreError(
                    describe_write_failure("what a crash left of the originals", error)
                ) from error
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
        """Make the rest durable, or give it up after an error."""
        try:
            if kind is None:
                self.flush()
            else:
                self._give_up()
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
        try:
            return self._add(original, article)
        except SQLAlchemyError as error:
            raise StoreError(describe_write_failure("the catalogue", error)) from error

    def add_reparsed(self, version: Version, article: Article) -> Change:
        """Keep what a reader now reads in the original of a version as the next version.

        Args:
            version: the article's newest, whose original it shares.
            article: with identifier, digest and captured filled in.
        """
        number, identifier = version.number + 1, article.identifier
        try:
            change = Change(self._next(), identifier, number, ChangeKind.CHANGED)
            self._point(change)
            self._catalogue(article, change, version.location)
        except SQLAlchemyError as error:
            raise StoreError(describe_write_failure("the catalogue", error)) from error
        self._pending.append(change)
        return change

    def delete(self, identifier: str) -> Change:
        """Leave a tombstone; durable after the next `flush`.

        Raises:
            NotFoundError: there is no such article.
        """
        try:
            return self._delete(identifier)
        except SQLAlchemyError as error:
            raise StoreError(describe_write_failure("the catalogue", error)) from error

    def _delete(self, identifier: str) -> Change:
        connection = self._writing()
        table = tables.articles
        found = connection.execute(select(table).where(table.c.identifier == identifier)).first()
        if found is None or found.deleted:
            raise NotFoundError(identifier)
        change = Change(self._next(), identifier, found.version, ChangeKind.DELETED)
        connection.execute(
            tables.tombstones.insert().values(
                sequence=change.sequence, identifier=identifier, version=change.version
            )
        )
        self._point(change)
        self._pending.append(change)
        return change

    def flush(self) -> list[Change]:
        """Make every change so far durable: first the originals, then the catalogue.

        Returns:
            The changes that became durable now.
        """
        self._originals.sync()
        if self._connection is not None:
            try:
                self._connection.commit()
            except SQLAlchemyError as error:
                self._give_up()
                raise StoreError(describe_write_failure("the catalogue", error)) from error
            self._connection.close()
            self._connection = None
        done, self._pending = self._pending, []
        return done

    def _add(self, original: bytes, article: Article) -> Change:
        connection = self._writing()
        a, v = tables.articles.c, tables.versions.c
        found = connection.execute(
            select(a.version, a.deleted, v.digest, v.sequence)
            .join(tables.versions, (v.identifier == a.identifier) & (v.version == a.version))
            .where(a.identifier == article.identifier)
        ).first()
        if found and not found.deleted and found.digest == article.digest:
            return Change(found.sequence, article.identifier, found.version, ChangeKind.UNCHANGED)
        kind = ChangeKind.CHANGED if found and not found.deleted else ChangeKind.ADDED
        number = found.version + 1 if found else 1
        change = Change(self._next(), article.identifier, number, kind)
        self._point(change)
        self._keep(original, article, change)
        self._pending.append(change)
        return change

    def _keep(self, original: bytes, article: Article, change: Change) -> None:
        assert article.captured is not None
        uri = article.url or f"urn:tangthu:{article.identifier}"
        moment = article.captured.astimezone().strftime("%Y-%m-%dT%H:%M:%SZ")
        self._catalogue(article, change, self._originals.append(original, uri, moment))

    def _catalogue(self, article: Article, change: Change, place: WarcLocation) -> None:
        assert article.captured is not None
        self._writing().execute(
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
                warc_file=place.file,
                warc_offset=place.offset,
                warc_length=place.length,
                content=tables.pack_article(article),
            )
        )

    def _point(self, change: Change) -> None:
        """Let the article's row show its newest change."""
        table = tables.articles
        values = {
            "version": change.version,
            "sequence": change.sequence,
            "kind": change.kind.value,
            "deleted": change.kind is ChangeKind.DELETED,
        }
        where = table.c.identifier == change.identifier
        updated = self._writing().execute(table.update().where(where).values(**values))
        if not updated.rowcount:
            self._writing().execute(table.insert().values(identifier=change.identifier, **values))

    def _next(self) -> int:
        if self._pending:
            return self._pending[-1].sequence + 1
        newest = select(func.max(tables.articles.c.sequence))
        return int(self._writing().execute(newest).scalar() or 0) + 1

    def _writing(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _committed(self) -> dict[str, int]:
        """For each WARC file, the offset after its last catalogued record."""
        v = tables.versions.c
        query = select(v.warc_file, func.max(v.warc_offset + v.warc_length)).group_by(v.warc_file)
        with self._engine.connect() as connection:
            return {row[0]: int(row[1]) for row in connection.execute(query)}

    def _give_up(self) -> None:
        # Records already appended become orphans: nothing points at them, and a torn one is
        # cut when the next batch begins.
        if self._connection is not None:
            self._connection.rollback()
            self._connection.close()
            self._connection = None
        self._pending = []
