"""The SQL tables: articles, their versions, and the one sequence of changes."""

from __future__ import annotations

import zlib
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    TypeDecorator,
    func,
    select,
)
from sqlalchemy.types import TypeEngine

from archive.errors import DamagedError
from archive.files.deflate import deflate, inflate
from archive.records import Article, from_json, to_json
from archive.storable_texts import storable

CONTENT_LIMIT = 256 << 20
"""Bytes that one article's record may unfold to."""

SOURCE_LIMIT = 4096
"""Characters of an article's source that are kept in a column of their own."""

_ACCOUNT_KEY = b'{"account":{'

METADATA = MetaData()


class Name(TypeDecorator[str]):
    """The type of texts by which rows are found and ordered: byte by byte on every database.

    What somebody types, and no database could keep, is equal to none of them.
    """

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type for a database."""
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(self.length, collation=collation))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return a value as it can be sent to a database."""
        return storable(value) if isinstance(value, str) else value


about = Table("about", METADATA, Column("schema_version", Integer, primary_key=True))
"""One row: the schema version, which every version of the program looks at first."""

schema_history = Table(
    "schema_history",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("applied", String(40), nullable=False),
    Column("program", String(64), nullable=False),
)
"""Since schema 2: when a catalogue was created or migrated, and by which tangthu."""

articles = Table(
    "articles",
    METADATA,
    Column("identifier", Name(64), primary_key=True),
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
    Column("identifier", Name(64), ForeignKey("articles.identifier"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    Column("text_digest", String(64), nullable=False),
    Column("captured", String(40), nullable=False),
    Column("source", String(SOURCE_LIMIT), nullable=False),
    Column("reader", String(64), nullable=False),
    Column("reader_version", Integer, nullable=False),
    Column("warc_file", Name(255), nullable=False),
    Column("warc_offset", BigInteger, nullable=False),
    Column("warc_length", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("identifier", "version"),
    Index("versions_by_place", "warc_file", "warc_offset"),
)
"""Every version of every article; `content` is the article's JSON, deflated."""

article_keys = Table(
    "article_keys",
    METADATA,
    Column("lookup_key", Name(20), nullable=False),
    Column("identifier", Name(64), ForeignKey("articles.identifier"), nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("lookup_key", "identifier", "version"),
)
"""Since schema 3: the keys of every version's address and external identifier (`lookup_keys`)."""

tombstones = Table(
    "tombstones",
    METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("identifier", Name(64), ForeignKey("articles.identifier"), nullable=False),
    Column("version", Integer, nullable=False),
)
"""The deletions in the sequence of changes."""

operations = Table(
    "operations",
    METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("identifier", Name(64), ForeignKey("articles.identifier"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("reason", String(2000), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("made", String(40), nullable=False),
    Column("due", String(40), nullable=False),
    Column("changes", String(100000), nullable=False),
    Index("operations_by_article", "identifier"),
)
"""Since schema 5: what the operator did to articles (`operations.py`); version 0 is all of them."""

withheld_originals = Table(
    "withheld_originals",
    METADATA,
    Column("identifier", Name(64), ForeignKey("articles.identifier"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("withheld", Boolean, nullable=False),
    Column("destroyed", Boolean, nullable=False),
    PrimaryKeyConstraint("identifier", "digest"),
)
"""Since schema 5: the originals of what was removed; `destroyed` ones are tombstones now."""

archive_state = Table(
    "archive_state",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("owner", String(64), nullable=False),
    Column("owner_place", String(1000), nullable=False),
    Column("articles", BigInteger, nullable=False),
)
"""Since schema 7: one row, with the number of the articles that are not deleted.

`owner` is the identity of the home whose originals the catalogue names (`home_identity`); it is
empty for the catalogue in a home. `owner_place` says where that home was, for messages.
"""

origins = Table(
    "origins",
    METADATA,
    Column("origin_key", Name(20), primary_key=True),
    Column("identifier", Name(64), ForeignKey("articles.identifier"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", Name(64), nullable=False),
    Column("captured", Name(40), nullable=False),
    Column("source", String(SOURCE_LIMIT), nullable=False),
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
"""Since schema 8: every original of an article (`origins.py`); `version` is what it says now."""

containers = Table(
    "containers",
    METADATA,
    Column("digest", Name(64), primary_key=True),
    Column("record_digest", String(64), nullable=False),
    Column("source", String(SOURCE_LIMIT), nullable=False),
    Column("media_type", String(255), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("captured", Name(40), nullable=False),
    Column("warc_file", Name(255), nullable=False),
    Column("warc_offset", BigInteger, nullable=False),
    Column("warc_length", BigInteger, nullable=False),
    Index("containers_by_record", "warc_file", "warc_offset"),
)
"""Since schema 8: the files that originals are members of, kept whole or as a description."""

captured_resources = Table(
    "captured_resources",
    METADATA,
    Column("address_key", Name(20), nullable=False),
    Column("captured", Name(40), nullable=False),
    Column("digest", Name(64), nullable=False),
    Column("address", String(SOURCE_LIMIT), nullable=False),
    Column("media_type", String(255), nullable=False),
    Column("status", Integer, nullable=False),
    Column("warc_file", Name(255), nullable=False),
    Column("warc_offset", BigInteger, nullable=False),
    Column("warc_length", BigInteger, nullable=False),
    PrimaryKeyConstraint("address_key", "captured", "digest"),
    Index("captured_resources_by_record", "warc_file", "warc_offset"),
)
"""Since schema 8: what crawls captured, by address and time; `captured` is in UTC."""

pieces = Table(
    "pieces",
    METADATA,
    Column("name", Name(100), primary_key=True),
    Column("warc_file", Name(255), nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("storage", String(1000), nullable=False),
    Column("shipped", String(40), nullable=False),
    Index("pieces_by_place", "warc_file", "start"),
)
"""Since schema 9: the stretches of WARC files that are in an object storage (`pieces.py`)."""

rebuilds = Table(
    "rebuilds",
    METADATA,
    Column("rebuild", Name(64), primary_key=True),
    Column("program", String(64), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("address", String(2000), nullable=False),
)
"""Since schema 10: at most one row, the rebuild whose parts are shared (`rebuild_parts.py`)."""

rebuild_parts = Table(
    "rebuild_parts",
    METADATA,
    Column("rebuild", Name(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("worker", String(200), nullable=False),
    Column("heartbeat", BigInteger, nullable=False),
    Column("documents", BigInteger, nullable=False),
    Column("result", LargeBinary, nullable=False),
    PrimaryKeyConstraint("rebuild", "number"),
)
"""Since schema 10: its parts; `heartbeat` is in seconds of the server's clock, `result` is what the
worker derived, empty where that is in the home.
"""

RECORD_TABLES = (versions, origins, containers, captured_resources)
"""The tables that name WARC records, each by `warc_file`, `warc_offset` and `warc_length`."""

SELECT_COUNT = select(func.count()).where(articles.c.deleted.is_(False))
"""Counts the articles that are not deleted, one by one."""

SELECT_LAST_SEQUENCE = select(func.max(articles.c.sequence))
"""Selects the number of the last change; every page asks for it, and making it takes a while."""


def read_counts(connection: Connection) -> tuple[int, int]:
    """Return how many articles the catalogue says that it has, and how many it has, at once."""
    stated = select(archive_state.c.articles).scalar_subquery()
    row = connection.execute(select(stated, SELECT_COUNT.scalar_subquery())).one()
    return int(row[0]), int(row[1])


def find_contradictions(connection: Connection) -> list[str]:
    """Return the articles whose newest state is not that of their version or tombstone."""
    a, v, t = articles.c, versions.c, tombstones.c
    version = (v.identifier == a.identifier) & (v.version == a.version)
    tombstone = (t.identifier == a.identifier) & (t.version == a.version)
    present = a.kind.in_(["added", "changed"]) & a.deleted.is_(False) & (a.sequence == v.sequence)
    removed = (a.kind == "deleted") & a.deleted.is_(True) & t.sequence.is_not(None)
    query = (
        select(a.identifier)
        .outerjoin(versions, version)
        .outerjoin(tombstones, tombstone & (t.sequence == a.sequence))
        .where(v.identifier.is_(None) | ~(present | removed))
    )
    return list(connection.execute(query).scalars())


def pack_article(article: Article) -> bytes:
    """Return an article's record as the catalogue keeps it: its JSON, deflated."""
    return pack_json(to_json(article).encode())


def pack_json(record: bytes) -> bytes:
    """Return the JSON of a record as the catalogue keeps it."""
    return deflate(record)


def unpack_article(content: bytes) -> Article:
    """Return the article that `pack_article` packed.

    Raises:
        DamagedError: the content is no such record, or unreasonably large.
    """
    try:
        record = inflate(content, CONTENT_LIMIT)
    except ValueError as error:
        raise DamagedError("a kept article is damaged; run `tangthu verify`") from error
    if record is None:
        raise DamagedError("a kept article is cut or too large; run `tangthu verify`")
    return from_json(record)


def has_account(content: bytes) -> bool:
    """Tell whether an article that `pack_article` packed has the account of a document.

    The keys of a record are sorted: a few of its first bytes say it.
    """
    try:
        return zlib.decompressobj().decompress(content, len(_ACCOUNT_KEY)) == _ACCOUNT_KEY
    except (zlib.error, TypeError):
        return False
