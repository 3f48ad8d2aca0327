"""Prepared articles: all that keeping one needs but its place in the order of the changes.

Whoever prepares needs no archive: workers can do it, and the writer only puts the bytes in place.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from archive.article_identifiers import identifier_of
from archive.catalogue.lookup_keys import keys_of, text_keys
from archive.catalogue.origins import origin_key
from archive.catalogue.tables import SOURCE_LIMIT, pack_json
from archive.originals.warc_dates import warc_date
from archive.originals.warc_records import (
    UNKNOWN_TYPE,
    RecordHead,
    original_uri,
    pack_record,
    record_id_of,
    unpack_record,
)
from archive.records import (
    Article,
    WarcLocation,
    canonical_url,
    from_json,
    sha256,
    text_digest,
    to_dict,
    to_json,
    utc_now,
)
from archive.storable_texts import storable

_PAGES = ("text/html", "application/xhtml+xml")
_WITH_MEMBERS = ("message/rfc822", "application/vnd.ms-outlook")
"""Media types of originals that are articles and have members."""


class OriginDescription(msgspec.Struct, frozen=True):
    """The description of an original, beside its article.

    Attributes:
        place: The key of the place of its document (`place_key`); empty where it has none.
        media_type: What its bytes were sniffed as.
        libraries: The names and versions of what its reader read it with.
        captured_at: The address of the crawl's answer that it came in, which is kept as it is.
        linked_place: The key of the place that `place` leads to, where it goes through links.
    """

    place: str = ""
    media_type: str = ""
    libraries: str = ""
    captured_at: str = ""
    linked_place: str = ""


class PreparedArticle(msgspec.Struct, frozen=True):
    """An article whose identifier and digests are known.

    Attributes:
        captured: When its original was captured, in ISO 8601.
        keys: The keys by which it is looked up.
        place: The key of the place of its document, where it has no name of its own.
        description: What is known of its original beside.
        parent: The SHA-256 of what the original was a part of; empty where of nothing.
        is_by_text: Whether its identifier only stands for its text.
        words: The keys of articles that say the same, where its identifier stands for its text.
        is_known_text: Whether the article of its identifier says the same already.
        record: Its JSON.
        original: The bytes that it was read from; empty once they are in `member`.
        content: The record, deflated; empty until it is packed.
        member: The WARC record of the original; empty until it is packed.
    """

    identifier: str
    digest: str
    text_digest: str
    captured: str
    url: str
    source: str
    reader: str
    reader_version: int
    keys: tuple[str, ...]
    record: bytes
    place: str = ""
    description: OriginDescription = OriginDescription()
    parent: str = ""
    is_by_text: bool = False
    words: tuple[str, ...] = ()
    is_known_text: bool = False
    original: bytes = b""
    content: bytes = b""
    member: bytes = b""

    @property
    def places(self) -> tuple[str, ...]:
        """The keys of its places, its own first; none where it has a name of its own."""
        keys = (self.place, self.description.linked_place) if self.place else ()
        return tuple(filter(None, keys))

    def packed(self) -> PreparedArticle:
        """Return the article with record and original as they are kept.

        Raises:
            StoreError: the original is too large.
        """
        if self.content:
            return self
        content = pack_json(self.record)
        if self.description.captured_at:
            # The crawl's own record has it.
            return msgspec.structs.replace(self, record=b"", content=content)
        return msgspec.structs.replace(
            self, record=b"", original=b"", content=content, member=self.pack_original()
        )

    def pack_original(self) -> bytes:
        """Return the record of the original, which says what it is and what it belongs to.

        Only a page has the page's address.

        Raises:
            StoreError: the original is too large.
        """
        if self.member:
            return self.member
        media_type = self.description.media_type or UNKNOWN_TYPE
        is_page = bool(self.url) and self.description.media_type in _PAGES
        belongs_to = original_uri(self.parent) if self.parent else ""
        head = RecordHead(
            uri=self.url if is_page else original_uri(self.digest),
            moment=warc_date(datetime.fromisoformat(self.captured)),
            kind="conversion" if self.parent else "resource",
            media_type=media_type,
            record_id=record_id_of(self.digest) if media_type in _WITH_MEMBERS else "",
            refers_to=record_id_of(self.parent) if self.parent else "",
            refers_to_uri=belongs_to if is_page else self.url or belongs_to,
        )
        return pack_record(self.original, head)

    def origin_row(self, version: int, location: WarcLocation) -> dict[str, Any]:
        """Return the row of the original as an origin of the version that says its text."""
        row = {
            "identifier": self.identifier,
            "version": version,
            "digest": self.digest,
            "captured": self.captured,
            "source": self.source[:SOURCE_LIMIT],
            "place": self.description.place,
            "parent": self.parent,
            "media_type": self.description.media_type,
            "reader": self.reader,
            "reader_version": self.reader_version,
            "libraries": self.description.libraries,
            "warc_file": location.file,
            "warc_offset": location.offset,
            "warc_length": location.length,
        }
        return {"origin_key": origin_key(row), **row}

    def renamed(self, identifier: str, *, is_known_text: bool = False) -> PreparedArticle:
        """Return the article under another identifier, unpacked."""
        record = self.record or zlib.decompress(self.content)
        article = replace(from_json(record), identifier=identifier)
        renamed = prepare_reparsed(article, self.original or unpack_record(self.member))
        return msgspec.structs.replace(
            renamed,
            place=self.place,
            description=self.description,
            is_known_text=is_known_text,
        )


def prepare(
    original: bytes, article: Article, description: OriginDescription | None = None
) -> PreparedArticle:
    """Prepare an article and its original; identifier and moment are filled in where empty.

    Args:
        original: The bytes that it was read from.
        article: The article.
        description: What is known of the original beside.
    """
    try:
        return _prepare(original, article, description)
    except UnicodeEncodeError:
        return _prepare(original, _without_surrogates(article), description)


def _prepare(
    original: bytes, article: Article, description: OriginDescription | None
) -> PreparedArticle:
    description = description or OriginDescription()
    has_name = bool(article.external_id or canonical_url(article.url))
    prepared = prepare_reparsed(
        replace(
            article,
            identifier=article.identifier or identifier_of(article),
            digest=sha256(original),
            captured=article.captured or utc_now(),
        ),
        original,
    )
    is_by_text = not has_name and not article.identifier
    return msgspec.structs.replace(
        prepared,
        place="" if has_name else description.place,
        description=description,
        is_by_text=is_by_text,
        words=text_keys(article).sought if is_by_text else (),
    )


def prepare_reparsed(article: Article, original: bytes = b"") -> PreparedArticle:
    """Prepare an article whose identifier, digest and moment are filled in."""
    source = storable(article.origin.source)
    if source != article.origin.source:
        article = replace(article, origin=replace(article.origin, source=source))
    captured = article.captured or datetime.now(UTC)
    return PreparedArticle(
        identifier=article.identifier,
        digest=article.digest,
        text_digest=text_digest(article),
        captured=captured.isoformat(),
        url=article.url,
        source=article.origin.source,
        reader=article.origin.reader,
        reader_version=article.origin.reader_version,
        keys=keys_of(article),
        record=to_json(article).encode(),
        parent=article.origin.parent,
        original=original,
    )


def _without_surrogates(article: Article) -> Article:
    """Return an article in which no text has a lone surrogate, which no UTF-8 holds."""
    return msgspec.convert(_clean(to_dict(article)), Article, strict=False)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {key: _clean(part) for key, part in value.items()}
    return [_clean(part) for part in value] if isinstance(value, list | tuple) else value
