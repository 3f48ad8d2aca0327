"""The JSON documents in a stream: one a line, over several lines, or the items of an array.

A feed, or an answer that holds a list of records, is taken apart into its items.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from archive.errors import IntakeError
from indexer.intake.encoding_labels import codec_of
from indexer.intake.joined_objects import join_objects
from indexer.intake.linked_records import LinkedNames
from indexer.intake.record_keys import (
    ANSWERS,
    ITEM_LISTS,
    VAGUE_LISTS,
    WRAPPERS,
    bare_key,
    field_values,
    is_record,
    values_by_key,
)
from indexer.intake.record_tables import may_be_table, records_in_table
from indexer.intake.unmarked_utf16 import unmarked_utf16

LONGEST_LINE = 16 << 20
"""Bytes of one document; a longer one is refused, unread."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ARRAY = re.compile(r"\ufeff?\s*\[")
_GAP = re.compile(r"[\s,\ufeff]*")
_CHUNK = 1 << 16
MOST_EMPTY_LINES = 100_000
"""Empty lines in a row, after which a file is given up: packed, they cost nothing but time."""

MOST_SMALL_DOCUMENTS = 100_000
"""Documents in a row that are too small for an article, after which a file is given up: a byte of
them costs several times the time of a byte of articles."""

_SMALLEST_RECORD = len('{"title":"a"}')
_AROUND = ANSWERS + ITEM_LISTS
"""Keys under which an object stands that holds the list; `posts` may hold `edges`."""

_MOST_ANSWERS = 4
"""Objects around a list of records."""

_ARTICLE = re.compile("Article|Posting|Report")
"""What the types of schema.org that an article may have, have in their names."""

_LONGEST_TYPE = 200
_ITEM_LIST = re.compile(
    rb'"@?(?:(?:%s)"\s{0,9}:\s{0,9}[\[{]|(?:%s)"\s{0,9}:\s{0,9}\[)'
    % ("|".join(ITEM_LISTS).encode(), "|".join(VAGUE_LISTS).encode()),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class JsonDocument:
    """One document: its line or its number in an array, from 1, and its bytes.

    Attributes:
        part: Number of the item in a feed, from 1; 0 if the document is none of a feed.
    """

    number: int
    data: bytes
    part: int = 0

    @property
    def place(self) -> str:
        """The place in the file: `3`, or `3.2` for an item of a feed."""
        return f"{self.number}.{self.part}" if self.part else str(self.number)


def read_documents(stream: io.BufferedReader, encoding: str = "") -> Iterator[JsonDocument]:
    """Yield the JSON documents of a decompressed stream; those that are too long are cut.

    Args:
        stream: The stream.
        encoding: Its encoding where somebody knows it; empty otherwise.

    Raises:
        IntakeError: the text is not in its encoding, an array is broken, or nearly all of its
            lines or documents are empty.
    """
    codec = "utf-16" if stream.peek(2)[:2] in _UTF16 else ""
    if not codec and not encoding:
        codec = unmarked_utf16(stream.peek(_CHUNK))
    if encoding and not codec and codec_of(encoding) != "utf-8":
        codec = codec_of(encoding) or ""
        if not codec:
            raise IntakeError(f"the encoding {encoding!r} is unknown")
    head = stream.peek(_CHUNK)[:_CHUNK].decode(codec or "utf-8", "replace")
    if _ARRAY.match(head):
        documents = _array_items(stream, codec or "utf-8")
    else:
        documents = _joined(_as_utf8(stream, codec) if codec else _lines(stream))
    small = 0
    for document in documents:
        small = small + 1 if len(document.data) < _SMALLEST_RECORD else 0
        if small > MOST_SMALL_DOCUMENTS:
            raise IntakeError(
                f"holds {MOST_SMALL_DOCUMENTS} records in a row that are too small for an article"
            )
        yield from _items(document)


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines without their ends; of one that is too long, only its beginning."""
    while line := stream.readline(LONGEST_LINE + 1):
        piece = line
        while len(piece) > LONGEST_LINE and not piece.endswith(b"\n"):
            piece = stream.readline(LONGEST_LINE + 1)
            if not piece:
                break
        yield line.rstrip(b"\r\n")


def _as_utf8(stream: IO[bytes], codec: str) -> Iterator[bytes]:
    """Yield the lines of a text as UTF-8, the encoding that records are stored in."""
    try:
        with io.TextIOWrapper(stream, encoding=codec, newline="\n") as text:
            while line := text.readline(LONGEST_LINE):
                yield line.rstrip("\r\n").encode("utf-8", "surrogatepass")
    except UnicodeError as error:
        name = "UTF-16 that it begins as" if codec == "utf-16" else codec
        raise IntakeError(f"is not the {name} ({error})") from error


def _joined(lines: Iterator[bytes]) -> Iterator[JsonDocument]:
    """Yield each line that holds something; lines that make one document are joined.

    Raises:
        IntakeError: there are too many empty lines in a row.
    """
    for number, line in join_objects(_bounded(lines), LONGEST_LINE):
        yield JsonDocument(number, line)


def _bounded(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield lines until too many of them in a row are empty."""
    empty = 0
    for number, line in enumerate(lines):
        line = line.removeprefix(codecs.BOM_UTF8) if number == 0 else line
        empty = 0 if line.strip() else empty + 1
        if empty > MOST_EMPTY_LINES:
            raise IntakeError(f"holds {MOST_EMPTY_LINES} empty lines in a row: that is no text")
        yield line


def _array_items(stream: IO[bytes], codec: str) -> Iterator[JsonDocument]:
    """Yield the items of an array that is read piece by piece.

    Raises:
        IntakeError: the array is broken, or an item is too long.
    """
    decoder = codecs.getincrementaldecoder(codec)("surrogateescape")
    text, start, number, is_open = "", 0, 0, False
    is_last, chunk = False, _CHUNK
    while True:
        start = _GAP.match(text, start).end()  # type: ignore[union-attr]
        if text[start : start + 1] == ("]" if is_open else "["):
            start, is_open = start + 1, not is_open
            continue
        end = _end_of_item(text, start, is_last)
        if end:
            number, chunk = number + 1, _CHUNK
            yield JsonDocument(number, text[start:end].encode("utf-8", "surrogateescape"))
            start = end
        elif is_last:
            if start < len(text) or is_open:
                raise IntakeError(f"is no JSON: its array breaks off behind item {number}")
            return
        elif len(text) - start > LONGEST_LINE:
            raise IntakeError(f"item {number + 1} is no JSON, or longer than {LONGEST_LINE} bytes")
        else:
            # What was read is cut off here only: cutting it off behind each item would be slow.
            data = stream.read(chunk)
            text = text[start:] + decoder.decode(data, not data)
            start, is_last, chunk = 0, not data, 2 * chunk


def _end_of_item(text: str, start: int, is_last: bool) -> int:
    """Return the end of the whole JSON value that begins at a place; 0 if there is none."""
    if start >= len(text):
        return 0
    try:
        end = json.JSONDecoder(strict=False).raw_decode(text, start)[1]
    except (ValueError, RecursionError):
        return 0
    # A number may go on in what is not read yet.
    return end if end < len(text) or is_last else 0


def _items(document: JsonDocument) -> Iterator[JsonDocument]:
    """Yield the items of a feed or of an answer with a list of records; else the document."""
    is_list = _ITEM_LIST.search(document.data) or may_be_table(document.data)
    items = _item_list(document.data) if is_list else []
    if not items:
        yield document
    for part, item in enumerate(items, 1):
        data = json.dumps(item, ensure_ascii=False).encode("utf-8", "surrogatepass")
        yield JsonDocument(document.number, data, part)


def _item_list(data: bytes) -> list[dict[str, Any]]:
    """Return the records in a feed, each with the feed's name and language where it has none."""
    try:
        feed = json.loads(data)
    except (ValueError, RecursionError):
        return []
    for _ in range(_MOST_ANSWERS):
        if records := records_in_table(feed):
            return records
        if not isinstance(feed, dict) or any(field_values(values_by_key(feed), "body")):
            return []
        for key, items in feed.items():
            items = _of_articles(items) if key == "@graph" else items
            if bare_key(key) in ITEM_LISTS and (records := records_in_table(items)):
                return records
            if isinstance(items, list) and _are_records(bare_key(key), items):
                names = LinkedNames(feed)
                return [_defaults_of(feed) | names.fill(item) for item in items]
        inside = (_only(value) for key, value in feed.items() if bare_key(key) in _AROUND)
        feed = next((value for value in inside if isinstance(value, dict)), None)
    return []


def _of_articles(items: Any) -> list[Any]:
    """Return the objects of a graph of schema.org that are articles."""
    objects = items if isinstance(items, list) else []
    return [item for item in objects if isinstance(item, dict) and _ARTICLE.search(_type_of(item))]


def _type_of(item: dict[str, Any]) -> str:
    return str(item.get("@type"))[:_LONGEST_TYPE]


def _only(value: Any) -> Any:
    """Return the only value of a list, as exports wrap the one site that they are of."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _are_records(key: str, items: list[Any]) -> bool:
    """Tell whether a list holds records, by its key or by what is in them."""
    if not items or not all(isinstance(item, dict) for item in items):
        return False
    if key in ITEM_LISTS:
        return True
    return key in VAGUE_LISTS and all(map(_is_record, items))


def _is_record(item: dict[str, Any]) -> bool:
    wrapped = (item[key] for key in WRAPPERS if isinstance(item.get(key), dict))
    return any(is_record(values_by_key(record)) for record in (item, *wrapped))


def _defaults_of(feed: dict[str, Any]) -> dict[str, Any]:
    channel = feed["feed"] if isinstance(feed.get("feed"), dict) else feed
    texts = {"feed_title": channel.get("title"), "language": channel.get("language")}
    return {key: text for key, text in texts.items() if isinstance(text, str) and text}
