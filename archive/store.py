"""The store of one archive: originals, articles, versions and the sequence of changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Row, Select, bindparam, select

from archive.audit import (
    AuditProblem,
    StoreReport,
    find_changed_containers,
    find_changed_origins,
    verify_originals,
    verify_records,
    without_repetitions,
)
from archive.catalogue import database, migrations, tables
from archive.catalogue.catalogue_reader import READ_BATCH
from archive.catalogue.catalogue_rows import share_bounds, to_change, to_version
from archive.catalogue.inspection import inspect_values
from archive.catalogue.lookup_keys import (
    address_key,
    citation_key,
    document_key,
    external_id_key,
    find_articles,
    identifiers_of_address,
)
from archive.catalogue.origins import find_stray_origins
from archive.clocks import day_before
from archive.errors import DamagedError, NotFoundError, StoreError
from archive.originals.home_originals import open_originals, shipped_pieces
from archive.originals.kept_records import KeptRecords
from archive.originals.piece_audit import StrayObjects, find_stray_objects
from archive.originals.shipping import Shipper, ShippingReport
from archive.originals.warc_dates import missing_corrections, read_corrections, write_corrections
from archive.originals.warc_files import FILE_LIMIT, Originals
from archive.records import Article, Change, Version
from archive.settings.catalogue_location import CatalogueLocation
from archive.settings.originals_location import read_originals_location
from archive.writing.operator_batch import OperatorBatch
from archive.writing.write_batch import Batch

_SELECT_NEWEST = (
    select(tables.versions.c.identifier, tables.versions.c.content)
    .join(
        tables.articles,
        (tables.articles.c.identifier == tables.versions.c.identifier)
        & (tables.articles.c.version == tables.versions.c.version),
    )
    .where(tables.articles.c.deleted.is_(False))
    .where(tables.versions.c.identifier.in_(bindparam("names", expanding=True)))
)
"""Built once: every page of results runs it, and building took longer than running."""

_SELECT_CHANGES = select(*tables.articles.c["sequence", "identifier", "version", "kind"])


class Store(KeptRecords):
    """The articles of one home folder; it must be closed.

    Concurrency: any number of threads and processes read while one process adds.

    Args:
        home: the folder; created when it is missing.
        location: where the catalogue is; None is where environment and settings say.
        file_limit: bytes after which a new WARC file is begun.

    Attributes:
        patience: seconds that writing waits while another process writes.

    Raises:
        StoreError: the folder or the catalogue cannot be opened.
    """

    def __init__(
        self, home: Path, location: CatalogueLocation | None = None, file_limit: int = FILE_LIMIT
    ) -> None:
        self._file_limit = file_limit
        self.patience = 0.0
        try:
            if not (home / "originals").is_dir():
                (home / "originals").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot make {home}: {error.strerror}") from error
        super().__init__(home, location)
        pieces = shipped_pieces(home, self._piece_rows)
        self.originals = Originals(home / "originals", pieces=pieces)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def migrate(self) -> None:
        """Bring a catalogue of an older program to today's schema; every batch does so as well.

        Raises:
            StoreError: the copy or a step of the migration cannot be written.
            StoreLockedError: another process is writing.
        """
        version = self._read(migrations.schema_version)
        if version != migrations.SCHEMA_VERSION:
            with self.batch():
                pass

    def batch(self) -> Batch:
        """Return the right to add and delete, a context manager: see `Batch`."""
        self._follow_home()
        return Batch(self.home, self._engine, self._file_limit, self.patience)

    def operator_batch(self) -> OperatorBatch:
        """Return the right to remove, hide, show again and correct, a context manager."""
        self._follow_home()
        return OperatorBatch(self.home, self._engine, self._file_limit, self.patience)

    def ship(self, progress: Callable[[int, int], None] = lambda *_: None) -> ShippingReport:
        """Put what waits of the originals into the object storage that the settings name.

        Args:
            progress: told (bytes shipped, bytes that waited).

        Raises:
            StorageAwayError: it cannot be used now; what was shipped stays.
            StoreError: the settings name none, or something cannot be read or written.
        """
        with self.batch():
            originals = open_originals(self.home, self._engine)
            return Shipper(self._engine, originals).ship(progress)

    def add(self, original: bytes, article: Article) -> Change:
        """Add one article and the bytes it was read from, durably."""
        with self.batch() as batch:
            return batch.add(original, article)

    def delete(self, identifier: str) -> Change:
        """Leave a tombstone for an article; its versions stay readable.

        Raises:
            NotFoundError: there is no such article.
        """
        with self.batch() as batch:
            return batch.delete(identifier)

    def get(self, identifier: str, version: int | None = None) -> Article:
        """Return an article's newest version, or the given one (also of a deleted article).

        Raises:
            NotFoundError: there is no such article or version.
        """
        a, v = tables.articles.c, tables.versions.c
        query = select(v.content).join(tables.articles, a.identifier == v.identifier)
        query = query.where(v.identifier == identifier)
        if version is None:
            query = query.where(v.version == a.version, a.deleted.is_(False))
        else:
            query = query.where(v.version == version)
        content = self._scalar(query)
        if content is None or version is not None:
            self.refuse_withdrawn(identifier, version)
        if content is None:
            raise NotFoundError(identifier)
        return tables.unpack_article(content)

    def get_many(self, identifiers: Sequence[str]) -> dict[str, Article]:
        """Return the newest versions of those articles that exist, in one round trip."""
        rows = self._rows_of(_SELECT_NEWEST, identifiers)
        return {row.identifier: tables.unpack_article(row.content) for row in rows}

    def find_by_address(self, address: str) -> list[str]:
        """Return the articles with an address, however it is written, by identifier."""
        key = address_key(address)
        return self._find([key] if key else [], identifiers_of_address(address))

    def find_by_identifier(self, text: str) -> list[str]:
        """Return the articles with an identifier or an external one, by identifier."""
        key, name = external_id_key(text), text.strip().lower()
        return self._find([key] if key else [], [name] if name.isascii() else [])

    def find_by_document_number(self, number: str) -> list[str]:
        """Return the legal documents with a number, by identifier."""
        return self._find([document_key(number)], [])

    def find_citing(self, number: str) -> list[str]:
        """Return the articles that cite the legal document with a number, by identifier."""
        return self._find([citation_key(number)], [])

    def versions(self, identifier: str) -> list[Version]:
        """Return every version of an article, oldest first.

        Raises:
            NotFoundError: there is no such article.
        """
        table = tables.versions
        query = select(table).where(table.c.identifier == identifier).order_by(table.c.version)
        rows = self._rows(query)
        if not rows:
            raise NotFoundError(identifier)
        self.refuse_withdrawn(identifier)
        return [to_version(row) for row in rows]

    def read_original(self, identifier: str, version: int | None = None) -> bytes:
        """Read the original of an article and check its digest.

        Raises:
            NotFoundError: there is no such article or version.
            DamagedError: the bytes are not those that were kept.
        """
        for candidate in reversed(self.versions(identifier)):
            if version in (None, candidate.number):
                self.refuse_withdrawn(identifier, candidate.number)
                self.refuse_original(identifier)
                return self.originals.read(candidate.location, candidate.digest)
        raise NotFoundError(identifier)

    def read_origin(self, identifier: str, digest: str) -> bytes:
        """Read the original of an article that has a SHA-256, and check it.

        Raises:
            NotFoundError: the article has no such original.
            DamagedError: the bytes are not those that were kept.
        """
        for origin in self.origins(identifier):
            if origin.digest == digest:
                self.refuse_original(identifier)
                return self.originals.read(origin.location, digest)
        raise NotFoundError(identifier, f"{identifier} has no original {digest}")

    def changes(self, sequence: int, limit: int = 1000) -> list[Change]:
        """Return the changes after a sequence number, in order; of each article the newest."""
        number = tables.articles.c.sequence
        query = _SELECT_CHANGES.where(number > sequence).order_by(number).limit(limit)
        return [to_change(row) for row in self._rows(query)]

    def latest_changes(self, identifiers: Sequence[str]) -> list[Change]:
        """Return the newest change of each of these articles that ever existed, unordered."""
        chosen = tables.articles.c.identifier.in_(bindparam("names", expanding=True))
        rows = self._rows_of(_SELECT_CHANGES.where(chosen), identifiers)
        return [to_change(row) for row in rows]

    def find_captured_since(self, moment: datetime) -> list[str]:
        """Return the articles with a version captured at a moment or later, by identifier."""
        v = tables.versions.c
        # Captured moments are texts in any zone, which differ from UTC's day by one at most: the
        # database leaves out the days before, and the rest is compared as moments.
        query = select(v.identifier, v.version, v.captured)
        query = query.where(v.captured >= day_before(moment).isoformat())
        rows = self._pages(query, (v.identifier, v.version), ("", 0), 10_000)
        return sorted({row[0] for row in rows if datetime.fromisoformat(row[2]) >= moment})

    def identifiers(self) -> Iterator[tuple[str, int]]:
        """Yield articles and newest versions by latest change; one that changes comes again."""
        a = tables.articles.c
        query = select(a.identifier, a.version, a.sequence).where(a.deleted.is_(False))
        for identifier, version, _ in self._pages(query, (a.sequence,), (-1,), 10_000):
            yield identifier, version

    def articles(self, share: tuple[int, int] = (0, 1)) -> Iterator[tuple[Article, int]]:
        """Yield every article with its version, by identifier; few are in memory at a time.

        Args:
            share: (i, n): only the i-th of n nearly equal parts of all identifiers.
        """
        a, v = tables.articles.c, tables.versions.c
        low, high = share_bounds(*share)
        query = (
            select(v.identifier, v.version, v.content)
            .join(tables.articles, a.identifier == v.identifier)
            .where(v.version == a.version, a.deleted.is_(False))
        )
        if high:
            query = query.where(v.identifier <= high)
        for row in self._pages(query, (v.identifier,), (low,), READ_BATCH):
            yield tables.unpack_article(row.content), row.version

    def articles_with_account(self) -> Iterator[Article]:
        """Yield the newest version of every article that has the account of its document."""
        a, v = tables.articles.c, tables.versions.c
        query = (
            select(v.identifier, v.content)
            .join(tables.articles, a.identifier == v.identifier)
            .where(v.version == a.version, a.deleted.is_(False))
        )
        for row in self._pages(query, (v.identifier,), ("",), READ_BATCH):
            if tables.has_account(row.content):
                yield tables.unpack_article(row.content)

    def count_articles(self) -> int:
        """Return the number of articles, the deleted ones left out."""
        if self._has_table(tables.archive_state):
            return int(self._scalar(select(tables.archive_state.c.articles)))
        return int(self._scalar(tables.SELECT_COUNT))

    def last_sequence(self) -> int:
        """Return the number of the last change; 0 when there was none."""
        number = self._scalar(tables.SELECT_LAST_SEQUENCE) or 0
        if not isinstance(number, int):
            raise DamagedError(f"the catalogue's last change is {number!r}; run `tangthu verify`")
        return number

    def verify(self, progress: Callable[[int], None] | None = None) -> StoreReport:
        """Check every original and record against the catalogue, and the catalogue against them."""
        torn = [AuditProblem("catalogue", reason) for reason in database.find_damage(self._engine)]
        torn = torn or [AuditProblem(*problem) for problem in self._find_bad_values()]
        if torn:
            return StoreReport(0, 0, 0, tuple(torn))
        report = self._verify_originals(progress)
        contradictory = self._read(tables.find_contradictions)
        stray = [name for name in self._read(find_stray_origins) if name not in contradictory]
        contradictions = [
            AuditProblem(name, f"its {what} none of its versions; restore a backup")
            for what, names in (("newest state fits", contradictory), ("origins fit", stray))
            for name in names
        ]
        v = tables.versions.c
        rows = self._pages(select(tables.versions), (v.identifier, v.version), ("", 0), READ_BATCH)
        contents = ((row.identifier, to_version(row), row.content) for row in rows)
        differences = list(verify_records(contents))
        differences += find_changed_origins(self.changed_origins())
        differences += find_changed_containers(self.changed_containers())
        contradictions = contradictions or self._find_wrong_count()
        problems = without_repetitions(report.problems, differences)
        return replace(report, problems=(*problems, *contradictions, *differences))

    def _verify_originals(self, progress: Callable[[int], None] | None) -> StoreReport:
        """Check every original against the catalogue, anew if some were destroyed meanwhile."""
        while True:
            destroyed = self.operator_state().destroyed
            records = self.records_by_location()
            report = verify_originals(records, self.originals, progress, destroyed)
            if not report.problems or self.operator_state().destroyed == destroyed:
                return report

    def find_stray_objects(self) -> StrayObjects:
        """Return the objects in the storage of the settings that are no piece of the archive."""
        pieces = self.originals.pieces
        is_elsewhere = read_originals_location(self.home).is_elsewhere
        return find_stray_objects(pieces) if pieces and is_elsewhere else StrayObjects()

    def list_unchecked(self) -> list[str]:
        """Return what `verify` does not see of the catalogue's database, in words."""
        return database.list_unchecked(self._engine)

    def recount(self) -> bool:
        """Count the articles anew; tell whether the number in the catalogue was wrong.

        Raises:
            StoreError: it cannot be written, or another process is writing.
        """
        if not self._find_wrong_count():
            return False
        with self.batch() as batch:
            batch.recount()
        return True

    def _find_wrong_count(self) -> list[AuditProblem]:
        if not self._has_table(tables.archive_state):
            return []
        stated, count = self._read(tables.read_counts)
        if stated == count:
            return []
        reason = f"it says that it has {stated} articles, and has {count}"
        return [AuditProblem("catalogue", f"{reason}; `tangthu verify --repair` counts anew")]

    def correct_dates(self) -> int:
        """Add records that correct the dates of originals that were written in local time.

        Returns:
            The number of dates that were corrected now.

        Raises:
            StoreError: the disk refuses it, or another process is writing.
        """
        added = missing_corrections(self.records_by_location(), self.originals)
        if added:
            with self.batch():
                write_corrections(self.originals, read_corrections(self.originals) | added)
        return len(added)

    def _find_bad_values(self) -> list[tuple[str, str]]:
        if not database.is_sqlite(self._engine):
            return []
        return self._read(
            lambda connection: inspect_values(partial(database.driver_rows, connection))
        )

    def _piece_rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        return self._rows(query) if self._has_table(tables.pieces) else []

    def _find(self, keys: Sequence[str], identifiers: Sequence[str]) -> list[str]:
        return self._read(lambda connection: find_articles(connection, keys, identifiers))
