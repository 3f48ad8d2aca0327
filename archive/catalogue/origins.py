"""The origins of an article: every original that it was read from, or that says the same.

A document whose text is that of an article already is one more origin of its version, not a new
version: its bytes are kept, with where, when and by which reader they were read. The same bytes
found at another place share one WARC record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, inspect, select

from archive.catalogue import tables
from archive.records import Origin, Version, WarcLocation, sha256

ORIGIN_KEY_LENGTH = 20
"""Hexadecimal digits of the key of an origin."""

_SUMMED = (
    *("identifier", "digest", "captured", "source", "place", "parent"),
    *("media_type", "reader", "reader_version", "libraries"),
)
"""The columns whose sum is the key: all but the version, which moves on, and the record's place."""


@dataclass(frozen=True, slots=True)
class ArticleOrigin:
    """One original of an article.

    Attributes:
        version: The newest version that says what was read from it.
        digest: The SHA-256 of its bytes.
        captured: When it was captured, in ISO 8601.
        origin: Its place, the reader that read it, and what it was a part of.
        media_type: What its bytes were sniffed as; empty where an older program kept it.
        libraries: The names and versions of what the reader read it with.
        location: Its WARC record.
    """

    version: int
    digest: str
    captured: str
    origin: Origin
    media_type: str
    libraries: str
    location: WarcLocation


def origin_key(row: Mapping[str, Any]) -> str:
    """Return the key of a row of origins: the sum of what it says, so that no change hides."""
    text = "\x00".join(str(row[name]) for name in _SUMMED)
    return sha256(text.encode("utf-8", "surrogatepass"))[:ORIGIN_KEY_LENGTH]


def earlier_origin_key(identifier: str, digest: str, source: str, place: str) -> str:
    """Return the key that older programs gave an origin, which its place alone is in."""
    name = f"{identifier}\x00{digest}\x00{place or source}"
    return sha256(name.encode("utf-8", "surrogatepass"))[:ORIGIN_KEY_LENGTH]


def is_origin_as_kept(row: Row[Any]) -> bool:
    """Tell whether a row of origins says what it said when it was written."""
    earlier = earlier_origin_key(row.identifier, row.digest, row.source, row.place)
    return row.origin_key in (origin_key(row._asdict()), earlier)


def renew_origin_keys(connection: Connection, where: ColumnElement[bool]) -> None:
    """Give rows of origins that were changed on purpose their new keys."""
    table = tables.origins
    for row in connection.execute(select(table).where(where)).all():
        key = origin_key(row._asdict())
        mine = table.c.origin_key == row.origin_key
        connection.execute(table.update().where(mine).values(origin_key=key))


def find_origins(connection: Connection, identifier: str) -> list[ArticleOrigin]:
    """Return every origin of an article, in the order of versions and of capture."""
    table = tables.origins
    # A catalogue of schema 7 that is only read has none.
    if not inspect(connection).has_table(table.name):
        return []
    query = select(table).where(table.c.identifier == identifier)
    order = (table.c.version, table.c.captured, table.c.origin_key)
    return [to_origin(row) for row in connection.execute(query.order_by(*order))]


def count_origins(connection: Connection) -> int:
    """Return the number of origins of articles that are there."""
    a, o = tables.articles.c, tables.origins
    if not inspect(connection).has_table(o.name):
        return 0
    query = select(func.count()).select_from(
        o.join(tables.articles, (o.c.identifier == a.identifier) & a.deleted.is_(False))
    )
    return int(connection.execute(query).scalar() or 0)


def find_stray_origins(connection: Connection) -> list[str]:
    """Return the articles with an origin of no version, or whose newest version has no origin."""
    a, v, o = tables.articles.c, tables.versions.c, tables.origins
    if not inspect(connection).has_table(o.name):
        return []
    stray = (
        select(o.c.identifier)
        .outerjoin(tables.versions, (v.identifier == o.c.identifier) & (v.version == o.c.version))
        .where(v.identifier.is_(None))
    )
    without = (
        select(a.identifier)
        .outerjoin(o, (o.c.identifier == a.identifier) & (o.c.version == a.version))
        .where(o.c.identifier.is_(None))
    )
    return sorted({*connection.execute(stray).scalars(), *connection.execute(without).scalars()})


def to_origin(row: Row[Any]) -> ArticleOrigin:
    """Return the origin of a row of origins."""
    return ArticleOrigin(
        version=row.version,
        digest=row.digest,
        captured=row.captured,
        origin=Origin(row.source, row.reader, row.reader_version, row.parent),
        media_type=row.media_type,
        libraries=row.libraries,
        location=WarcLocation(row.warc_file, row.warc_offset, row.warc_length),
    )


def origin_of_version(version: Version) -> ArticleOrigin:
    """Return the origin of a version, as the catalogue of an older program knows it."""
    return ArticleOrigin(
        version.number, version.digest, version.captured, version.origin, "", "", version.location
    )
