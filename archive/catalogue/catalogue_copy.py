"""Copies of a catalogue's rows into another database: backups, restorations and moves.

The rows go in the order of their keys, some hundred in a transaction of the target. A copy that
was broken off is gone on with after the last key of each table, as long as the source has the same
last change; otherwise it begins anew. The target belongs to nobody until the copy is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, func, select, tuple_
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from archive.catalogue import tables
from archive.catalogue.bulk_rows import insert_rows
from archive.catalogue.database import is_sqlite, transaction
from archive.catalogue.home_identity import COPYING, MOVED
from archive.catalogue.migrations import SCHEMA_VERSION, create_tables, schema_version
from archive.errors import StoreError, catalogue_read_failure, write_failures_as

Progress = Callable[[int, int], None]
"""Called with the rows that were copied, or compared, and the number of all."""

_PAGE = 500
_NOT_COPIED = (
    tables.about.name,
    tables.archive_state.name,
    # A rebuild is the affair of the database in which it was begun.
    tables.rebuilds.name,
    tables.rebuild_parts.name,
)
_TABLES = [table for table in tables.METADATA.sorted_tables if table.name not in _NOT_COPIED]


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a connection that reads a catalogue as of one moment.

    Raises:
        StoreError: it cannot be read, or has an older schema.
    """
    try:
        with engine.connect() as connection:
            if not is_sqlite(connection):
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            version = schema_version(connection)
            if version != SCHEMA_VERSION:
                raise StoreError(
                    f"the catalogue has schema {version}; `tangthu update` migrates it to "
                    f"{SCHEMA_VERSION} first"
                )
            yield connection
    except (SQLAlchemyError, UnicodeDecodeError) as error:
        raise catalogue_read_failure(error) from error


def dump_catalogue(engine: Engine, target: Path) -> None:
    """Copy a catalogue of any database, while it is used, into a new SQLite file.

    Raises:
        StoreError: it cannot be read, or the file cannot be written.
    """
    copy = create_engine(f"sqlite:///{target}", poolclass=NullPool)
    try:
        with snapshot(engine) as source:
            copy_rows(source, copy, "")
        set_owner(copy, "", "")
    finally:
        copy.dispose()


def copy_rows(
    source: Connection, target: Engine, identity: str, progress: Progress = lambda *_: None
) -> int:
    """Copy all rows of a catalogue into one that is new, or in which a copy was broken off.

    The caller gives it to its owner with `set_owner`.

    Args:
        source: the catalogue, read as of one moment.
        target: the other database.
        identity: the home whose catalogue in this place may be written over.
        progress: told after each page.

    Returns:
        The number of rows, those included that were there already.

    Raises:
        StoreError: the target holds another archive, or cannot be written.
    """
    with write_failures_as(StoreError, "the new catalogue", (SQLAlchemyError,)):
        create_tables(target)
        _begin(source, target, identity)
        count, done = count_rows(source), 0
        for table in _TABLES:
            for page in _pages_after(source, table, _last_key(target, table)):
                with target.begin() as connection:
                    insert_rows(connection, table, page)
                done += len(page)
                progress(done, count)
        articles = source.execute(select(tables.archive_state.c.articles)).scalar_one()
        with target.begin() as connection:
            connection.execute(tables.archive_state.update().values(articles=articles))
    return count


def compare_rows(source: Connection, target: Engine, progress: Progress = lambda *_: None) -> int:
    """Compare all rows of two catalogues, with every digest and record in them.

    Returns:
        The number of rows.

    Raises:
        StoreError: they differ; the message names the table.
    """
    count, done = count_rows(source), 0
    with snapshot(target) as copy:
        for table in _TABLES:
            key = ()
            while pages := [_page(each, table, key) for each in (source, copy)]:
                if pages[0] != pages[1]:
                    raise StoreError(
                        f"the copied table {table.name} differs from the catalogue's; run the "
                        "command again, which copies it anew"
                    )
                if not pages[0]:
                    break
                key = _key_of(table, pages[0][-1])
                done += len(pages[0])
                progress(done, count)
    return count


def set_owner(engine: Engine, identity: str, place: str) -> None:
    """Give a catalogue to a home; with an empty identity it is the catalogue in a home."""
    owner = {"owner": identity, "owner_place": place}
    with write_failures_as(StoreError, "the catalogue", (SQLAlchemyError,)):
        with engine.begin() as connection:
            connection.execute(tables.archive_state.update().values(**owner))


def count_rows(connection: Connection) -> int:
    """Return the number of all rows that a copy takes along."""
    return sum(
        int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for table in _TABLES
    )


def _begin(source: Connection, target: Engine, identity: str) -> None:
    """Mark a catalogue as a copy under way, and empty it unless it is one of this source."""
    mark = {"owner": COPYING, "owner_place": _source_of(source, identity)}
    state = tables.archive_state.c
    with transaction(target) as connection:
        owner, place = connection.execute(select(state.owner, state.owner_place)).one()
        articles = tables.articles.c.identifier
        is_used = connection.execute(select(articles).limit(1)).first() is not None
        is_ours = owner in (COPYING, identity, f"{MOVED}{identity}") if owner else False
        if not is_ours and (owner or is_used):
            raise StoreError(
                f"that database holds another archive already ({place or 'of no home'}); "
                "name a new one"
            )
        if (owner, place) != tuple(mark.values()):
            for table in reversed(_TABLES):
                connection.execute(table.delete())
            connection.execute(tables.archive_state.update().values(**mark))


def _source_of(source: Connection, identity: str) -> str:
    """Return what tells one source of a copy, and its state, from another one."""
    last = source.execute(select(func.max(tables.articles.c.sequence))).scalar()
    return f"a copy of {identity or 'an archive'} at change {last or 0}"


def _last_key(target: Engine, table: Table) -> tuple[Any, ...]:
    """Return the key of the last row that was copied; empty where there is none."""
    columns = table.primary_key.columns
    with target.connect() as connection:
        query = select(*columns).order_by(*(column.desc() for column in columns)).limit(1)
        return tuple(connection.execute(query).first() or ())


def _pages_after(
    source: Connection, table: Table, key: tuple[Any, ...]
) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a table after a key, in its order."""
    while page := _page(source, table, key):
        yield page
        key = _key_of(table, page[-1])


def _page(connection: Connection, table: Table, key: tuple[Any, ...]) -> list[dict[str, Any]]:
    columns = table.primary_key.columns
    query = select(table).order_by(*columns).limit(_PAGE)
    if key:
        query = query.where(tuple_(*columns) > key)
    return [dict(row) for row in connection.execute(query).mappings()]


def _key_of(table: Table, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key.columns)
