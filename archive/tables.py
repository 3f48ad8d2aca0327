"""The SQL tables: articles, their versions, and the one sequence of changes."""

from __future__ import annotations

import zlib
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    create_engine,
    event,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from archive.errors import DamagedError, StoreError
from archive.records import Article, from_json, to_json

SCHEMA_VERSION = 1
"""Raised when the tables change; a catalogue of another version is refused."""

CONTENT_LIMIT = 256 << 20
"""Bytes that one article's record may unfold to."""

SOURCE_LIMIT = 4096
"""Characters of an article's source that stand beside its record."""

_MOST_TOLD = 20

METADATA = MetaData()

about = Table("about", METADATA, Column("schema_version", Integer, primary_key=True))

articles = Table(
    "articles",
    METADATA,
    Column("identifier", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("deleted", Boolean, nullable=False),
    Index("articles_by_sequence", "sequence"),
)
"""The newest state of each article; `sequence` is its latest change."""

versions = Table(
    "versions",
    METADATA,
    Column("identifier", String(64), ForeignKey("articles.identifier"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    Column("text_digest", String(64), nullable=False),
    Column("captured", String(40), nullable=False),
    Column("source", String(SOURCE_LIMIT), nullable=False),
    Column("reader", String(64), nullable=False),
    Column("reader_version", Integer, nullable=False),
    Column("warc_file", String(255), nullable=False),
    Column("warc_offset", BigInteger, nullable=False),
    Column("warc_length", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("identifier", "version"),
    Index("versions_by_place", "warc_file", "warc_offset"),
)
"""Every version of every article; `content` is the article's JSON, deflated."""

tombstones = Table(
    "tombstones",
    METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("identifier", String(64), ForeignKey("articles.identifier"), nullable=False),
    Column("version", Integer, nullable=False),
)
"""The deletions in the sequence of changes."""


def open_catalogue(home: Path, url: str | None) -> Engine:
    """Open the catalogue, made when it is not there; SQLite in the home unless a URL says else.

    Raises:
        StoreError: it cannot be opened or is of another schema version.
    """
    engine = create_engine(url or f"sqlite:///{home / 'catalogue.sqlite'}")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    try:
        with engine.begin() as connection:
            METADATA.create_all(connection)
            _check_version(connection)
    except (SQLAlchemyError, UnicodeDecodeError) as error:
        # Damage can make the driver fail at its own message.
        reason = getattr(error, "orig", None) or error
        raise StoreError(f"the catalogue cannot be opened: {reason}") from error
    return engine


def _prepare_sqlite(connection: object, _: object) -> None:
    """Write-ahead log, every commit on disk, and patience with another process's commit."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _check_version(connection: Connection) -> None:
    found = connection.execute(select(about.c.schema_version)).scalar()
    if found is None:
        connection.execute(about.insert().values(schema_version=SCHEMA_VERSION))
    elif found != SCHEMA_VERSION:
        raise StoreError(
            f"the catalogue has schema {found}, this program knows {SCHEMA_VERSION}; "
            "use the version of tangthu that made it"
        )


def find_damage(engine: Engine) -> list[str]:
    """What is torn in the database itself, in its own words; only SQLite can tell."""
    if engine.dialect.name != "sqlite":
        return []
    try:
        with engine.connect() as connection:
            found = connection.execute(text(f"PRAGMA integrity_check({_MOST_TOLD})")).scalars()
            return [str(line) for line in found if line != "ok"]
    except (SQLAlchemyError, UnicodeDecodeError) as error:
        return [str(getattr(error, "orig", None) or error)]


def find_contradictions(connection: Connection) -> list[str]:
    """The articles whose newest state is not what their version or tombstone says."""
    a, v, t = articles.c, versions.c, tombstones.c
    version = (v.identifier == a.identifier) & (v.version == a.version)
    tombstone = (t.identifier == a.identifier) & (t.version == a.version)
    alive = a.kind.in_(["added", "changed"]) & a.deleted.is_(False) & (a.sequence == v.sequence)
    gone = (a.kind == "deleted") & a.deleted.is_(True) & t.sequence.is_not(None)
    query = (
        select(a.identifier)
        .outerjoin(versions, version)
        .outerjoin(tombstones, tombstone & (t.sequence == a.sequence))
        .where(v.identifier.is_(None) | ~(alive | gone))
    )
    return list(connection.execute(query).scalars())


def pack_article(article: Article) -> bytes:
    """An article as it stands in the catalogue."""
    return zlib.compress(to_json(article).encode())


def unpack_article(content: bytes) -> Article:
    """The article that `pack_article` made.

    Raises:
        DamagedError: the content is no such record, or unreasonably large.
    """
    inflate = zlib.decompressobj()
    try:
        record = inflate.decompress(content, CONTENT_LIMIT)
    except zlib.error as error:
        raise DamagedError("a kept article is damaged; run `tangthu verify`") from error
    if not inflate.eof:
        raise DamagedError("a kept article is cut or too large; run `tangthu verify`")
    try:
        return from_json(record.decode())
    except UnicodeDecodeError as error:
        raise DamagedError("a kept article is damaged; run `tangthu verify`") from error
