"""Moves of originals between the home and an object storage, there and back.

Whoever breaks it off finds the archive as it was; the same command goes on. Nobody adds meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive.errors import StoreError, write_failures_as
from archive.files.atomic_files import replacing
from archive.files.plain_files import open_plain_file
from archive.originals.pieces import Piece, ShippedPieces, end_of
from archive.originals.shipping import Progress, Shipper
from archive.originals.warc_files import Originals
from archive.records import sha256
from archive.settings.originals_location import (
    OriginalsLocation,
    read_originals_location,
    write_originals_location,
)
from archive.store import Store


@dataclass(frozen=True, slots=True)
class OriginalsMoveReport:
    """The result of a move: pieces that were put and read back, or read and deleted."""

    pieces: int


def move_originals(
    home: Path, target: OriginalsLocation, progress: Progress = lambda *_: None
) -> OriginalsMoveReport:
    """Move a home's originals to another place, then switch the settings.

    `progress` is told the bytes that were moved, and those of all.

    Raises:
        StorageAwayError: the storage cannot be used now; the same command goes on.
        StoreError: they are in another storage, something is damaged, or somebody is writing.
        SettingsError: `settings.toml` cannot be changed.
    """
    with Store(home) as store, store.batch():
        pieces = store.originals.pieces
        assert pieces is not None
        if not target.is_elsewhere:
            source = read_originals_location(home)
            if not (source.is_elsewhere or pieces.all()):
                raise StoreError(f"the originals of {home} are there already")
            return _bring_home(store, pieces, progress)
        for piece in pieces.all():
            if piece.storage != target.storage:
                raise StoreError(
                    f"originals are in {piece.storage}: `tangthu move --originals home` first"
                )
        moved = ShippedPieces(pieces.rows, lambda: target)
        shipper = Shipper(store.engine, Originals(store.originals.folder, pieces=moved))
        report = shipper.send(progress)
        write_originals_location(home, target)
        if not target.keeps_local_files:
            shipper.remove_stored_files()
    return OriginalsMoveReport(report.pieces)


def _bring_home(store: Store, pieces: ShippedPieces, progress: Progress) -> OriginalsMoveReport:
    """Take every file back, then delete the objects, then switch the settings."""
    shipper = Shipper(store.engine, store.originals)
    shipper.finish()
    rows = pieces.all()
    total, done = sum(piece.length for piece in rows), 0
    for name in sorted({piece.warc_file for piece in rows}):
        path = store.originals.folder / name
        of_file = pieces.of_file(name)
        if not store.originals.has_file(name):
            _join_pieces(path, pieces, of_file)
        _compare(path, of_file)
        done += end_of(of_file)
        progress(done, total)
    # Every original is in the home again: whatever of this is broken off is gone on with.
    for piece in rows:
        shipper.delete(piece)
    write_originals_location(store.home, OriginalsLocation())
    return OriginalsMoveReport(len(rows))


def _join_pieces(path: Path, pieces: ShippedPieces, of_file: list[Piece]) -> None:
    """Write a file anew from its pieces, durably; it has its name when it is whole."""
    if end_of(of_file) != sum(piece.length for piece in of_file):
        raise StoreError(f"the pieces of {path.name} do not join; restore a backup")
    with write_failures_as(StoreError, path), replacing(path) as file:
        for piece in of_file:
            file.write(pieces.fetch(piece))


def _compare(path: Path, of_file: list[Piece]) -> None:
    """Check that a file in the home begins with the bytes of its pieces."""
    try:
        with open_plain_file(path) as file:
            for piece in of_file:
                file.seek(piece.start)
                if sha256(file.read(piece.length)) != piece.digest:
                    raise StoreError(f"{path} and the object {piece.name} differ; restore {path}")
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from error
