"""Shipping: what was appended to WARC files is put into an object storage, and read back.

Every step is safe to be broken off after: a piece is in the catalogue as `sending` before it is an
object, and as `stored` only when it was read back; a local file goes after that. What is destroyed
makes its piece `stale`: the next step puts a new object without it and deletes the old one. Needs
the writer lock.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from archive.catalogue import tables
from archive.catalogue.catalogue_rows import KeptRecord
from archive.catalogue.operations import read_operator_state
from archive.errors import StoreError, write_failures_as
from archive.files.atomic_files import sync_folder
from archive.files.plain_files import open_plain_file
from archive.originals.kept_records import present_record_tables
from archive.originals.pieces import Piece, PieceState, end_of, has_whole_copy
from archive.originals.warc_files import Originals, scan_records
from archive.originals.warc_tombstones import destroy_original, with_tombstone
from archive.records import WarcLocation, sha256, utc_now

PIECE_SIZE = 64 << 20
"""Bytes after which a piece ends, with the record that is being read."""

Progress = Callable[[int, int], None]
"""Called with the bytes that were shipped, and those of all that waits."""


@dataclass(frozen=True, slots=True)
class ShippingReport:
    """The result of shipping: new pieces, their bytes, and local files that went."""

    pieces: int
    bytes: int
    files: int


class Shipper:
    """Ships the originals of an archive; the caller holds the writer lock.

    Args:
        engine: the catalogue.
        originals: the WARC files.
        piece_size: bytes after which a piece ends.
    """

    def __init__(self, engine: Engine, originals: Originals, piece_size: int = PIECE_SIZE) -> None:
        assert originals.pieces is not None, "only originals with a catalogue are shipped"
        self._engine, self._originals = engine, originals
        self._pieces, self._piece_size = originals.pieces, piece_size

    def ship(self, progress: Progress = lambda *_: None) -> ShippingReport:
        """Ship what waits, and remove full files that are stored, unless the settings keep them.

        Args:
            progress: told after each piece.

        Raises:
            StorageAwayError: the storage cannot be used now; what was reported as done stays.
            StoreError: a file or the catalogue cannot be read or written.
        """
        report = self.send(progress)
        if self._pieces.open_storage().location.keeps_local_files:
            return report
        return replace(report, files=self.remove_stored_files())

    def send(self, progress: Progress = lambda *_: None) -> ShippingReport:
        """Finish what was begun, and ship what waits; raises what `ship` raises."""
        pieces = self._pieces.all()
        for piece in pieces:
            # All are in one storage: this refuses another one.
            self._pieces.open_storage(piece)
        if not pieces:
            # Before the catalogue names a piece there: a mistake in the settings leaves no trace.
            self._pieces.open_storage().try_out()
        self.finish()
        waiting = [(path, end_of(self._pieces.of_file(path.name))) for path in self._files()]
        total = sum(max(0, path.stat().st_size - start) for path, start in waiting)
        count = size = 0
        for path, start in waiting:
            for begin, content in self._cut(path, start):
                self._send(path.name, begin, content)
                count, size = count + 1, size + len(content)
                progress(size, total)
        return ShippingReport(count, size, 0)

    def finish(self) -> None:
        """Delete objects that nobody needs, and destroy in stale ones what was to be destroyed.

        Raises:
            StorageAwayError: the storage cannot be used now; the next time goes on.
            StoreError: a piece is damaged, or the catalogue cannot be written.
        """
        for piece in self._pieces.all():
            if piece.state in (PieceState.SENDING, PieceState.LEAVING):
                self.delete(piece)
            elif piece.state is PieceState.STALE:
                self._replace(piece)

    def delete(self, piece: Piece) -> None:
        """Delete a piece that nobody reads any more, and then its row."""
        self._pieces.open_storage(piece).delete(piece.name)
        self._forget(piece)

    def _files(self) -> list[Path]:
        return [path for path in self._originals.files() if path.stat().st_size]

    def _cut(self, path: Path, start: int) -> Iterator[tuple[int, bytes]]:
        """Yield offset and bytes of the pieces of what a file has from an offset on."""
        size = path.stat().st_size
        if size < start:
            raise StoreError(f"{path} is shorter than what was shipped of it; restore it")
        with open_plain_file(path) as file:
            # Nothing is shipped that a loss of power could take from the file.
            os.fsync(file.fileno())
            begin, end, has_originals = start, start, False
            for location, digest in scan_records(path, start):
                end, has_originals = (
                    location.offset + location.length,
                    has_originals or bool(digest),
                )
                if end - begin >= self._piece_size:
                    file.seek(begin)
                    yield begin, file.read(end - begin)
                    begin = end
            if end < size:
                raise StoreError(f"{path} cannot be read after byte {end}; run `tangthu verify`")
            if begin < end and has_originals:
                file.seek(begin)
                yield begin, file.read(end - begin)

    def _send(self, warc_file: str, start: int, content: bytes) -> None:
        """Ship a stretch of a file."""
        self._set_states({self._put(warc_file, start, content).name: PieceState.STORED})

    def _replace(self, piece: Piece) -> None:
        """Ship a stale piece again, with tombstones in the place of what was destroyed."""
        content = self._pieces.fetch(piece)
        with self._transaction() as connection:
            destroyed = list(_destroyed_records(connection, piece))
        for record in destroyed:
            location, copy = record.location, b""
            if self._originals.has_file(location.file):
                # A kill may have come before that, and both copies have to be the same.
                destroy_original(self._originals, record)
                copy = self._originals.read_member(location)
            content = with_tombstone(content, location.offset - piece.start, record, copy)
        replacement = self._put(piece.warc_file, piece.start, content)
        self._set_states({replacement.name: PieceState.STORED, piece.name: PieceState.LEAVING})
        self._pieces.forget()
        self.delete(piece)

    def _put(self, warc_file: str, start: int, content: bytes) -> Piece:
        """Put a new object and read it back; the catalogue says that it is being sent."""
        storage = self._pieces.open_storage()
        number = len(self._pieces.of_file(warc_file)) + 1
        piece = Piece(
            # No name is ever made twice: not every server refuses to overwrite an object.
            f"{warc_file.partition('.')[0]}/{number:05}-{secrets.token_hex(8)}.warc.gz",
            warc_file,
            start,
            len(content),
            sha256(content),
            PieceState.SENDING,
            storage.location.storage,
            utc_now().isoformat(),
        )
        self._insert(piece)
        storage.put(piece.name, content)
        if sha256(storage.read(piece.name, 0, piece.length)) != piece.digest:
            raise StoreError(f"the object {piece.name} was read back with other bytes; ship again")
        return piece

    def remove_stored_files(self) -> int:
        """Remove the files that are full and stored; return their number."""
        count = 0
        # The newest is still appended to, and says which number comes next.
        for path in self._files()[:-1]:
            if has_whole_copy(path, self._pieces.of_file(path.name)):
                with write_failures_as(StoreError, path):
                    path.unlink()
                    sync_folder(path.parent)
                count += 1
        return count

    def _insert(self, piece: Piece) -> None:
        with self._transaction() as connection:
            connection.execute(tables.pieces.insert().values(**asdict(piece)))

    def _set_states(self, states: Mapping[str, PieceState]) -> None:
        """Set the states of pieces, by their names, at once."""
        p = tables.pieces
        with self._transaction() as connection:
            for name, state in states.items():
                connection.execute(p.update().where(p.c.name == name).values(state=state))

    def _forget(self, piece: Piece) -> None:
        with self._transaction() as connection:
            connection.execute(tables.pieces.delete().where(tables.pieces.c.name == piece.name))

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
            with self._engine.begin() as connection:
                yield connection


def mark_stale(connection: Connection, location: WarcLocation) -> None:
    """Mark the piece that a record is in, which is destroyed in the same transaction."""
    p = tables.pieces.c
    place = (p.warc_file == location.file) & (p.start <= location.offset)
    place &= (p.start + p.length > location.offset) & (p.state == PieceState.STORED)
    connection.execute(tables.pieces.update().where(place).values(state=PieceState.STALE))


def _destroyed_records(connection: Connection, piece: Piece) -> Iterator[KeptRecord]:
    """Yield the records in a piece that were to be destroyed."""
    destroyed = read_operator_state(connection).destroyed
    for table in present_record_tables(connection):
        c = table.c
        query = select(table).where(c.warc_file == piece.warc_file)
        query = query.where(c.warc_offset >= piece.start, c.warc_offset < piece.end)
        for row in connection.execute(query):
            values = row._mapping
            digest = values.get("record_digest", values["digest"])
            identifier = values.get("identifier", "")
            if (identifier, digest) in destroyed:
                location = WarcLocation(row.warc_file, row.warc_offset, row.warc_length)
                yield KeptRecord(identifier, identifier, digest, row.captured, location)
