"""A catalogue on a server that a command began for a home, deleted while nothing is kept in it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Table, inspect, literal, select
from sqlalchemy.exc import SQLAlchemyError

from archive.catalogue import tables
from archive.catalogue.database import connect, transaction
from archive.catalogue.home_identity import read_identity
from archive.errors import ArchiveError
from archive.settings.catalogue_location import CatalogueLocation, read_location

KEEPING_TABLES = (
    tables.articles,
    tables.tombstones,
    tables.origins,
    tables.captured_resources,
    tables.pieces,
)
"""Tables of a catalogue of which none has a row while nothing is kept."""

_FAILURES = (SQLAlchemyError, ArchiveError, OSError, UnicodeDecodeError)


def may_be_begun(home: Path) -> bool:
    """Tell whether a home's catalogue is to be on a server, which can be asked and has no tables.

    Where it cannot be asked, the command itself will say so.
    """
    try:
        location = read_location(home)
        return location.is_elsewhere and _has_no_tables(home, location)
    except _FAILURES:
        return False


def delete_unused(home: Path) -> bool:
    """Delete the tables of a home's catalogue on a server, unless anything is kept in them.

    The writer lock of the home is held: no other home writes into its catalogue.

    Returns:
        Whether they are deleted.
    """
    try:
        location = read_location(home)
        if not location.is_elsewhere:
            return False
        engine = connect(home, location)
        try:
            with transaction(engine) as connection:
                if not _is_unused(connection, read_identity(home)):
                    return False
                tables.METADATA.drop_all(connection)
        finally:
            engine.dispose()
    except _FAILURES:
        return False
    return True


def _has_no_tables(home: Path, location: CatalogueLocation) -> bool:
    engine = connect(home, location)
    try:
        with engine.connect() as connection:
            present = inspect(connection).get_table_names()
        return not set(present) & set(tables.METADATA.tables)
    finally:
        engine.dispose()


def _is_unused(connection: Connection, identity: str) -> bool:
    """Tell whether a catalogue is of the home with this identity, and keeps nothing."""
    owner = connection.execute(select(tables.archive_state.c.owner)).scalar()
    if not identity or owner != identity:
        return False
    return not any(_has_rows(connection, table) for table in KEEPING_TABLES)


def _has_rows(connection: Connection, table: Table) -> bool:
    return connection.execute(select(literal(1)).select_from(table).limit(1)).first() is not None
