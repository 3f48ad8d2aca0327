"""Many rows of a table in one statement, on every database.

SQLite has no way to a server: a statement for each row is quickest. To PostgreSQL the rows go as
one JSON text, which is one round trip whatever their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Insert,
    Integer,
    LargeBinary,
    String,
    Table,
    TextClause,
    bindparam,
    text,
)

from archive.catalogue import tables
from archive.catalogue.database import is_sqlite
from archive.errors import StoreError

Row = dict[str, Any]
"""The values of a row by column."""

_JSON_TYPES = (
    (BigInteger, "bigint"),
    (Integer, "integer"),
    (Boolean, "boolean"),
    ((String, LargeBinary, tables.Name), "text"),
)
_UPDATED = ("version", "sequence", "kind", "deleted")
_UPDATE_ARTICLE = tables.articles.update().where(tables.articles.c.identifier == bindparam("name"))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, all with the same columns, into a table."""
    if not rows:
        return
    if is_sqlite(connection):
        connection.execute(_insert(table), rows)
    else:
        connection.execute(_insert_from_json(table), {"rows": _json(rows)})


def update_articles(connection: Connection, rows: Sequence[Row]) -> None:
    """Update the newest states of articles; the identifier goes by `name`."""
    if not rows:
        return
    if is_sqlite(connection):
        connection.execute(_UPDATE_ARTICLE, rows)
    else:
        connection.execute(_update_from_json(), {"rows": _json(rows)})


def refuse_long_texts(table: Table, rows: Sequence[Row]) -> None:
    """Refuse texts that are longer than their column, which SQLite would keep.

    Raises:
        StoreError: there is one.
    """
    for name, longest in _longest_texts(table):
        for row in rows:
            if len(row.get(name, "")) > longest:
                raise StoreError(
                    f"{row[name][:40]!r}… has more than {longest} characters, the most that "
                    f"{name} may have in the catalogue"
                )


def _json(rows: Sequence[Row]) -> str:
    # Octets become base64.
    return msgspec.json.encode(rows).decode()


@cache
def _longest_texts(table: Table) -> tuple[tuple[str, int], ...]:
    types = {column.name: getattr(column.type, "length", None) for column in table.columns}
    return tuple((name, length) for name, length in types.items() if length)


@cache
def _insert(table: Table) -> Insert:
    # Built once: building it anew took half of the time of keeping.
    return table.insert()


@cache
def _insert_from_json(table: Table) -> TextClause:
    names = ", ".join(column.name for column in table.columns)
    values = ", ".join(
        f"decode({column.name}, 'base64')" if _is_binary(column) else column.name
        for column in table.columns
    )
    return text(
        f"INSERT INTO {table.name} ({names}) SELECT {values} "  # noqa: S608
        f"FROM json_to_recordset(CAST(:rows AS json)) AS r({_columns_of(table)})"
    )


@cache
def _update_from_json() -> TextClause:
    a = tables.articles
    settings = ", ".join(f"{name} = r.{name}" for name in _UPDATED)
    columns = _columns_of(a).replace("identifier", "name", 1)
    return text(
        f"UPDATE articles SET {settings} "  # noqa: S608
        f"FROM json_to_recordset(CAST(:rows AS json)) AS r({columns}) "
        "WHERE articles.identifier = r.name"
    )


def _columns_of(table: Table) -> str:
    """Return names and types of a table's columns, as JSON has them."""
    return ", ".join(f"{column.name} {_json_type(column)}" for column in table.columns)


def _json_type(column: Column[Any]) -> str:
    return next(name for kind, name in _JSON_TYPES if isinstance(column.type, kind))


def _is_binary(column: Column[Any]) -> bool:
    return isinstance(column.type, LargeBinary)
