"""Pieces: stretches of WARC files that are objects in a storage, as the catalogue names them.

A WARC file grows and an object does not, so the records that were appended since the last time are
shipped together as a new object: the pieces of a file join without a gap, and each is a WARC file
itself. Its row is in the catalogue before the object is, and after it: nothing is forgotten there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, func, select

from archive.catalogue import tables
from archive.errors import DamagedError, StoreError
from archive.originals.object_storage import ObjectMissingError, ObjectStorage
from archive.records import WarcLocation, sha256
from archive.settings.originals_location import OriginalsLocation

LARGEST_PIECE = 192 << 20
"""Bytes of a piece that are read at once; a longer one was not made here."""

Rows = Callable[[Select[Any]], Sequence[Row[Any]]]
"""A function that returns the rows of a query."""


class PieceState(StrEnum):
    """The state of a piece.

    `sending` may be in the storage and is not trusted; `stored` was read back; `stale` was as well,
    and holds an original that was destroyed since; `leaving` is to be deleted.
    """

    SENDING = "sending"
    STORED = "stored"
    STALE = "stale"
    LEAVING = "leaving"


READABLE = (PieceState.STORED, PieceState.STALE)
"""The states in which a piece is read."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a WARC file as an object.

    Attributes:
        name: that of the object.
        warc_file: the file.
        start: the offset of its first byte in the file.
        length: its bytes.
        digest: their SHA-256.
        state: how far it is.
        storage: bucket and prefix.
        shipped: when, ISO 8601.
    """

    name: str
    warc_file: str
    start: int
    length: int
    digest: str
    state: PieceState
    storage: str
    shipped: str

    @property
    def end(self) -> int:
        """The offset after its last byte in the file."""
        return self.start + self.length

    def covers(self, location: WarcLocation) -> bool:
        """Tell whether a record is in it."""
        is_inside = self.start <= location.offset and location.offset + location.length <= self.end
        return location.file == self.warc_file and is_inside


def to_piece(row: Row[Any]) -> Piece:
    """Return the piece of a row.

    Raises:
        DamagedError: it has other values.
    """
    try:
        piece = Piece(
            row.name,
            row.warc_file,
            row.start,
            row.length,
            row.digest,
            PieceState(row.state),
            row.storage,
            row.shipped,
        )
        if not (0 <= piece.start and 0 < piece.length <= LARGEST_PIECE):
            raise ValueError
    except (ValueError, TypeError) as error:
        raise DamagedError(
            f"the catalogue describes the object {row.name!r} wrongly; restore it from a backup"
        ) from error
    return piece


class ShippedPieces:
    """The pieces of an archive, for reading.

    Args:
        rows: runs a query on the catalogue; none come of one that has no pieces yet.
        locate: returns where originals are, by the settings.

    Attributes:
        rows: runs a query on the catalogue.
    """

    def __init__(self, rows: Rows, locate: Callable[[], OriginalsLocation]) -> None:
        self.rows, self._locate = rows, locate
        self._storage: ObjectStorage | None = None
        self._piece: Piece | None = None
        self._content = b""

    def all(self) -> list[Piece]:
        """Return every piece, whatever its state, in the order of the files."""
        p = tables.pieces.c
        rows = self.rows(select(tables.pieces).order_by(p.warc_file, p.start, p.shipped))
        return [to_piece(row) for row in rows]

    def of_file(self, name: str) -> list[Piece]:
        """Return the readable pieces of a WARC file, in order."""
        p = tables.pieces.c
        query = select(tables.pieces).where(p.warc_file == name, p.state.in_(READABLE))
        return [to_piece(row) for row in self.rows(query.order_by(p.start))]

    def find(self, location: WarcLocation) -> Piece | None:
        """Return the readable piece that a record is in; None where there is none."""
        p = tables.pieces.c
        query = select(tables.pieces).where(p.warc_file == location.file, p.state.in_(READABLE))
        query = query.where(p.start <= location.offset).order_by(p.start.desc()).limit(1)
        for row in self.rows(query):
            if (piece := to_piece(row)).covers(location):
                return piece
        return None

    def stale_count(self) -> int:
        """Return the number of pieces that hold an original that was to be destroyed."""
        p = tables.pieces.c
        query = select(func.count().label("number")).where(p.state == PieceState.STALE)
        rows = self.rows(query)
        return int(rows[0].number) if rows else 0

    def unfinished_count(self) -> int:
        """Return the number of pieces that shipping has to finish."""
        p = tables.pieces.c
        query = select(func.count().label("number")).where(p.state != PieceState.STORED)
        rows = self.rows(query)
        return int(rows[0].number) if rows else 0

    def read_first_byte(self) -> None:
        """Read a byte of a piece, if there is one, to see that the storage answers.

        Raises:
            StorageAwayError: it cannot be used now.
            StoreError: there is none, or the object is missing.
        """
        p = tables.pieces.c
        for row in self.rows(select(tables.pieces).where(p.state.in_(READABLE)).limit(1)):
            piece = to_piece(row)
            self.open_storage(piece).read(piece.name, 0, 1)

    def last_file(self) -> str:
        """Return the newest WARC file that has a piece; empty where none has."""
        rows = self.rows(select(func.max(tables.pieces.c.warc_file).label("name")))
        return rows[0].name or "" if rows else ""

    def read(self, location: WarcLocation) -> bytes | None:
        """Return the bytes of a record; None where it is in no piece.

        Raises:
            DamagedError: the object is missing or shorter.
            StorageAwayError: the storage cannot be used now.
        """
        piece = self.find(location)
        for _ in range(2):
            if piece is None:
                return None
            if self._piece == piece:
                start = location.offset - piece.start
                return self._content[start : start + location.length]
            try:
                storage, start = self.open_storage(piece), location.offset - piece.start
                return storage.read_quickly(piece.name, start, location.length)
            except ObjectMissingError:
                # It may have been replaced meanwhile, to destroy an original in it.
                replaced, piece = piece, self.find(location)
                if piece == replaced:
                    raise
        return None

    def fetch(self, piece: Piece) -> bytes:
        """Return a whole piece, checked; the next records of it are read from it.

        Of one that was replaced meanwhile, to destroy an original in it, the new one.

        Raises:
            DamagedError: the object is missing, or has other bytes.
            StorageAwayError: the storage cannot be used now.
        """
        if self._piece != piece:
            self._piece, self._content = None, b""
            try:
                content = self.open_storage(piece).read(piece.name, 0, piece.length)
            except ObjectMissingError:
                newer = self.find(WarcLocation(piece.warc_file, piece.start, piece.length))
                if newer is None or newer.name == piece.name:
                    raise
                return self.fetch(newer)
            if sha256(content) != piece.digest:
                raise DamagedError(f"the object {piece.name} is damaged; restore a backup")
            self._piece, self._content = piece, content
        return self._content

    def forget(self) -> None:
        """Forget the piece that was fetched last."""
        self._piece, self._content = None, b""

    def open_storage(self, piece: Piece | None = None) -> ObjectStorage:
        """Return the storage that the settings name, which has to be that of a piece.

        Raises:
            StoreError: the settings name none, or another one.
        """
        location = self._locate()
        if piece is not None and piece.storage != location.storage:
            raise StoreError(
                f"originals are in {piece.storage}, and the settings name "
                f"{location.storage or 'the home'}; name the right one with --originals, "
                "TANGTHU_ORIGINALS, or `originals` below `[archive]` in settings.toml"
            )
        if not location.is_elsewhere:
            raise StoreError(
                "the settings name no object storage; name it with --originals, TANGTHU_ORIGINALS, "
                "or `originals` below `[archive]` in settings.toml"
            )
        storage = self._storage
        # A connection is of no use in a process that was forked.
        if storage is None or storage.location != location or storage.process != os.getpid():
            storage = self._storage = ObjectStorage(location)
        return storage


def has_whole_copy(path: Path, pieces: Sequence[Piece]) -> bool:
    """Tell whether pieces that were read back make up the whole of a local file."""
    is_stored = all(piece.state is PieceState.STORED for piece in pieces)
    return is_stored and path.stat().st_size == end_of(pieces)


def end_of(pieces: Sequence[Piece]) -> int:
    """Return the offset up to which the pieces of a file join, from its start on."""
    end = 0
    for piece in pieces:
        if piece.start != end:
            break
        end = piece.end
    return end
