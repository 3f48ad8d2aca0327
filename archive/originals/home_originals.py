"""The originals of a home: its WARC files, and the pieces of them that its catalogue names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Row, Select
from sqlalchemy.exc import SQLAlchemyError

from archive.catalogue.database import is_sqlite
from archive.errors import catalogue_read_failure
from archive.originals.pieces import Rows, ShippedPieces
from archive.originals.warc_files import FILE_LIMIT, Originals
from archive.settings.originals_location import read_originals_location


def open_originals(home: Path, engine: Engine, file_limit: int = FILE_LIMIT) -> Originals:
    """Return the originals of a home, to append to.

    Raises:
        SettingsError: the settings name no place that is supported.
    """
    # Whatever leaves the home needs names that no other home makes.
    is_elsewhere = not is_sqlite(engine) or read_originals_location(home).is_elsewhere

    def read_rows(query: Select[Any]) -> Sequence[Row[Any]]:
        try:
            with engine.connect() as connection:
                return connection.execute(query).all()
        except SQLAlchemyError as error:
            raise catalogue_read_failure(error) from error

    pieces = shipped_pieces(home, read_rows)
    return Originals(home / "originals", file_limit, unique_names=is_elsewhere, pieces=pieces)


def shipped_pieces(home: Path, rows: Rows) -> ShippedPieces:
    """Return the pieces of a home's originals, in the storage that its settings name by then."""
    return ShippedPieces(rows, partial(read_originals_location, home))
