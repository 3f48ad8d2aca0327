"""The gate for a catalogue that may come from elsewhere: nothing in it but what we put there.

A trigger, a view or a generated column would run with every statement of ours, and a value of
another type than its column's would stop us in the middle. SQLite allows all of them. So the
schema is compared object by object before anything else is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from sqlalchemy import Column, LargeBinary, String, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from archive.catalogue import tables

Rows = Callable[[str], Iterable[tuple[Any, ...]]]
"""A function that runs a query on an SQLite file and returns its rows."""

MOST_PROBLEMS = 20
"""Problems of one kind that are named."""

_FIRST_VERSIONS = {
    tables.schema_history.name: 2,
    tables.article_keys.name: 3,
    tables.operations.name: 5,
    tables.withheld_originals.name: 5,
    tables.archive_state.name: 7,
    tables.origins.name: 8,
    tables.containers.name: 8,
    tables.captured_resources.name: 8,
    tables.pieces.name: 9,
    tables.rebuilds.name: 10,
    tables.rebuild_parts.name: 10,
}
"""The schema versions that brought a table, but for those of the first."""

_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
_STATISTICS = re.compile(r"sqlite_stat[0-9]")
_UNPRINTABLE = re.compile(r"[^ -~]")


def inspect_objects(rows: Rows) -> list[str]:
    """Return the objects in a catalogue that no schema of ours has, in words."""
    expected = _expected_objects()
    return [
        f"it has {_article(kind)} {kind} {_printable(name)} that is none of tangthu's"
        for kind, name, table, sql in rows(_OBJECTS)
        if not _is_of_sqlite(kind, name, table, sql) and expected.get((kind, name)) != _plain(sql)
    ]


def inspect_completeness(rows: Rows, version: int) -> list[str]:
    """Return the objects of a schema version that a catalogue lacks, in words."""
    present = {(kind, name) for kind, name, _, _ in rows(_OBJECTS)}
    return [
        f"it lacks the {kind} {name}"
        for (kind, name), table in _tables_of_objects().items()
        if (kind, name) not in present and _FIRST_VERSIONS.get(table, 1) <= version
    ]


def inspect_values(rows: Rows) -> list[tuple[str, str]]:
    """Return the values that their column does not allow: the row, and the reason."""
    problems = []
    present = {name for kind, name, _, _ in rows(_OBJECTS) if kind == "table"}
    for table in tables.METADATA.sorted_tables:
        if table.name in present:
            for rowid, column in rows(_bad_values_query(table)):
                reason = f"its {column} is no value of that column; restore it from a backup"
                problems.append((f"row {rowid} of {table.name}", reason))
    return problems


def _bad_values_query(table: Table) -> str:
    cases = " ".join(f"WHEN {_condition(column)} THEN '{column.name}'" for column in table.columns)
    bad = f"CASE {cases} END"
    return f"SELECT rowid, {bad} FROM {table.name} WHERE {bad} IS NOT NULL LIMIT {MOST_PROBLEMS}"


def _condition(column: Column[Any]) -> str:
    """Return the condition under which a value does not belong in a column."""
    name, kind = column.name, column.type
    if isinstance(kind, String | tables.Name):
        return f"typeof({name}) <> 'text' OR length({name}) > {kind.length}"
    if isinstance(kind, LargeBinary):
        return f"typeof({name}) <> 'blob'"
    return f"typeof({name}) <> 'integer' OR {name} < 0"


@cache
def _expected_objects() -> dict[tuple[str, str], str]:
    """Return the statements that make today's tables and indexes, by kind and name."""
    dialect = sqlite.dialect()
    statements = {}
    for table in tables.METADATA.sorted_tables:
        create = CreateTable(table).compile(dialect=dialect)
        statements["table", table.name] = _plain(str(create))
        for index in table.indexes:
            create_index = CreateIndex(index).compile(dialect=dialect)
            statements["index", str(index.name)] = _plain(str(create_index))
    return statements


def _tables_of_objects() -> dict[tuple[str, str], str]:
    names = {("table", table.name): table.name for table in tables.METADATA.sorted_tables}
    for table in tables.METADATA.sorted_tables:
        names |= {("index", str(index.name)): table.name for index in table.indexes}
    return names


def _is_of_sqlite(kind: str, name: str, table: str, sql: str | None) -> bool:
    """Tell whether SQLite itself made an object: the index of a key, or statistics."""
    if kind == "index":
        return sql is None and str(name).startswith("sqlite_autoindex_")
    return kind == "table" and bool(_STATISTICS.fullmatch(str(name))) and name == table


def _plain(sql: str | None) -> str:
    """Return a statement without blanks and quotes, in which two versions of SQLAlchemy differ."""
    return re.sub(r'[\s"`\[\]]', "", str(sql)).lower()


def _printable(name: object) -> str:
    return _UNPRINTABLE.sub("?", str(name))[:60]


def _article(kind: object) -> str:
    return "an" if str(kind).startswith("i") else "a"
