"""The catalogue's database: connections, transactions, copies and damage.

On SQLite the write-ahead log lets many readers go on while one process writes (concurrency
between writers is the writer lock's affair, see `archive/writing/lock.py`), and a commit is on
disk when it returns. Another database has its own settings.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from archive.database_errors import driver_message, is_disconnect
from archive.errors import HomeGoneError, StoreError
from archive.files.plain_files import is_plain_file
from archive.settings.catalogue_location import CatalogueLocation, read_location

T = TypeVar("T")

CATALOGUE_FILE = "catalogue.sqlite"
"""The SQLite file in a home that holds the catalogue, unless a database elsewhere does."""

IDENTITY_FILE = "identity.json"
"""The file in a home that says which catalogue elsewhere is its own (`home_identity`)."""

_DAMAGE_LINES = 20
_CREATION_LOCK = int.from_bytes(b"tang-new")
_PATIENCE = 30.0
_PAUSES = (0.0, 0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds before each attempt of `retry_dropped`."""

_PRAGMAS = (
    f"busy_timeout={_PATIENCE * 1000:.0f}",
    "synchronous=FULL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    # What is removed is overwritten in the file.
    "secure_delete=ON",
)


def connect(home: Path, location: CatalogueLocation) -> Engine:
    """Return the engine of a home's catalogue; nothing is opened yet.

    Raises:
        StoreError: the driver of its database is not installed.
    """
    if location.is_elsewhere:
        if find_spec("pg8000") is None:
            raise StoreError(
                "a catalogue on PostgreSQL needs its driver: pip install 'tangthu[postgresql]'"
            )
        # Imported here: most archives are on SQLite, and have no such driver.
        from archive.catalogue.postgresql import connect_postgresql

        return connect_postgresql(location)
    if not is_writable(home):
        return _connect_read_only(home / CATALOGUE_FILE)
    engine = create_engine(f"sqlite:///{home / CATALOGUE_FILE}")
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def is_writable(home: Path) -> bool:
    """Tell whether a home can be written to: a disk that fails, or a snapshot, can only be read."""
    path = home / CATALOGUE_FILE
    return os.access(home, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def require_catalogue(home: Path) -> None:
    """Check that a home has a catalogue; whoever only reads never makes one.

    Raises:
        StoreError: it has none.
    """
    if has_catalogue(home):
        return
    if os.path.lexists(home / CATALOGUE_FILE):
        raise StoreError(
            f"{home} holds an archive with its own catalogue, and --catalogue, TANGTHU_CATALOGUE "
            f"or `catalogue` below `[archive]` in its settings.toml names a database: take that "
            "out, or move the catalogue there with `tangthu --catalogue home move --catalogue URL`"
        )
    state = "holds no archive" if home.exists() else "does not exist"
    raise StoreError(
        f"{home} {state}; name another home (--home or TANGTHU_HOME), or make an archive there "
        f"with `tangthu --home {home} init`"
    )


def has_catalogue(home: Path) -> bool:
    """Tell whether a home has a catalogue: in it, or elsewhere.

    Raises:
        StoreError: it has lost one, or does not say where it is.
        SettingsError: the settings name none that is supported.
    """
    if read_location(home).is_elsewhere:
        return os.path.lexists(home / IDENTITY_FILE)
    if os.path.lexists(home / CATALOGUE_FILE):
        return True
    refuse_lost_catalogue(home)
    return False


def refuse_lost_catalogue(home: Path) -> None:
    """Refuse a home without a catalogue in it that had one.

    Raises:
        StoreError: it is such a home.
    """
    if os.path.lexists(home / IDENTITY_FILE) and not os.path.lexists(home / CATALOGUE_FILE):
        raise StoreError(
            f"the catalogue of {home} is in a database elsewhere; name it with --catalogue, "
            "TANGTHU_CATALOGUE, or `catalogue` below `[archive]` in settings.toml"
        )
    if has_originals(home) and not os.path.lexists(home / CATALOGUE_FILE):
        raise StoreError(f"{home} has originals and no catalogue; restore a backup")


def has_originals(home: Path) -> bool:
    """Tell whether a home has WARC files with originals."""
    return any((home / "originals").glob("*.warc.gz"))


def identify(home: Path, location: CatalogueLocation) -> tuple[int, int]:
    """Return device and inode of a home's catalogue; another file in its place has others.

    Of a catalogue elsewhere it is the file that says which one is the home's.

    Raises:
        HomeGoneError: there is none.
    """
    try:
        state = (home / (IDENTITY_FILE if location.is_elsewhere else CATALOGUE_FILE)).stat()
    except OSError as error:
        raise HomeGoneError(f"{home} has no catalogue any more: {error.strerror}") from error
    return state.st_dev, state.st_ino


def _connect_read_only(path: Path) -> Engine:
    # Nobody can be writing where nothing can be written, unless a log is there.
    creator = partial(
        sqlite3.connect, read_only_uri(path), uri=True, check_same_thread=False, timeout=30
    )
    engine = create_engine("sqlite://", creator=creator, poolclass=QueuePool)
    event.listen(engine, "connect", _distrust_schema)
    return engine


def read_only_uri(path: Path) -> str:
    """Return the URI under which SQLite only reads a file, also where nothing can be written."""
    log = path.with_name(f"{path.name}-wal")
    has_log = log.exists() and log.stat().st_size > 0
    immutable = "" if has_log or is_writable(path.parent) else "&immutable=1"
    return f"{path.absolute().as_uri()}?mode=ro{immutable}"


def _distrust_schema(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA trusted_schema=OFF").close()


def refuse_links(home: Path) -> None:
    """Check that the files of a home's catalogue are plain files, where they exist.

    Raises:
        StoreError: one is a link or something else, which could lead anywhere.
    """
    for suffix in ("", "-wal", "-shm"):
        path = home / f"{CATALOGUE_FILE}{suffix}"
        if os.path.lexists(path) and not is_plain_file(path):
            raise StoreError(f"the catalogue cannot be opened: {path} is no plain file")


def driver_rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query as the driver reads them, whatever types their values have."""
    return [tuple(row) for row in connection.exec_driver_sql(query)]


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    """Set the write-ahead log, commits that are on disk, and patience with another's commit."""
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()
        _set_write_ahead_log(connection)
    except BaseException:
        # The pool forgets a connection that cannot be prepared.
        connection.close()
        raise


def _set_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log, also while others make the same new file.

    SQLite does not wait for another's lock here, whatever its `busy_timeout`: the switch makes a
    read transaction one that writes (`sqlite3BtreeSetVersion`), and of two that do so at once one
    has to give up.
    """
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(0.01)


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Run a block in one transaction, changes of tables included; an error rolls it back.

    Of several processes that change tables one comes after the other.
    """
    with engine.begin() as connection:
        if is_sqlite(engine):
            # Its driver would begin one only before rows are written.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CREATION_LOCK})")
        yield connection


def retry_dropped(work: Callable[[], T]) -> T:
    """Do some work with a connection of its own, again while connections are dropped meanwhile.

    Only for what changes nothing when it is done twice, such as reading.
    """
    for pause in _PAUSES[:-1]:
        if pause:
            # Even a sleep of no length gives the processor away.
            time.sleep(pause)
        try:
            return work()
        except (SQLAlchemyError, UnicodeDecodeError, TypeError, ValueError, OSError) as error:
            if not is_disconnect(error):
                raise
    time.sleep(_PAUSES[-1])
    return work()


def copy_catalogue(source: Path, target: Path) -> None:
    """Copy an SQLite catalogue, while it is used, into one new file as of one moment.

    Raises:
        sqlite3.Error: the source cannot be read or the target cannot be written.
    """
    with closing(sqlite3.connect(read_only_uri(source), uri=True)) as live:
        with closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")


def find_damage(engine: Engine) -> list[str]:
    """Return what SQLite finds torn in its own file, in its words; or a server in its pages."""
    try:
        if not is_sqlite(engine):
            return _find_damaged_pages(engine)
        with engine.connect() as connection:
            lines = connection.execute(text(f"PRAGMA integrity_check({_DAMAGE_LINES})")).scalars()
            return [str(line) for line in lines if line != "ok"]
    except (SQLAlchemyError, UnicodeDecodeError) as error:
        return [driver_message(error)]


def list_unchecked(engine: Engine) -> list[str]:
    """Return what `find_damage` cannot see, and the programs that can."""
    if is_sqlite(engine):
        return []
    return ["the files of the database server: `pg_amcheck` and `pg_checksums` check them"]


def _find_damaged_pages(engine: Engine) -> list[str]:
    # Imported here: most archives are on SQLite.
    from archive.catalogue.postgresql import count_damaged_pages

    count = count_damaged_pages(engine)
    reason = f"the server found {count} damaged pages in it (`pg_stat_database`)"
    return [f"{reason}; restore a backup"] if count else []


def is_sqlite(bind: Engine | Connection) -> bool:
    """Tell whether a catalogue is on SQLite."""
    return bind.dialect.name == "sqlite"
