"""Migrations: numbered steps that bring the tables of an older catalogue to today's schema.

Reading leaves an older catalogue as it is. Whoever writes migrates it first, under the writer
lock: a copy of the file is put beside it (`catalogue.sqlite.v1.bak`), then each step is one
transaction that ends with its number. After a kill at any place the catalogue has the schema of
a finished step, and the next writer takes the next one.

To change the schema: change `archive/catalogue/tables.py`, and add a step to `STEPS` that makes
the same of an older catalogue. A step is plain SQL: it must not follow later changes of the tables.
Queries that only read have to do with the tables of the schema before as well.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable
from functools import partial
from importlib.metadata import version as package_version
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from archive.catalogue import database, tables
from archive.catalogue.home_identity import require_owner
from archive.catalogue.inspection import inspect_completeness, inspect_objects
from archive.catalogue.lookup_keys import lookup_keys, place_key
from archive.catalogue.origin_migration import add_origins
from archive.database_errors import driver_message, remedy
from archive.errors import StoreError, write_failures_as
from archive.files.atomic_files import file_digest, move_into_place
from archive.records import utc_now
from archive.settings.catalogue_location import CatalogueLocation

_CUT_TITLE = 200
"""Characters of a paragraph that the reader of JSON once took for a title."""


def _add_schema_history(connection: Connection) -> None:
    connection.exec_driver_sql(
        "CREATE TABLE schema_history (version INTEGER NOT NULL, applied VARCHAR(40) NOT NULL, "
        "program VARCHAR(64) NOT NULL, PRIMARY KEY (version))"
    )


def _add_article_keys(connection: Connection) -> None:
    """Add the keys of the address and the external identifier of every version."""
    connection.exec_driver_sql(
        "CREATE TABLE article_keys (lookup_key VARCHAR(20) NOT NULL, identifier VARCHAR(64) NOT "
        "NULL, version INTEGER NOT NULL, PRIMARY KEY (lookup_key, identifier, version), "
        "FOREIGN KEY(identifier) REFERENCES articles (identifier))"
    )
    page = text(
        "SELECT identifier, version, content FROM versions WHERE identifier > :identifier OR "
        "(identifier = :identifier AND version > :version) ORDER BY identifier, version LIMIT 500"
    )
    insert = text("INSERT INTO article_keys VALUES (:lookup_key, :identifier, :version)")
    last = {"identifier": "", "version": 0}
    while rows := connection.execute(page, last).all():
        last = {"identifier": rows[-1].identifier, "version": rows[-1].version}
        keys = [
            {"lookup_key": key, "identifier": row.identifier, "version": row.version}
            for row in rows
            for key in _keys_in(row.content)
        ]
        if keys:
            connection.execute(insert, keys)


def _keys_in(content: bytes) -> tuple[str, ...]:
    """Return the keys of a version; a damaged one, which `verify` names, has none."""
    try:
        record = json.loads(zlib.decompressobj().decompress(content, tables.CONTENT_LIMIT))
        return lookup_keys(str(record.get("url", "")), str(record.get("external_id", "")))
    except (zlib.error, ValueError, AttributeError, RecursionError, TypeError):
        return ()


def _remove_made_up_titles(connection: Connection) -> None:
    """Empty the titles that the reader of JSON made of a lead or the beginning of a paragraph."""
    page = text(
        "SELECT identifier, version, content FROM versions WHERE reader = 'jsonlines' AND "
        "(identifier > :identifier OR (identifier = :identifier AND version > :version)) "
        "ORDER BY identifier, version LIMIT 500"
    )
    update = text(
        "UPDATE versions SET content = :content, text_digest = :text_digest "
        "WHERE identifier = :identifier AND version = :version"
    )
    last = {"identifier": "", "version": 0}
    while rows := connection.execute(page, last).all():
        last = {"identifier": rows[-1].identifier, "version": rows[-1].version}
        changed = [
            {"identifier": row.identifier, "version": row.version, **columns}
            for row in rows
            if (columns := _without_made_up_title(row.content))
        ]
        if changed:
            connection.execute(update, changed)


def _without_made_up_title(content: bytes) -> dict[str, Any]:
    """Return the changed columns of a version, none for one with a title or a damaged one."""
    try:
        record = json.loads(zlib.decompressobj().decompress(content, tables.CONTENT_LIMIT))
        paragraphs = (part for section in record["sections"] for part in section["paragraphs"])
        first = str(next(paragraphs, ""))
        is_cut = len(first) > len(record["title"]) == _CUT_TITLE and first[:_CUT_TITLE]
        if not record["title"] or record["title"] not in (record["lead"], is_cut):
            return {}
        record["title"] = ""
        packed = zlib.compress(_packed_json(record).encode())
        # What a reader sees is digested, without where, when and how it was read.
        seen = {key: record[key] for key in record.keys() - {"account", "encoding"}}
        seen |= {"identifier": "", "captured": None, "digest": ""}
        seen |= {"origin": {"source": "", "reader": "", "reader_version": 0}}
        digest = hashlib.sha256(_packed_json(seen).encode()).hexdigest()
    except (zlib.error, ValueError, AttributeError, RecursionError, TypeError, LookupError):
        return {}
    return {"content": packed, "text_digest": digest}


def _packed_json(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _add_operations(connection: Connection) -> None:
    """Add the tables of the operator's operations and of what they withhold."""
    connection.exec_driver_sql(
        "CREATE TABLE operations (sequence BIGINT NOT NULL, identifier VARCHAR(64) NOT NULL, "
        "version INTEGER NOT NULL, kind VARCHAR(16) NOT NULL, reason VARCHAR(2000) NOT NULL, "
        "actor VARCHAR(200) NOT NULL, made VARCHAR(40) NOT NULL, due VARCHAR(40) NOT NULL, "
        "changes VARCHAR(100000) NOT NULL, PRIMARY KEY (sequence), "
        "FOREIGN KEY(identifier) REFERENCES articles (identifier))"
    )
    connection.exec_driver_sql("CREATE INDEX operations_by_article ON operations (identifier)")
    connection.exec_driver_sql(
        "CREATE TABLE withheld_originals (identifier VARCHAR(64) NOT NULL, digest VARCHAR(64) NOT "
        "NULL, withheld BOOLEAN NOT NULL, destroyed BOOLEAN NOT NULL, "
        "PRIMARY KEY (identifier, digest), "
        "FOREIGN KEY(identifier) REFERENCES articles (identifier))"
    )


def _add_places(connection: Connection) -> None:
    """Add the keys of the files that the newest versions without a name were read from."""
    page = text(
        "SELECT v.identifier, v.version, v.source, v.content FROM versions v "
        "JOIN articles a ON a.identifier = v.identifier AND a.version = v.version "
        "WHERE v.source LIKE '/%' AND v.reader <> 'jsonlines' AND v.identifier > :identifier "
        "ORDER BY v.identifier LIMIT 500"
    )
    insert = text("INSERT INTO article_keys VALUES (:lookup_key, :identifier, :version)")
    last = {"identifier": ""}
    while rows := connection.execute(page, last).all():
        last = {"identifier": rows[-1].identifier}
        keys = [
            {
                "lookup_key": place_key("", row.source),
                "identifier": row.identifier,
                "version": row.version,
            }
            for row in rows
            if _is_without_name(row.content)
        ]
        if keys:
            connection.execute(insert, keys)


def _is_without_name(content: bytes) -> bool:
    """Tell whether a version has neither address nor external identifier; not a damaged one."""
    try:
        record = json.loads(zlib.decompressobj().decompress(content, tables.CONTENT_LIMIT))
        return not (record["url"] or record["external_id"])
    except (zlib.error, ValueError, AttributeError, RecursionError, TypeError, LookupError):
        return False


def _add_archive_state(connection: Connection) -> None:
    """Add the number of the articles, and whose catalogue it is."""
    connection.exec_driver_sql(
        "CREATE TABLE archive_state (number INTEGER NOT NULL, owner VARCHAR(64) NOT NULL, "
        "owner_place VARCHAR(1000) NOT NULL, articles BIGINT NOT NULL, PRIMARY KEY (number))"
    )
    connection.exec_driver_sql(
        "INSERT INTO archive_state SELECT 1, '', '', count(*) FROM articles WHERE NOT deleted"
    )


def _add_pieces(connection: Connection) -> None:
    """Add the table of what is in an object storage."""
    collation = "" if database.is_sqlite(connection) else ' COLLATE "C"'
    connection.exec_driver_sql(
        f"CREATE TABLE pieces (name VARCHAR(100){collation} NOT NULL, "
        f"warc_file VARCHAR(255){collation} NOT NULL, start BIGINT NOT NULL, "
        "length BIGINT NOT NULL, digest VARCHAR(64) NOT NULL, state VARCHAR(16) NOT NULL, "
        "storage VARCHAR(1000) NOT NULL, shipped VARCHAR(40) NOT NULL, PRIMARY KEY (name))"
    )
    connection.exec_driver_sql("CREATE INDEX pieces_by_place ON pieces (warc_file, start)")


def _add_rebuild_parts(connection: Connection) -> None:
    """Add the tables of the rebuild that workers share."""
    collation, octets = ("", "BLOB")
    if not database.is_sqlite(connection):
        collation, octets = (' COLLATE "C"', "BYTEA")
    connection.exec_driver_sql(
        f"CREATE TABLE rebuilds (rebuild VARCHAR(64){collation} NOT NULL, program VARCHAR(64) NOT "
        "NULL, sequence BIGINT NOT NULL, parts INTEGER NOT NULL, address VARCHAR(2000) NOT NULL, "
        "PRIMARY KEY (rebuild))"
    )
    connection.exec_driver_sql(
        f"CREATE TABLE rebuild_parts (rebuild VARCHAR(64){collation} NOT NULL, number INTEGER NOT "
        "NULL, state VARCHAR(16) NOT NULL, worker VARCHAR(200) NOT NULL, heartbeat BIGINT NOT "
        f"NULL, documents BIGINT NOT NULL, result {octets} NOT NULL, PRIMARY KEY (rebuild, number))"
    )


STEPS: dict[int, Callable[[Connection], None]] = {
    2: _add_schema_history,
    3: _add_article_keys,
    4: _remove_made_up_titles,
    5: _add_operations,
    6: _add_places,
    7: _add_archive_state,
    8: add_origins,
    9: _add_pieces,
    10: _add_rebuild_parts,
}
"""The steps by the schema version they lead to; each starts from the version before."""

SCHEMA_VERSION = max(STEPS)
"""The version of the tables in `archive/catalogue/tables.py`."""


def open_catalogue(home: Path, location: CatalogueLocation) -> Engine:
    """Open the catalogue of a home for reading, or create it.

    Raises:
        StoreError: it cannot be opened, a newer program made it, it has what we did not make, or
            it is of another home.
    """
    if not location.is_elsewhere:
        database.refuse_links(home)
    engine = database.connect(home, location)
    try:
        with engine.connect() as connection:
            version = _inspected_version(connection)
        if version is None:
            if not (location.is_elsewhere or database.is_writable(home)):
                raise StoreError(f"{home} has no catalogue, and none can be made there")
            create_tables(engine)
        if location.is_elsewhere:
            require_owner(engine, home)
    except BaseException as error:
        engine.dispose()
        if isinstance(error, SQLAlchemyError | UnicodeDecodeError):
            # Damage can make the driver fail at its own message.
            advice = remedy(error)
            reason = f"{driver_message(error)}{advice and '; '}{advice}"
            raise StoreError(f"the catalogue cannot be opened: {reason}") from error
        raise
    return engine


def schema_version(connection: Connection) -> int | None:
    """Return the catalogue's schema version, None where it has no tables or half of them.

    Raises:
        StoreError: a newer program made it, or the number is damaged.
    """
    if not inspect(connection).has_table(tables.about.name):
        return None
    version: object = connection.execute(select(tables.about.c.schema_version)).scalar()
    if version is not None and not isinstance(version, int):
        raise StoreError("the catalogue's schema version is no number; restore a backup")
    if version is not None and version > SCHEMA_VERSION:
        raise StoreError(
            f"the catalogue has schema {version}, made by a newer tangthu; upgrade the program, "
            f"which knows schema {SCHEMA_VERSION}"
        )
    if version is not None and version < 1:
        raise StoreError(f"the catalogue has schema {version}, which never was; restore a backup")
    return version


def refuse_foreign_catalogue(path: Path) -> None:
    """Check that the schema of an SQLite file is one of ours.

    Raises:
        StoreError: it is not, or cannot be read.
    """
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            _inspected_version(connection)
    except SQLAlchemyError as error:
        raise StoreError(f"{path} cannot be read: {driver_message(error)}") from error
    finally:
        engine.dispose()


def _inspected_version(connection: Connection) -> int | None:
    """Return the schema version of a catalogue in which nothing is but what we put there."""
    if not database.is_sqlite(connection):
        return schema_version(connection)
    rows = partial(database.driver_rows, connection)
    # Before any other statement: a view in a table's place could hang it.
    problems = inspect_objects(rows)
    version = None if problems else schema_version(connection)
    if version is not None:
        problems = inspect_completeness(rows, version)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise StoreError(f"the catalogue is not ours: {problems[0]}{more}; restore a backup")
    return version


def migrate(engine: Engine) -> None:
    """Bring the catalogue to today's schema; the caller holds the writer lock.

    Raises:
        StoreError: the copy or a step cannot be written; what was finished stays.
    """
    with engine.connect() as connection:
        version = schema_version(connection) or SCHEMA_VERSION
    if version == SCHEMA_VERSION:
        return
    causes = (OSError, sqlite3.Error, SQLAlchemyError)
    with write_failures_as(StoreError, "the migrated catalogue", causes):
        _leave_copy(engine, version)
        for number in range(version + 1, SCHEMA_VERSION + 1):
            with database.transaction(engine) as connection:
                STEPS[number](connection)
                connection.execute(tables.about.update().values(schema_version=number))
                _record(connection, number)


def create_tables(engine: Engine) -> None:
    """Create all tables in one transaction, unless another process did so meanwhile.

    Raises:
        StoreError: the database does not keep every letter.
    """
    with database.transaction(engine) as connection:
        if not database.is_sqlite(connection):
            # Imported here: most archives are on SQLite.
            from archive.catalogue.postgresql import require_utf8

            require_utf8(connection)
        tables.METADATA.create_all(connection)
        if connection.execute(select(tables.about.c.schema_version)).scalar() is None:
            connection.execute(tables.about.insert().values(schema_version=SCHEMA_VERSION))
            state = {"number": 1, "owner": "", "owner_place": "", "articles": 0}
            connection.execute(tables.archive_state.insert().values(**state))
            _record(connection, SCHEMA_VERSION)


def _record(connection: Connection, version: int) -> None:
    """Write into the history that the catalogue has a schema version now."""
    row = {"version": version, "applied": utc_now().isoformat()}
    program = package_version("tangthu")
    connection.execute(tables.schema_history.insert().values(**row, program=program))


def _leave_copy(engine: Engine, version: int) -> None:
    """Copy an SQLite catalogue beside itself; an earlier copy is never overwritten.

    A copy with the same bytes, which a killed migration left, is used again.
    """
    if not database.is_sqlite(engine) or not engine.url.database:
        return
    path = Path(engine.url.database)
    temporary = path.with_name(f".{path.name}.v{version}.bak.new")
    temporary.unlink(missing_ok=True)
    try:
        database.copy_catalogue(path, temporary)
        for number in count(1):
            suffix = f".{number}" if number > 1 else ""
            copy = path.with_name(f"{path.name}.v{version}{suffix}.bak")
            if not copy.exists():
                move_into_place(temporary, copy)
                return
            if file_digest(copy) == file_digest(temporary):
                return
    finally:
        temporary.unlink(missing_ok=True)
