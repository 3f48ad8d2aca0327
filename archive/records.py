"""What an article is: frozen records, their identifiers and their digests."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from archive.errors import DamagedError

IDENTIFIER_LENGTH = 20
"""Hexadecimal digits of an identifier: 80 bits, collisions are out of reach for 10^9 articles."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whoever speaks in a section: rank `Đại tá`, name `Ngô Thanh Bình`, role `Giám đốc …`."""

    name: str
    rank: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A run of paragraphs under one heading; its anchor is `s<number>`, counted from 1."""

    paragraphs: tuple[str, ...]
    heading: str = ""
    speaker: Speaker | None = None

    @property
    def heading_line(self) -> str:
        """The heading as pages show it: `rank name, role: heading`."""
        if self.speaker is None:
            return self.heading
        who = f"{self.speaker.rank} {self.speaker.name}".strip()
        who = f"{who}, {self.speaker.role}" if self.speaker.role else who
        return f"{who}: {self.heading}" if self.heading else who


@dataclass(frozen=True, slots=True)
class Caption:
    """The text under a picture, kept once however often the page repeats it."""

    text: str
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article was read from, and what read it."""

    source: str
    reader: str
    reader_version: int


@dataclass(frozen=True, slots=True)
class Article:
    """One version of one article, in canonical text.

    `digest` is the SHA-256 of the original's bytes (hexadecimal); the store fills `identifier`
    and `digest` in when they are empty. `published` and `captured` carry a zone.
    """

    title: str
    origin: Origin
    identifier: str = ""
    external_id: str = ""
    url: str = ""
    publisher: str = ""
    lead: str = ""
    sections: tuple[Section, ...] = ()
    captions: tuple[Caption, ...] = ()
    authors: tuple[str, ...] = ()
    category: str = ""
    published: datetime | None = None
    captured: datetime | None = None
    digest: str = ""
    language: str = "vi"

    @property
    def people(self) -> tuple[str, ...]:
        """The names of those who speak, each once, in order."""
        names = (section.speaker.name for section in self.sections if section.speaker)
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class WarcLocation:
    """Where a record is: file name, offset of its gzip member, and the member's length."""

    file: str
    offset: int
    length: int


class ChangeKind(StrEnum):
    """What happened to an article."""

    ADDED = "added"
    CHANGED = "changed"
    DELETED = "deleted"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """One step of the sequence; an UNCHANGED one names the step that made the version."""

    sequence: int
    identifier: str
    version: int
    kind: ChangeKind


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article and where its original is; `captured` is ISO 8601."""

    number: int
    sequence: int
    captured: str
    digest: str
    text_digest: str
    origin: Origin
    location: WarcLocation


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def canonical_url(url: str) -> str:
    """The address without fragment, tracking parameters, default port or letter case of the host.

    Anything that is no http(s) address gives the empty string.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return ""
    host = parts.hostname.lower()
    if port and port not in (80, 443):
        host = f"{host}:{port}"
    kept = [
        pair
        for pair in parts.query.split("&")
        if pair and not pair.lower().startswith(("utm_", "fbclid=", "gclid="))
    ]
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", "&".join(kept), ""))


def identifier_of(article: Article) -> str:
    """The stable identifier: from the address, else the external id, else the text itself."""
    address = canonical_url(article.url)
    if address:
        # One page under http and https is one article.
        key = "url:" + address.partition("://")[2]
    elif article.external_id:
        key = f"id:{article.publisher}:{article.external_id}"
    else:
        key = "text:" + text_digest(article)
    return sha256(key.encode())[:IDENTIFIER_LENGTH]


def text_digest(article: Article) -> str:
    """The SHA-256 of what a reader sees, whatever the bytes were: did the text change?"""
    bare = Origin("", "", 0)
    shown = replace(article, identifier="", captured=None, digest="", origin=bare)
    return sha256(to_json(shown).encode())


def to_json(article: Article) -> str:
    """The article as JSON with stable keys; dates in ISO 8601."""
    return json.dumps(to_dict(article), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def to_dict(article: Article) -> dict[str, Any]:
    """The article as plain JSON values; dates in ISO 8601."""
    record = asdict(article)
    for name in ("published", "captured"):
        moment = record[name]
        record[name] = moment.isoformat() if moment else None
    return record


def from_json(text: str) -> Article:
    """The article that `to_json` wrote.

    Raises:
        DamagedError: the text is not such a record.
    """
    try:
        return _from_record(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedError(
            f"a kept article cannot be read back ({error}); run `tangthu verify`"
        ) from error


def _from_record(record: dict[str, Any]) -> Article:
    sections = tuple(
        Section(
            paragraphs=tuple(section["paragraphs"]),
            heading=section["heading"],
            speaker=Speaker(**section["speaker"]) if section["speaker"] else None,
        )
        for section in record.pop("sections")
    )
    return Article(
        sections=sections,
        captions=tuple(Caption(**caption) for caption in record.pop("captions")),
        authors=tuple(record.pop("authors")),
        origin=Origin(**record.pop("origin")),
        published=_moment(record.pop("published")),
        captured=_moment(record.pop("captured")),
        **record,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def utc_now() -> datetime:
    """This moment, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
