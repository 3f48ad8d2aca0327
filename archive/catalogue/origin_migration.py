"""The step to schema 8: origins, containers and captured resources in tables of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Row,
    String,
    Table,
    text,
)

from archive.catalogue.lookup_keys import text_keys
from archive.catalogue.origins import earlier_origin_key, origin_key
from archive.catalogue.tables import Name, unpack_article
from archive.errors import DamagedError
from archive.records import Article, Origin

_METADATA = MetaData()
"""The tables of this step, whatever `archive/catalogue/tables.py` has later."""

Table("articles", _METADATA, Column("identifier", Name(64), primary_key=True))
_origins = Table(
    "origins",
    _METADATA,
    Column("origin_key", Name(20), primary_key=True),
    Column("identifier", Name(64), ForeignKey("articles.identifier"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", Name(64), nullable=False),
    Column("captured", Name(40), nullable=False),
    Column("source", String(4096), nullable=False),
    Column("place", String(20), nullable=False),
    Column("parent", String(64), nullable=False),
    Column("media_type", String(255), nullable=False),
    Column("reader", String(64), nullable=False),
    Column("reader_version", Integer, nullable=False),
    Column("libraries", String(1000), nullable=False),
    Column("warc_file", Name(255), nullable=False),
    Column("warc_offset", BigInteger, nullable=False),
    Column("warc_length", BigInteger, nullable=False),
    Index("origins_by_article", "identifier", "version"),
    Index("origins_by_digest", "digest"),
    Index("origins_by_record", "warc_file", "warc_offset"),
)

_containers = Table(
    "containers",
    _METADATA,
    Column("digest", Name(64), primary_key=True),
    Column("record_digest", String(64), nullable=False),
    Column("source", String(4096), nullable=False),
    Column("media_type", String(255), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("captured", Name(40), nullable=False),
    Column("warc_file", Name(255), nullable=False),
    Column("warc_offset", BigInteger, nullable=False),
    Column("warc_length", BigInteger, nullable=False),
    Index("containers_by_record", "warc_file", "warc_offset"),
)

_captured_resources = Table(
    "captured_resources",
    _METADATA,
    Column("address_key", Name(20), nullable=False),
    Column("captured", Name(40), nullable=False),
    Column("digest", Name(64), nullable=False),
    Column("address", String(4096), nullable=False),
    Column("media_type", String(255), nullable=False),
    Column("status", Integer, nullable=False),
    Column("warc_file", Name(255), nullable=False),
    Column("warc_offset", BigInteger, nullable=False),
    Column("warc_length", BigInteger, nullable=False),
    PrimaryKeyConstraint("address_key", "captured", "digest"),
    Index("captured_resources_by_record", "warc_file", "warc_offset"),
)

_VERSIONS = text(
    "SELECT v.*, a.version AS newest FROM versions v "
    "JOIN articles a ON a.identifier = v.identifier WHERE v.identifier > :identifier OR "
    "(v.identifier = :identifier AND v.version > :version) "
    "ORDER BY v.identifier, v.version LIMIT 500"
)
_INSERT_ORIGIN = text(
    "INSERT INTO origins VALUES (:origin_key, :identifier, :version, :digest, :captured, :source, "
    "'', :parent, '', :reader, :reader_version, '', :warc_file, :warc_offset, :warc_length)"
)
_DELETE_ORIGIN = text("DELETE FROM origins WHERE origin_key = :origin_key")
_IDENTIFIERS = text(
    "SELECT DISTINCT identifier FROM origins WHERE identifier > :last ORDER BY identifier LIMIT 500"
)
_ORIGINS = text("SELECT * FROM origins WHERE identifier >= :first AND identifier <= :last")
_UPDATE_KEY = text("UPDATE origins SET origin_key = :new WHERE origin_key = :old")
_INSERT_KEY = text("INSERT INTO article_keys VALUES (:lookup_key, :identifier, :version)")
_DELETE_KEY = text(
    "DELETE FROM article_keys WHERE lookup_key = :lookup_key AND identifier = :identifier "
    "AND version = :version"
)
_COLUMNS = (
    *("identifier", "version", "digest", "captured", "source", "reader", "reader_version"),
    *("warc_file", "warc_offset", "warc_length"),
)


def add_origins(connection: Connection) -> None:
    """Add the tables, the origin of every version, and the keys of the newest versions' words.

    Of several versions that were read from one original, the newest has it.
    """
    for table in (_origins, _containers, _captured_resources):
        table.create(connection)
    last = {"identifier": "", "version": 0}
    while rows := connection.execute(_VERSIONS, last).all():
        last = {"identifier": rows[-1].identifier, "version": rows[-1].version}
        origins: dict[str, dict[str, Any]] = {}
        keys: list[dict[str, Any]] = []
        for row in rows:
            article = _article_in(row.content)
            origin = _origin_of(row, article)
            origins[origin["origin_key"]] = origin
            if row.version == row.newest:
                keys += _keys_of(row, article)
        connection.execute(_DELETE_ORIGIN, [{"origin_key": key} for key in origins])
        connection.execute(_INSERT_ORIGIN, list(origins.values()))
        if keys:
            connection.execute(_DELETE_KEY, keys)
            connection.execute(_INSERT_KEY, keys)
    _sum_origins(connection)


def _sum_origins(connection: Connection) -> None:
    """Give every origin the key that its row adds up to."""
    last = ""
    while names := connection.execute(_IDENTIFIERS, {"last": last}).scalars().all():
        rows = connection.execute(_ORIGINS, {"first": names[0], "last": names[-1]}).all()
        last = names[-1]
        keys = [{"old": row.origin_key, "new": origin_key(row._asdict())} for row in rows]
        connection.execute(_UPDATE_KEY, keys)


def _origin_of(row: Row[Any], article: Article) -> dict[str, Any]:
    columns = {name: row._mapping[name] for name in _COLUMNS}
    key = earlier_origin_key(row.identifier, row.digest, row.source, "")
    return {**columns, "origin_key": key, "parent": article.origin.parent[:64]}


def _keys_of(row: Row[Any], article: Article) -> Iterator[dict[str, Any]]:
    for key in text_keys(article).own:
        yield {"lookup_key": key, "identifier": row.identifier, "version": row.version}


def _article_in(content: bytes) -> Article:
    """Return the article of a version; an empty one for a damaged one, which `verify` names."""
    try:
        return unpack_article(content)
    except DamagedError:
        return Article(title="", origin=Origin("", "", 0))
