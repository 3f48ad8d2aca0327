"""Batches of the operator: articles removed, hidden, shown again and corrected.

What is removed leaves a tombstone: nobody gets it any more, and the digests of its originals are
withheld, so that adding them again changes nothing. The originals stay in their WARC files, or are
overwritten in place (`warc_tombstones`). When the index has taken it out, the record of every
version becomes an empty one (`erase_removed`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine, Row, select, text
from sqlalchemy.exc import SQLAlchemyError

from archive.catalogue import tables
from archive.catalogue.catalogue_rows import (
    KeptRecord,
    record_of_origin,
    record_of_version,
    to_version,
)
from archive.catalogue.database import is_sqlite
from archive.catalogue.operations import (
    OperationKind,
    OperatorNote,
    correct,
    empty_record,
    find_withdrawal,
    refuse_idle_correction,
    refuse_repeated,
    refuse_wrong_values,
    removed_versions,
    withdrawn_error,
)
from archive.errors import NotFoundError, StoreError, write_failures_as
from archive.originals.object_storage import StorageAwayError
from archive.originals.original_removal import OriginalRemoval
from archive.originals.picture_cache import PictureCache
from archive.originals.shipping import Shipper, mark_stale
from archive.originals.warc_tombstones import destroy_original
from archive.passages import PASSAGES, without_passages
from archive.records import (
    CORRECTABLE,
    Article,
    Change,
    ChangeKind,
    Version,
    text_digest,
)
from archive.storable_texts import storable
from archive.writing.prepared_article import prepare_reparsed
from archive.writing.write_batch import Batch

LONGEST_REASON = 2000
"""Characters of a reason."""


class OperatorBatch(Batch):
    """A batch for the operator's operations; durable and undone as every batch is."""

    def __init__(self, home: Path, engine: Engine, file_limit: int, patience: float = 0) -> None:
        super().__init__(home, engine, file_limit, patience)
        self._removal = OriginalRemoval(self._connect)
        self._pictures = PictureCache(home)

    def remove(
        self, identifier: str, note: OperatorNote, version: int = 0, *, destroy: bool = False
    ) -> Change:
        """Withdraw an article, or one version of it, and leave a tombstone.

        Args:
            identifier: the article.
            note: who asks, and why.
            version: the number of the one version; 0 is the whole article.
            destroy: overwrite the originals, too, when the batch is flushed.

        Raises:
            NotFoundError: there is no such article or version, or it is removed already.
            StoreError: another article has the original that is to be destroyed.
        """
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            rows = self._rows(identifier)
            chosen = [row for row in rows if version in (0, row.version)]
            if not chosen:
                raise NotFoundError(identifier, f"{identifier} has no version {version}")
            records = self._records_of(chosen)
            digests = {record.digest for record in records} if destroy else set()
            refuse_repeated(self._connect(), identifier, version, destroy_one_of=digests)
            if version and version == rows[-1].version:
                self._go_back_to_version_before(rows, version)
            self._removal.withhold(records, destroy=destroy)
            if destroy:
                self._removal.doom_containers(records)
            if not version:
                return self._leave_tombstone(identifier, OperationKind.REMOVED, note)
            change = self._renumber(identifier)
            return self._log(change, version, OperationKind.REMOVED, note)

    def remove_passages(
        self,
        identifier: str,
        note: OperatorNote,
        digests: Collection[str],
        *,
        destroy: bool = False,
    ) -> Change:
        """Take passages out of an article, and withdraw every version that has one of them.

        What is left is a version of its own, whose original no reader gets. Later captures of the
        article and originals that are read again come without the passages.

        Args:
            identifier: the article.
            note: who asks, and why.
            digests: those of the passages (`passages.passage_digest`).
            destroy: overwrite the originals, too, when the batch is flushed.

        Raises:
            NotFoundError: there is no such article, it is withheld, or has no such passage.
            StoreError: another article has the original that is to be destroyed.
        """
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            if withdrawal := find_withdrawal(self._connect(), identifier):
                raise withdrawn_error(withdrawal)
            rows = self._rows(identifier)
            holding = [row for row in rows if self._holds(row, digests)]
            if not holding:
                raise NotFoundError(identifier, f"{identifier} has no such passage")
            before = self._read_operator_state().corrections.get(identifier, {}).get(PASSAGES, ())
            fields = {PASSAGES: sorted({*before, *digests})}
            newest = rows[-1]
            article = correct(tables.unpack_article(newest.content), fields)
            change = self._add_version(
                to_version(newest), article, ChangeKind.CHANGED, newest.version
            )
            self._log(change, change.version, OperationKind.EDITED, note, fields)
            left = [row for row in self._rows(identifier) if row.version == change.version]
            records = self._records_of(holding + (left if destroy else []))
            self._removal.withhold(records, destroy=destroy)
            if destroy:
                self._removal.doom_containers(records)
            for row in holding:
                change = self._renumber(identifier)
                self._log(change, row.version, OperationKind.REMOVED, note, fields)
            return change

    def hide(self, identifier: str, note: OperatorNote) -> Change:
        """Hide an article until it is shown again; its records and originals stay.

        Raises:
            NotFoundError: there is no such article, it is removed, or hidden for the same reason
                until the same moment.
        """
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            withdrawal = find_withdrawal(self._connect(), identifier)
            if withdrawal:
                before = withdrawal.note
                is_same = (before.reason, before.due) == (note.reason, note.due)
                if is_same or withdrawal.kind is OperationKind.REMOVED:
                    raise withdrawn_error(withdrawal)
            self._rows(identifier)
            return self._leave_tombstone(identifier, OperationKind.HIDDEN, note)

    def show_again(self, identifier: str, note: OperatorNote) -> Change | None:
        """Show a hidden article as a new version of the same text; let what was removed be added.

        Returns:
            The change; None for a removed article, which nobody sees until it is added again, as
            removed versions and passages are: their texts have left the catalogue.

        Raises:
            NotFoundError: there is no such article, or nothing withholds it.
        """
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            withdrawal = find_withdrawal(self._connect(), identifier)
            if withdrawal is None:
                return self._let_parts_be_added(identifier, note)
            newest = self._rows(identifier)[-1]
            if withdrawal.kind is OperationKind.HIDDEN:
                article, before = tables.unpack_article(newest.content), to_version(newest)
                change = self._add_version(before, article, ChangeKind.ADDED, newest.version)
                return self._log(change, 0, OperationKind.SHOWN, note)
            self._let_originals_be_added(identifier)
            self._log(self._leave_again(identifier), 0, OperationKind.SHOWN, note)
            return None

    def edit(self, identifier: str, fields: Mapping[str, Any], note: OperatorNote) -> Change:
        """Correct the metadata of an article, as a version of its own.

        Args:
            identifier: the article.
            fields: the corrected values by name, as in the article's JSON; None lifts the
                correction of a field: the next reading of its original decides.
            note: who asks, and why.

        Raises:
            NotFoundError: there is no such article, or it is withheld.
            StoreError: a field cannot be corrected, has a value that cannot be its own, or nothing
                would change.
        """
        if unknown := [name for name in fields if name not in CORRECTABLE]:
            raise StoreError(f"{unknown[0]} cannot be corrected; {', '.join(CORRECTABLE)} can")
        refuse_wrong_values(fields)
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            if withdrawal := find_withdrawal(self._connect(), identifier):
                raise withdrawn_error(withdrawal)
            newest = self._rows(identifier)[-1]
            article = tables.unpack_article(newest.content)
            corrected = self._read_operator_state().corrections.get(identifier, {})
            try:
                refuse_idle_correction(article, corrected, fields)
                article = correct(article, fields)
            except (msgspec.ValidationError, ValueError) as error:
                raise StoreError(f"a correction has a wrong value: {error}") from error
            change = self._add_version(
                to_version(newest), article, ChangeKind.CHANGED, newest.version
            )
            return self._log(change, change.version, OperationKind.EDITED, note, fields)

    def flush(self) -> list[Change]:
        """Make every operation durable, then destroy what is to be destroyed."""
        doomed = self._removal.take_doomed()
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            for record in doomed:
                mark_stale(self._connect(), record.location)
        changes = super().flush()
        with write_failures_as(StoreError, "the cache of pictures"):
            for change in changes:
                self._pictures.discard(change.identifier)
        for record in doomed:
            destroy_original(self._originals, record)
        if doomed:
            # What cannot be reached now stays stale in the catalogue: `tangthu ship` goes on.
            with suppress(StorageAwayError):
                Shipper(self._engine, self._originals).finish()
        return changes

    def erase_removed(self) -> int:
        """Empty the records of what was removed, once the index has been brought up to date.

        The index needs a record once more, to take its words out of what was counted.

        Returns:
            The number of versions whose records were emptied now.
        """
        connection, v = self._connect(), tables.versions
        erased = 0
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            for identifier, version in removed_versions(connection):
                rows = [row for row in self._rows(identifier) if version in (0, row.version)]
                for row in rows:
                    stub = empty_record(identifier, to_version(row))
                    if row.text_digest == text_digest(stub):
                        continue
                    where = (v.c.identifier == identifier) & (v.c.version == row.version)
                    columns = {"source": "", "text_digest": text_digest(stub)}
                    content = tables.pack_article(stub)
                    connection.execute(v.update().where(where).values(content=content, **columns))
                    self._erase_sources(identifier, row.version)
                    erased += 1
            if erased:
                super().flush()
                # What was overwritten in the catalogue leaves its log as well.
                with self._engine.connect() as checkpoint:
                    if is_sqlite(checkpoint):
                        checkpoint.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        return erased

    def _holds(self, row: Row[Any], digests: Collection[str]) -> bool:
        """Tell whether a version that is shown has one of the passages."""
        article = tables.unpack_article(row.content)
        if without_passages(article, digests) == article:
            return False
        return find_withdrawal(self._connect(), row.identifier, row.version) is None

    def _rows(self, identifier: str) -> list[Row[Any]]:
        """Return the rows of every version of an article, oldest first."""
        v = tables.versions
        # What waits is looked at as well.
        self._catalogue.write()
        query = select(v).where(v.c.identifier == identifier).order_by(v.c.version)
        rows = list(self._connect().execute(query))
        if not rows:
            raise NotFoundError(identifier)
        return rows

    def _records_of(self, rows: list[Row[Any]]) -> list[KeptRecord]:
        """Return the records of every original of some versions of an article, each once."""
        o, identifier = tables.origins, rows[0].identifier
        numbers = [row.version for row in rows]
        query = select(o).where(o.c.identifier == identifier, o.c.version.in_(numbers))
        records = [record_of_version(identifier, to_version(row)) for row in rows]
        records += [record_of_origin(row) for row in self._connect().execute(query)]
        return list({(record.subject, record.place): record for record in records}.values())

    def _erase_sources(self, identifier: str, version: int) -> None:
        """Empty what the origins of a version say about their places."""
        o = tables.origins
        where = (o.c.identifier == identifier) & (o.c.version == version)
        self._connect().execute(o.update().where(where).values(source="", place=""))

    def _go_back_to_version_before(self, rows: list[Row[Any]], version: int) -> None:
        """Make the newest version that is not withheld the newest one of all, as a new one."""
        identifier = rows[-1].identifier
        if withdrawal := find_withdrawal(self._connect(), identifier):
            raise withdrawn_error(withdrawal)
        for row in reversed(rows[:-1]):
            if not find_withdrawal(self._connect(), identifier, row.version):
                article = tables.unpack_article(row.content)
                before = replace(to_version(row), number=version)
                self._add_version(before, article, ChangeKind.CHANGED, row.version)
                return
        raise StoreError(f"{identifier} has no other version: remove the whole article")

    def _add_version(
        self, version: Version, article: Article, kind: ChangeKind, origins_of: int
    ) -> Change:
        """Add the next version of an article, with the originals of another version."""
        change = self._change(article.identifier, version.number + 1, kind)
        prepared = prepare_reparsed(replace(article, digest=version.digest))
        self._insert_version(prepared, change, version.location)
        self._catalogue.carry_origins(article.identifier, origins_of, change.version)
        self._catalogue.write()
        self._pending.append(change)
        return change

    def _let_parts_be_added(self, identifier: str, note: OperatorNote) -> Change:
        passages = self._read_operator_state().corrections.get(identifier, {}).get(PASSAGES)
        if not (self._let_originals_be_added(identifier) or passages):
            raise NotFoundError(identifier, f"{identifier} is neither hidden nor removed")
        fields = {PASSAGES: list[str]()} if passages else {}
        return self._log(self._renumber(identifier), 0, OperationKind.SHOWN, note, fields)

    def _let_originals_be_added(self, identifier: str) -> int:
        """Withhold the originals of an article no longer; return how many were."""
        w = tables.withheld_originals
        update = w.update().where(w.c.identifier == identifier, w.c.withheld.is_(True))
        return self._connect().execute(update.values(withheld=False)).rowcount

    def _leave_tombstone(self, identifier: str, kind: OperationKind, note: OperatorNote) -> Change:
        return self._log(self._leave_again(identifier), 0, kind, note)

    def _leave_again(self, identifier: str) -> Change:
        """Write a tombstone for an article, whether or not it has one already."""
        version = self._rows(identifier)[-1].version
        change = self._change(identifier, version, ChangeKind.DELETED)
        self._catalogue.add_tombstone(change)
        self._catalogue.write()
        self._pending.append(change)
        return change

    def _renumber(self, identifier: str) -> Change:
        """Give the newest state of an article a new number, so that whoever follows reads it."""
        connection, a, v = self._connect(), tables.articles, tables.versions
        row = connection.execute(select(a).where(a.c.identifier == identifier)).one()
        if row.deleted:
            return self._leave_again(identifier)
        change = self._change(identifier, row.version, ChangeKind.CHANGED)
        newest = (v.c.identifier == identifier) & (v.c.version == row.version)
        connection.execute(v.update().where(newest).values(sequence=change.sequence))
        digest = connection.execute(select(v.c.digest).where(newest)).scalar_one()
        self._catalogue.renumber(change, digest)
        self._catalogue.write()
        self._pending.append(change)
        return change

    def _log(
        self,
        change: Change,
        version: int,
        kind: OperationKind,
        note: OperatorNote,
        fields: Mapping[str, Any] | None = None,
    ) -> Change:
        self._connect().execute(
            tables.operations.insert().values(
                sequence=change.sequence,
                identifier=change.identifier,
                version=version,
                kind=kind.value,
                reason=storable(note.reason[:LONGEST_REASON]),
                actor=storable(note.actor[:200]),
                made=note.made,
                due=note.due,
                changes=storable(json.dumps(dict(fields or {}), ensure_ascii=False)),
            )
        )
        self._operator_state = None
        return change
