"""The audit of pieces: is each in the object storage as it was shipped, and nothing else."""

from __future__ import annotations

import io
from dataclasses import dataclass

from archive.errors import DamagedError
from archive.originals.object_storage import StorageAwayError
from archive.originals.pieces import READABLE, Piece, ShippedPieces
from archive.originals.warc_files import Originals
from archive.originals.warc_records import read_record
from archive.records import WarcLocation

MOST_STRAYS = 1000
"""Stray objects that are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class StrayObjects:
    """The objects of a storage that no piece of the catalogue is.

    Attributes:
        count: their number.
        names: the first of them.
        unlisted: the reason why they could not be listed; empty where they were.
    """

    count: int = 0
    names: tuple[str, ...] = ()
    unlisted: str = ""


def find_stray_objects(pieces: ShippedPieces) -> StrayObjects:
    """Compare the objects of the storage that the settings name with the pieces.

    Its keys need not be allowed to list them.
    """
    # Pieces are shipped and deleted meanwhile: what has a row before or after is no stray.
    before = {piece.name for piece in pieces.all()}
    try:
        unknown = [name for name in pieces.open_storage().list_names() if name not in before]
    except StorageAwayError as error:
        return StrayObjects(unlisted=str(error))
    after = {piece.name for piece in pieces.all()} if unknown else before
    strays = [name for name in unknown if name not in after]
    return StrayObjects(len(strays), tuple(sorted(strays)[:MOST_STRAYS]))


class PieceAudit:
    """Reads the pieces of an archive, each once if records come in the order of the files.

    Attributes:
        records: the length of every record by its place (WARC file, offset), in the pieces of files
            that are not in the home.
    """

    def __init__(self, originals: Originals) -> None:
        self._originals, self._pieces = originals, originals.pieces
        self.records: dict[tuple[str, int], int] = {}
        self._piece: Piece | None = None
        self._read: set[str] = set()

    def check(self, location: WarcLocation) -> list[tuple[str, str]]:
        """Read the piece of a record unless it was the last; return what is wrong, and why.

        Raises:
            StorageAwayError: the storage cannot be used now.
        """
        if self._pieces is None or self._piece and self._piece.covers(location):
            return []
        self._piece = self._pieces.find(location)
        return self._check_piece(self._piece) if self._piece else []

    def check_rest(self) -> list[tuple[str, str]]:
        """Read the pieces that no record was in, and see that those of each file join."""
        problems, end = [], ("", 0)
        for piece in self._pieces.all() if self._pieces else []:
            if piece.state not in READABLE:
                continue
            if piece.name not in self._read:
                problems += self._check_piece(piece)
            if piece.start != (end[1] if piece.warc_file == end[0] else 0):
                problems.append((piece.warc_file, "its pieces do not join; restore a backup"))
            end = (piece.warc_file, piece.end)
        return problems

    def _check_piece(self, piece: Piece) -> list[tuple[str, str]]:
        assert self._pieces is not None
        self._read.add(piece.name)
        try:
            content = self._pieces.fetch(piece)
        except StorageAwayError:
            raise
        except DamagedError as error:
            return [(piece.warc_file, str(error))]
        if not self._originals.has_file(piece.warc_file):
            self._scan(piece, content)
        return []

    def _scan(self, piece: Piece, content: bytes) -> None:
        file, offset = io.BytesIO(content), 0
        while offset < piece.length and (record := read_record(file, offset)):
            if record.digest:
                self.records[piece.warc_file, piece.start + offset] = record.length
            offset += record.length
