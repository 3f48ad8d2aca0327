"""Copies of originals for a backup: of each WARC file as much as the copied catalogue names."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from archive.catalogue import tables
from archive.catalogue.database import CATALOGUE_FILE
from archive.errors import StoreError
from archive.files.plain_files import is_plain_file, open_plain_file
from archive.originals.pieces import end_of
from archive.originals.warc_dates import CORRECTIONS_FILE
from archive.originals.warc_files import FILE_NAME, Originals

_REMEDY = "run `tangthu verify`"
COPY_BLOCK = 1 << 20
_RECORD_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN "
    f"({', '.join(repr(table.name) for table in tables.RECORD_TABLES)})"
)
_PIECES_TABLE = f"SELECT 1 FROM sqlite_master WHERE name = '{tables.pieces.name}'"
_COMMITTED = "SELECT warc_file, max(warc_offset + warc_length) FROM {} GROUP BY warc_file"


def copy_originals(originals: Originals, target: Path, progress: Callable[[int, int], None]) -> int:
    """Copy the originals that a copied catalogue names; return their bytes."""
    with closing(sqlite3.connect(target / CATALOGUE_FILE)) as copy:
        # An older catalogue has fewer tables.
        names = [name for (name,) in copy.execute(_RECORD_TABLES)]
        ends = [row for name in names for row in copy.execute(_COMMITTED.format(name))]
        # The backup has every file; the objects stay this home's, which may delete them.
        if copy.execute(_PIECES_TABLE).fetchone():
            copy.execute(f"DELETE FROM {tables.pieces.name}")
            copy.commit()
    lengths: dict[str, int] = {}
    for name, length in ends:
        if not FILE_NAME.fullmatch(str(name)) or not isinstance(length, int):
            raise StoreError(f"the catalogue names {name!r}, no file of originals; {_REMEDY}")
        lengths[name] = max(lengths.get(name, 0), length)
    copied, size = 0, sum(lengths.values())
    progress(copied, size)
    for name, length in sorted(lengths.items()):
        _copy_file_of_originals(originals, name, target / "originals" / name, length)
        copied += length
        progress(copied, size)
    corrections = originals.folder / CORRECTIONS_FILE
    if is_plain_file(corrections):
        copy_start(corrections, target / "originals" / CORRECTIONS_FILE)
    return size


def _copy_file_of_originals(originals: Originals, name: str, target: Path, length: int) -> None:
    """Copy the first bytes of a WARC file: from the home, or from its pieces if it left."""
    if originals.pieces is None or originals.has_file(name):
        try:
            copy_start(originals.folder / name, target, length)
            return
        except FileNotFoundError:
            # It was shipped just now.
            if originals.pieces is None:
                raise
    pieces = originals.pieces.of_file(name)
    if end_of(pieces) < length:
        raise StoreError(f"{name} is neither in {originals.folder} nor in pieces; {_REMEDY}")
    with target.open("xb") as copy:
        for piece in pieces:
            copy.write(originals.pieces.fetch(piece)[: max(0, length - piece.start)])


def copy_start(path: Path, target: Path, length: int | None = None) -> None:
    """Copy the first bytes of a plain file, or all, into a new one."""
    with open_plain_file(path) as source:
        size = os.fstat(source.fileno()).st_size
        remaining = size if length is None else length
        if not 0 <= remaining <= size:
            raise StoreError(f"{path} is shorter than its catalogue says; {_REMEDY}")
        with target.open("xb") as copy:
            while remaining and (block := source.read(min(remaining, COPY_BLOCK))):
                copy.write(block)
                remaining -= len(block)
    if remaining:
        raise StoreError(f"{path} became shorter; {_REMEDY}")
