"""Write batches: changes made durable together, the originals before the catalogue.

The catalogue's transaction is committed after the WARC records that it names are on disk. A crash
in between leaves records that no version names, which does no harm.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from archive.catalogue import migrations, tables
from archive.catalogue.catalogue_writer import ArticleState, CatalogueWriter, KnownPlace
from archive.catalogue.database import is_sqlite
from archive.catalogue.lookup_keys import address_key, identifiers_of_address
from archive.catalogue.operations import OperatorState, correct, read_operator_state
from archive.catalogue.tables import pack_json
from archive.errors import (
    NotFoundError,
    StoreError,
    WithdrawnError,
    catalogue_read_failure,
    write_failures_as,
)
from archive.originals.captures import Capture, capture_row
from archive.originals.container_files import ContainerFile, container_row
from archive.originals.home_originals import open_originals
from archive.originals.kept_records import last_locations
from archive.records import Article, Change, ChangeKind, Version, WarcLocation, from_json
from archive.writing.advisory_lock import AdvisoryLock
from archive.writing.lock import WriterLock
from archive.writing.place_identity import in_its_place, known_place
from archive.writing.prepared_article import PreparedArticle, prepare, prepare_reparsed


class Batch:
    """Several changes in one transaction; a context manager that holds the writer lock.

    `flush` makes everything so far durable, and so does a clean exit; an error rolls back the
    changes since the last flush. Entering migrates an older catalogue, and cuts a record that a
    crash left torn.
    """

    def __init__(self, home: Path, engine: Engine, file_limit: int, patience: float = 0) -> None:
        self._lock = WriterLock(home / "lock", patience)
        # One that is elsewhere can be written from other hosts as well.
        self._server_lock = None if is_sqlite(engine) else AdvisoryLock(engine, patience)
        self._engine = engine
        self._originals = open_originals(home, engine, file_limit)
        self._connection: Connection | None = None
        self._catalogue = CatalogueWriter(self._connect)
        self._pending: list[Change] = []
        self._operator_state: OperatorState | None = None
        self._container: ContainerFile | None = None

    def __enter__(self) -> Self:
        """Take the writer lock.

        Raises:
            StoreLockedError: another process holds it.
            StoreError: an older catalogue cannot be migrated, or a torn record cannot be cut.
        """
        self._lock.__enter__()
        try:
            if self._server_lock:
                self._server_lock.__enter__()
            migrations.migrate(self._engine)
            with self._engine.connect() as connection:
                locations = last_locations(connection)
            if self._server_lock:
                self._originals.require_records(locations)
            with write_failures_as(StoreError, "a record that a crash left torn"):
                self._originals.cut_torn_tails(locations)
        except BaseException as error:
            self._release_locks()
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
            try:
                self._originals.close()
            finally:
                self._release_locks()

    def add(self, original: bytes, article: Article) -> Change:
        """Add an article or a new version of it; the same original again changes nothing.

        The operator's corrections are made in it. The change is durable after the next `flush`.

        Raises:
            WithdrawnError: the operator removed or hid it.
        """
        prepared = prepare(original, article)
        self._read_operator_state().refuse_withheld(prepared.identifier, prepared.digest)
        return self.add_prepared([prepared])[0]

    def add_prepared(self, articles: Sequence[PreparedArticle]) -> list[Change]:
        """Add several articles in order, as `add` does; what is withheld comes back as such."""
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            self._catalogue.look_up_places(key for article in articles for key in article.places)
            self._catalogue.look_up(article.identifier for article in articles)
            self._catalogue.look_up_words(key for article in articles for key in article.words)
            self._catalogue.look_up_origins(article.digest for article in articles)
            return [self._add(article) for article in articles]

    def reason_to_withhold(self, identifier: str, digest: str) -> str:
        """Return the reason why an article is withheld; empty for one that is not."""
        try:
            self._read_operator_state().refuse_withheld(identifier, digest)
        except WithdrawnError as error:
            return str(error)
        return ""

    def add_reparsed(self, version: Version, article: Article, libraries: str = "") -> Change:
        """Add the article that today's reader reads in a version's original as the next version.

        Args:
            version: the article's newest, whose original it shares.
            article: with identifier, digest and captured filled in.
            libraries: the names and versions of what its reader read it with.
        """
        prepared = prepare_reparsed(article)
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            number, kind = version.number + 1, ChangeKind.CHANGED
            change = self._change(article.identifier, number, kind)
            self._insert_version(prepared, change, version.location)
            self._catalogue.carry_origins(article.identifier, version.number, number)
        self.note_reading(replace(version, number=number), article, libraries)
        self._pending.append(change)
        return change

    def note_reading(self, version: Version, article: Article, libraries: str) -> None:
        """Note which reader read the original of a version last, and with which libraries."""
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            self._catalogue.note_reading(version, article, libraries)

    def enrich_record(self, version: Version, record: Article) -> None:
        """Write the record of a version anew, which says the same and more."""
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            self._catalogue.enrich_record(version, record)

    def hold_container(self, container: ContainerFile) -> None:
        """Hold a file that the next articles are members of; it is kept with the first of them."""
        self._container = container

    def add_capture(self, capture: Capture) -> bool:
        """Add an answer of a crawl; the same content of the same address has one record.

        Returns:
            Whether it is new; what the operator withholds is not kept.
        """
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            state = self._read_operator_state()
            names = identifiers_of_address(capture.address)
            if any(state.is_withheld(name, capture.digest) for name in names):
                return False
            key, referred = address_key(capture.address), address_key(capture.refers_to)
            if (capture.captured, capture.digest) in self._catalogue.captures(key):
                return False
            location = self._catalogue.find_capture((key, referred), capture.digest)
            if location is None and referred:
                return False
            location = location or self._originals.append_record(capture.packed().member)
            self._catalogue.add_capture(capture_row(capture, location))
            return True

    def delete(self, identifier: str) -> Change:
        """Leave a tombstone; durable after the next `flush`.

        Raises:
            NotFoundError: there is no such article.
        """
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            state = self._catalogue.state(identifier)
            if state is None or state.is_deleted:
                raise NotFoundError(identifier)
            change = self._change(identifier, state.version, ChangeKind.DELETED)
            self._catalogue.add_tombstone(change)
        self._pending.append(change)
        return change

    def recount(self) -> None:
        """Count the articles anew; durable after the next `flush`."""
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            self._catalogue.write()
            count = tables.SELECT_COUNT.scalar_subquery()
            self._connect().execute(tables.archive_state.update().values(articles=count))

    def flush(self) -> list[Change]:
        """Make every change so far durable: first the originals, then the catalogue.

        Returns:
            The changes that became durable now.
        """
        self._originals.sync()
        changes, self._pending = self._pending, []
        if self._connection is not None:
            connection, catalogue = self._connection, self._catalogue
            with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
                try:
                    catalogue.write()
                    connection.commit()
                finally:
                    # What could not be committed is rolled back.
                    self._end_transaction()
        return changes

    def _add(self, article: PreparedArticle) -> Change:
        known = known_place(article, self._catalogue)
        operated = self._read_operator_state()
        article = in_its_place(article, self._catalogue, operated.passages)
        if operated.is_withheld(article.identifier, article.digest):
            return Change(0, article.identifier, 0, ChangeKind.WITHHELD)
        article = self._corrected(article)
        state = self._catalogue.state(article.identifier)
        is_present = state is not None and not state.is_deleted
        if state and is_present and self._is_unchanged(article, state, known):
            if article.place and not known and state.source == article.source:
                # An older program, which knew no places, read it here.
                self._catalogue.add_place(
                    article.place, article.identifier, state.version, article.digest
                )
            self._add_further_origin(article, state.version)
            return Change(state.sequence, article.identifier, state.version, ChangeKind.UNCHANGED)
        number = state.version + 1 if state else 1
        kind = ChangeKind.CHANGED if is_present else ChangeKind.ADDED
        change = self._change(article.identifier, number, kind)
        self._keep_container(article)
        location = self._captured_location(article) or self._append_original(article)
        self._insert_version(article, change, location)
        self._catalogue.add_origin(article.origin_row(number, location))
        self._pending.append(change)
        return change

    def _is_unchanged(
        self, article: PreparedArticle, state: ArticleState, known: KnownPlace | None
    ) -> bool:
        """Tell whether the newest version of an article says what was read, in any bytes."""
        if article.is_known_text or article.text_digest == state.text_digest:
            return True
        if article.digest in (state.digest, known and known.digest):
            return True
        origins = self._catalogue.origins(article.digest)
        own = (article.identifier, state.version)
        return any((origin.identifier, origin.version) == own for origin in origins)

    def _add_further_origin(self, article: PreparedArticle, version: int) -> None:
        """Add an original of a version, unless it is known; the same bytes have one record."""
        origins = self._catalogue.origins(article.digest)
        for origin in origins:
            is_here = origin.source == article.source[: tables.SOURCE_LIMIT]
            is_here |= bool(origin.place) and origin.place == article.description.place
            if origin.identifier == article.identifier and is_here:
                return
        destroyed = self._read_operator_state().destroyed
        whole = [one for one in origins if (one.identifier, article.digest) not in destroyed]
        self._keep_container(article)
        location = self._captured_location(article) or (whole[0].location if whole else None)
        location = location or self._append_original(article)
        self._catalogue.add_origin(article.origin_row(version, location))

    def _keep_container(self, article: PreparedArticle) -> None:
        """Keep the container that waits if an original is the first that came out of it."""
        container = self._container
        if container is None or container.digest != article.parent:
            return
        self._container = None
        if not self._catalogue.has_container(container.digest):
            location = self._originals.append_record(container.packed())
            self._catalogue.add_container(container_row(container, location))

    def _append_original(self, article: PreparedArticle) -> WarcLocation:
        return self._originals.append_record(article.pack_original())

    def _captured_location(self, article: PreparedArticle) -> WarcLocation | None:
        """Return the record of the crawl that an article was read from; None where of none."""
        if not article.description.captured_at:
            return None
        captures = self._catalogue.captures(address_key(article.description.captured_at))
        places = (place for (_, digest), place in captures.items() if digest == article.digest)
        return next(places, None)

    def _read_operator_state(self) -> OperatorState:
        """Return what the operator's operations mean now; read once for a batch."""
        if self._operator_state is None:
            try:
                self._operator_state = read_operator_state(self._connect())
            except SQLAlchemyError as error:
                raise catalogue_read_failure(error) from error
        return self._operator_state

    def _corrected(self, article: PreparedArticle) -> PreparedArticle:
        """Return an article with the operator's corrections."""
        fields = self._read_operator_state().corrections.get(article.identifier)
        if not fields:
            return article
        record = article.record or zlib.decompress(article.content)
        corrected = prepare_reparsed(correct(from_json(record), fields), article.original)
        corrected = msgspec.structs.replace(
            corrected,
            place=article.place,
            description=article.description,
            is_known_text=article.is_known_text,
        )
        if not article.content:
            return corrected
        content = pack_json(corrected.record)
        return msgspec.structs.replace(corrected, content=content, member=article.member)

    def _insert_version(
        self, article: PreparedArticle, change: Change, location: WarcLocation
    ) -> None:
        row = {
            "identifier": change.identifier,
            "version": change.version,
            "sequence": change.sequence,
            "digest": article.digest,
            "text_digest": article.text_digest,
            "captured": article.captured,
            "source": article.source[: tables.SOURCE_LIMIT],
            "reader": article.reader,
            "reader_version": article.reader_version,
            "warc_file": location.file,
            "warc_offset": location.offset,
            "warc_length": location.length,
            "content": article.content or pack_json(article.record),
        }
        self._catalogue.add_version(change, row, article.keys)
        for place in article.places:
            self._catalogue.add_place(place, change.identifier, change.version, article.digest)

    def _change(self, identifier: str, version: int, kind: ChangeKind) -> Change:
        return Change(self._catalogue.next_sequence(), identifier, version, kind)

    def _connect(self) -> Connection:
        if self._connection is None:
            lock = self._server_lock
            self._connection = lock.connection if lock else self._engine.connect()
        return self._connection

    def _roll_back(self) -> None:
        # Records already appended become orphans; the next batch cuts a torn one.
        self._end_transaction()
        self._pending = []

    def _end_transaction(self) -> None:
        """Roll back what was not committed; forget what was known and waited in it."""
        connection, self._connection = self._connection, None
        self._catalogue = CatalogueWriter(self._connect)
        if self._server_lock:
            self._server_lock.end_transaction()
        elif connection is not None:
            connection.close()

    def _release_locks(self) -> None:
        try:
            if self._server_lock:
                self._server_lock.__exit__(None, None, None)
        finally:
            self._lock.__exit__(None, None, None)
