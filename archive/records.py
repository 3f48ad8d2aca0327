"""The records of an article: frozen, with their identifiers and their digests."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from typing import Annotated, Any, cast
from urllib.parse import urlsplit, urlunsplit

import msgspec

from archive.captured_picture import CapturedPicture
from archive.document_account import DocumentAccount, ReadingState
from archive.errors import DamagedError
from archive.files.json_records import decode_json_record
from archive.legal_record import LegalDocument

IDENTIFIER_LENGTH = 20
"""Hexadecimal digits of an identifier: 80 bits, collisions are out of reach for 10^9 articles."""

LONGEST_HEADLINE = 25
"""Words of a title; 99.9 % of 37,000 headlines have no more."""

_SHOWN_WORDS = 12
"""Words by which an article without a title is named."""

_SHOWN_LENGTH = 120
"""Characters of those words, at most."""

_OPENING_LENGTH = 200
"""Characters of a first paragraph that stand for a missing lead."""

CORRECTABLE = ("title", "lead", "authors", "publisher", "category", "published", "url", "language")
"""The fields of an article that an operator may correct."""

_MOMENTS = ("published", "captured")
_ORIGIN_FIELDS = ("source", "reader", "reader_version")
_UNSEEN_FIELDS = "account encoding legal cited_numbers pictures is_language_detected".split()
_LATER_FIELDS = ("published_precision", *_UNSEEN_FIELDS)
"""Fields that records of older programs lack; where they are empty they are not written."""

_NO_ORIGIN = dict(zip(_ORIGIN_FIELDS, ("", "", 0), strict=True))
_UNSEEN_VALUES = {"identifier": "", "captured": None, "digest": "", "origin": _NO_ORIGIN}
"""What the digest of a text leaves out: fields, and the values of those that each record has."""

_UNNAMED_LANGUAGE = "vi"
"""The language in the digest of a text whose document names none.

Older programs took each for Vietnamese; digests, and the identifiers made of them, stay theirs.
"""

_PRECISION_LENGTHS = {"year": 4, "month": 7, "day": 10}

StatedMoment = Annotated[
    datetime,
    msgspec.Meta(
        description="ISO 8601: a moment with its zone, or `2022-12-19`, `2022-12`, `2022` alone.",
        extra_json_schema={"format": "iso-8601"},
    ),
]
"""A date of publication, which may have no time of the day."""


HasTitle = Annotated[
    bool,
    msgspec.Meta(description="False where `title` is the first words, in square brackets."),
]
"""Whether an article has a title of its own."""


ReadState = Annotated[
    str,
    msgspec.Meta(description=f"How far the document was read: {', '.join(ReadingState)}."),
]
"""How far the document of an article could be read."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """The speaker of a section: rank `Đại tá`, name `Ngô Thanh Bình`, role `Giám đốc …`."""

    name: str
    rank: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A run of paragraphs under one heading; its anchor is `s<number>`, counted from 1.

    Attributes:
        locator: The place in the original as people cite it (`trang 12`); empty where it has none.
        page: The page of the original that it begins on, counted from 1; 0 where that is unknown.
    """

    paragraphs: tuple[str, ...]
    heading: str = ""
    speaker: Speaker | None = None
    locator: str = ""
    page: int = 0

    @property
    def heading_line(self) -> str:
        """The heading as a page shows it: `rank name, role: heading`."""
        if self.speaker is None:
            return self.heading
        speaker = f"{self.speaker.rank} {self.speaker.name}".strip()
        speaker = f"{speaker}, {self.speaker.role}" if self.speaker.role else speaker
        return f"{speaker}: {self.heading}" if self.heading else speaker


@dataclass(frozen=True, slots=True)
class Caption:
    """The text under a picture, kept once however often the page repeats it."""

    text: str
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """The source that an article was read from, and the reader that read it.

    Attributes:
        source: Its place; members of containers are parted by `!` (`thu.mbox!1!a.zip!b.docx`).
        parent: The SHA-256 of the kept original that it was a part of; empty where of none.
    """

    source: str
    reader: str
    reader_version: int
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One version of one article, in canonical text.

    `digest` is the SHA-256 of the original's bytes (hexadecimal); the store fills `identifier`
    and `digest` in when they are empty. `published` and `captured` carry a zone. `account` is None
    where the reader had nothing to count.

    Attributes:
        title: Empty where it has none of its own; `shown_title` is never empty.
        published_precision: What is known of `published`: `day`, `month` or `year`, and then it
            has no time of the day; empty where it has one.
        encoding: The encoding of the original, where an operator said it or it was recognised as
            a legacy one (`TCVN3`; of a document with several fonts `TCVN3, VNI`).
        language: The label of its language (`vi`); empty where unknown.
        is_language_detected: Whether its document names none, and its text was asked for it.
        legal: The record of a legal document; None for any other article.
        cited_numbers: The numbers of legal documents that it cites, each once, in order.
        pictures: The pictures that its page shows in it.
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
    published: StatedMoment | None = None
    captured: datetime | None = None
    digest: str = ""
    language: str = ""
    is_language_detected: bool = False
    account: DocumentAccount | None = None
    published_precision: str = ""
    encoding: str = ""
    legal: LegalDocument | None = None
    cited_numbers: tuple[str, ...] = ()
    pictures: tuple[CapturedPicture, ...] = ()

    @property
    def has_title(self) -> bool:
        """Whether the article has a title of its own."""
        return bool(self.title)

    @property
    def shown_title(self) -> str:
        """The title; of an article without one its first words, as in catalogues: `[Sáng nay …]`.

        They name it and are no headline.
        """
        if self.title:
            return self.title
        opening = self.lead or self.opening
        first = " ".join(opening.split()[:_SHOWN_WORDS])[:_SHOWN_LENGTH].rstrip(" ,;:.…-–")
        return f"[{first} …]" if first else "[…]"

    @property
    def opening(self) -> str:
        """The beginning of the first paragraph, or of the first text of another kind."""
        paragraphs = (text for section in self.sections for text in section.paragraphs)
        others = [section.heading_line for section in self.sections]
        others += [caption.text for caption in self.captions]
        return next(filter(None, chain(paragraphs, others)), "")[:_OPENING_LENGTH]

    @property
    def stated_encoding(self) -> str:
        """The encoding that an operator said; empty where none did."""
        is_detected = self.account is not None and self.account.is_encoding_detected
        return "" if is_detected else self.encoding

    @property
    def reading_state(self) -> str:
        """How far its document could be read: a `ReadingState`."""
        state = self.account.state if self.account else ""
        return state or ReadingState.COMPLETE

    @property
    def published_text(self) -> str:
        """The date of publication in ISO 8601, as precisely as it is stated; empty if unknown."""
        return iso_date(self.published, self.published_precision) if self.published else ""

    @property
    def people(self) -> tuple[str, ...]:
        """The names of the speakers, each once, in order."""
        names = (section.speaker.name for section in self.sections if section.speaker)
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class WarcLocation:
    """The place of a WARC record: file name, offset of its gzip member, the member's length."""

    file: str
    offset: int
    length: int


class ChangeKind(StrEnum):
    """The kinds of change to an article."""

    ADDED = "added"
    CHANGED = "changed"
    DELETED = "deleted"
    UNCHANGED = "unchanged"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Change:
    """One step in the sequence of changes; an UNCHANGED one names the step of its version.

    A WITHHELD one is none: the operator removed or hid the article, and it was not added.
    """

    sequence: int
    identifier: str
    version: int
    kind: ChangeKind


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article and the place of its original; `captured` is ISO 8601."""

    number: int
    sequence: int
    captured: str
    digest: str
    text_digest: str
    origin: Origin
    location: WarcLocation


def iso_date(moment: datetime, precision: str) -> str:
    """Return a date in ISO 8601 as precisely as it is stated.

    Args:
        moment: Its earliest moment.
        precision: `year`, `month` or `day`; empty where it has a time of the day.
    """
    text = moment.isoformat()
    return text[: _PRECISION_LENGTHS.get(precision, len(text))]


def sha256(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@lru_cache(maxsize=256)
def canonical_url(url: str) -> str:
    """Return the canonical form of an http(s) address; of any other, the empty string.

    Fragment, tracking parameters, default port and the letter case of the host are left out.
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
    parameters = [
        pair
        for pair in parts.query.split("&")
        if pair and not pair.lower().startswith(("utm_", "fbclid=", "gclid="))
    ]
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", "&".join(parameters), ""))


def text_digest(article: Article) -> str:
    """Return the SHA-256 of what a reader of the article sees; it tells whether the text changed.

    Where it was read from, when, how, and the bytes of the original are left out.
    """
    record = _record_of(article)
    for name in _UNSEEN_FIELDS:
        record.pop(name, None)
    for section in record["sections"]:
        section.pop("page", None)
    if article.is_language_detected:
        record["language"] = _UNNAMED_LANGUAGE
    return sha256(msgspec.json.encode(record | _UNSEEN_VALUES, order="sorted"))


def to_json(article: Article) -> str:
    """Return the article as JSON with sorted keys and dates in ISO 8601; digests need its bytes."""
    return msgspec.json.encode(_record_of(article), order="sorted").decode()


def to_dict(article: Article) -> dict[str, Any]:
    """Return the article as plain JSON values; dates in ISO 8601."""
    return cast("dict[str, Any]", msgspec.to_builtins(_record_of(article)))


def _record_of(article: Article) -> dict[str, Any]:
    record = {name: getattr(article, name) for name in Article.__slots__}
    for name in _MOMENTS:
        record[name] = record[name] and record[name].isoformat()
    for name in _LATER_FIELDS:
        if not record[name]:
            del record[name]
    if not article.origin.parent:
        record["origin"] = {name: getattr(article.origin, name) for name in _ORIGIN_FIELDS}
    record["sections"] = [_section_record(section) for section in article.sections]
    return record


def _section_record(section: Section) -> dict[str, Any]:
    record: dict[str, Any] = {
        "paragraphs": section.paragraphs,
        "heading": section.heading,
        "speaker": section.speaker,
    }
    if section.locator:
        record["locator"] = section.locator
    if section.page:
        record["page"] = section.page
    return record


def from_json(text: bytes | str) -> Article:
    """Return the article that `to_json` wrote.

    Raises:
        DamagedError: the text is not such a record.
    """
    try:
        record = decode_json_record(text, dict[str, Any])
        for name in _MOMENTS:
            # The decoder's own dates know no zone with seconds (Hanoi before 1911: +07:06:30).
            record[name] = record[name] and datetime.fromisoformat(record[name])
        return msgspec.convert(record, Article)
    except (DamagedError, msgspec.ValidationError, ValueError, KeyError, TypeError) as error:
        raise DamagedError(
            f"a kept article cannot be read back ({error}); run `tangthu verify`"
        ) from error


def utc_now() -> datetime:
    """Return this moment, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
