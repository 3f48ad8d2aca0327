"""The JSON reader: records of our own and of other tools, plain or compressed with gzip or xz."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archive.document_account import DocumentAccount
from archive.errors import ArchiveError, IntakeError, NotAnArticleError
from archive.records import LONGEST_HEADLINE, Article, Origin
from indexer.intake.bylines import persons_among, split_names
from indexer.intake.decompression import open_decompressed
from indexer.intake.encodings import decode_text
from indexer.intake.html.metadata import host_of
from indexer.intake.json_stream import LONGEST_LINE, JsonDocument, read_documents
from indexer.intake.linked_records import embedded_names
from indexer.intake.publication_status import unpublished_status
from indexer.intake.record_keys import (
    WRAPPERS,
    field_values,
    filled_from,
    in_one_language,
    unread_keys,
    values_by_key,
    without_objects,
)
from indexer.intake.record_text import RecordBody, plain_line, read_record_body
from indexer.intake.stated_dates import StatedDate, read_date

READER = "jsonlines"
READER_VERSION = 8

_INNER_KEYS = (
    *("name", "title", "rendered", "value", "@value", "$date", "$oid", "text", "#text"),
    *("display_name", "basic", "main", "original", "by", "data", "attributes", "fields", "@id"),
    "$numberLong",
)
_DEEPEST = 6
_LONGEST_LANGUAGE = 8
_MOST_UNREAD = 5
_MOST_NAMES = 50
_MOST_WRAPPERS = 4
"""Records around the record proper."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its place in the file, its bytes, and its article or the error instead."""

    place: str
    original: bytes
    outcome: Article | ArchiveError


def read_records(stream: io.BufferedReader, source: str, encoding: str = "") -> Iterator[Record]:
    """Yield the records of an opened file, decompressed as it is read, without empty lines.

    Raises:
        IntakeError: the compression is damaged or expands too far, the text is not in its
            encoding, or an array is broken.
    """
    yield from read_decompressed_records(open_decompressed(stream), source, encoding)


def read_decompressed_records(
    stream: io.BufferedReader, source: str, encoding: str = ""
) -> Iterator[Record]:
    """Yield the records of a stream that is decompressed already.

    Raises:
        IntakeError: as `read_records`.
    """
    for document in read_documents(stream, encoding):
        yield read_json_document(document, source)


def read_kept_record(original: bytes, source: str, _encoding: str) -> Article:
    """Read a record, which is kept in UTF-8 whatever its file was in.

    Raises:
        IntakeError: the document is no such record.
    """
    return read_record(original, source)


def read_record(line: bytes, source: str) -> Article:
    """Read the article in one record.

    Its fields are id, title, summary, body, url, date, category, publisher, authors and language,
    or go by the keys of other tools.

    Raises:
        NotAnArticleError: the record says that it is a draft, or withdrawn.
        IntakeError: the document is no such record.
    """
    document, replaced = _object_in(line)
    record, values = _unwrapped(document | embedded_names(document))
    if status := unpublished_status((document, record)):
        raise NotAnArticleError(f"is not published ({status})")
    title = _required_text(values, "title")
    body = _body(values, title)
    lead = _lead(values) or body.lead
    lines = [line for section in body.sections for line in section.paragraphs]
    unread = unread_keys(record)[:_MOST_UNREAD]
    if unread and not lines and not lead:
        raise IntakeError(f"has no body, but a long text under {unread[0]!r}, which is not read")
    if not (title or lines or lead):
        raise IntakeError("has no title, summary or body")
    date, unread_dates = _date(values)
    account = DocumentAccount(
        unread_dates=unread_dates[:_MOST_UNREAD], unread_keys=tuple(unread), replaced=replaced
    )
    return Article(
        title=_own_title(title, lead),
        origin=Origin(source, READER, READER_VERSION),
        external_id=_text(values, "id"),
        url=_url(values),
        publisher=_publisher(values),
        lead="" if [lead] == lines else lead,
        sections=body.sections,
        captions=body.captions,
        authors=_authors(values),
        category=_category(values),
        published=date.when if date else None,
        published_precision=date.precision.of_record if date else "",
        account=account if account.problems else None,
        language=_text(values, "language")[:_LONGEST_LANGUAGE],
    )


def read_json_document(document: JsonDocument, source: str) -> Record:
    """Read one document of a file; an error takes the place of its article."""
    if len(document.data) > LONGEST_LINE:
        return Record(document.place, b"", IntakeError(f"is longer than {LONGEST_LINE} bytes"))
    try:
        article = read_record(document.data, f"{source}:{document.place}")
    except ArchiveError as error:
        return Record(document.place, document.data, error)
    return Record(document.place, document.data, article)


def _object_in(line: bytes) -> tuple[dict[str, Any], int]:
    """Return the JSON object in a line, and how many places of bad UTF-8 were replaced.

    Raises:
        IntakeError: there is none, or too many bytes are no UTF-8.
    """
    try:
        text, replaced = _decoded(line)
        record = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise IntakeError(f"is no JSON: {error}") from error
    if not isinstance(record, dict):
        raise IntakeError("is no JSON object")
    return record, replaced


def _decoded(line: bytes) -> tuple[str, int]:
    """Decode UTF-8 in which few places are bad; return the text and how many were replaced."""
    try:
        return line.decode("utf-8", "surrogatepass"), 0
    except UnicodeDecodeError as error:
        try:
            decoded = decode_text(line)
        except IntakeError:
            raise error from None
        return decoded.text, decoded.replaced


def _unwrapped(record: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the record that another one wraps (`{"_id": …, "_source": {…}}`), and its values."""
    around: dict[str, Any] = {}
    found: tuple[dict[str, Any], dict[str, Any]] | None = None
    inner = record
    for _ in range(_MOST_WRAPPERS):
        values = {key: in_one_language(value) for key, value in values_by_key(inner).items()}
        if any(field_values(values, "body")):
            return inner, filled_from(values, around)
        if not found and any(field_values(values, "title")):
            found = inner, filled_from(values, around)
        wrapped = (inner[key] for key in WRAPPERS if isinstance(inner.get(key), dict))
        inner = next(filter(None, wrapped), {})
        if not inner:
            break
        around = filled_from(without_objects(values), around)
    return found or (record, values_by_key(record))


def _body(values: dict[str, Any], title: str) -> RecordBody:
    """Return the first body that holds text."""
    for key, value in field_values(values, "body"):
        body = read_record_body(value, key, title)
        if body.sections or body.captions:
            return body
    return RecordBody()


def _lead(values: dict[str, Any]) -> str:
    texts = (" ".join(_names_in(value)) for _, value in field_values(values, "summary"))
    return next(filter(None, texts), "")


def _own_title(title: str, lead: str) -> str:
    """Return the title, or nothing where a whole lead was put in its place."""
    return "" if title == lead and len(title.split()) > LONGEST_HEADLINE else title


def _required_text(values: dict[str, Any], field: str) -> str:
    """Return the text of a field.

    Raises:
        IntakeError: it is no text.
    """
    for key, value in field_values(values, field):
        value = value[0] if isinstance(value, list) and len(value) == 1 else value
        if isinstance(value, bool | list):
            raise IntakeError(f"has a {key} that is no text")
        if text := _as_text(value):
            return text
    return ""


def _text(values: dict[str, Any], field: str) -> str:
    """Return the first text of a field; of a list, its texts with commas."""
    for _, value in field_values(values, field):
        parts = value[:_MOST_NAMES] if isinstance(value, list) else [value]
        if text := ", ".join(dict.fromkeys(filter(None, map(_as_text, parts)))):
            return text
    return ""


def _as_text(value: Any) -> str:
    """Return a JSON value as one line: a text, a number, or the name in an object."""
    return next(iter(_names_in(value)), "")


def _names_in(value: Any, depth: int = 0) -> list[str]:
    """Return the texts in a value: itself, the name in an object, or those of a list in one."""
    value = in_one_language(value)
    if depth < _DEEPEST and isinstance(value, dict):
        value = [next((value[key] for key in _INNER_KEYS if value.get(key)), "")]
    if depth < _DEEPEST and isinstance(value, list):
        return [name for item in value[:_MOST_NAMES] for name in _names_in(item, depth + 1)]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return []
    return list(filter(None, [plain_line(str(value))]))


def _url(values: dict[str, Any]) -> str:
    texts = [(key, _as_text(value)) for key, value in field_values(values, "url")]
    web = (text for key, text in texts if key == "url" or text.startswith(("http://", "https://")))
    return next(web, "")


def _publisher(values: dict[str, Any]) -> str:
    """Return the name of the publisher; of an address, its host."""
    texts = (_as_text(value) for _, value in field_values(values, "publisher"))
    return next((host_of(text) if "://" in text else text for text in texts if text), "")


def _date(values: dict[str, Any]) -> tuple[StatedDate | None, tuple[str, ...]]:
    """Return the date of publication, else of a change; and the texts that are no date."""
    unread = []
    for field in ("date", "modified"):
        for key, value in field_values(values, field):
            text = _as_text(value)
            # Such a key says the zone that its values leave out.
            zone = " UTC" if key.endswith(("gmt", "utc")) else ""
            if date := (zone and read_date(text + zone)) or read_date(text):
                return date, ()
            unread.append(text)
    return None, tuple(filter(None, unread))


def _authors(values: dict[str, Any]) -> tuple[str, ...]:
    """Return the names in the first field of authors that holds any."""
    for _, value in field_values(values, "author"):
        names: list[str] = []
        for text in _names_in(value):
            text = text[1:-1] if text.startswith("[") and text.endswith("]") else text
            # What is no name by its looks was given as one; a number or address leads to a name.
            is_link = text.isdecimal() or "://" in text
            names += split_names(text) or ([] if is_link or not text else [text])
        if names:
            return tuple(dict.fromkeys(persons_among(names) or names))
    return ()


def _category(values: dict[str, Any]) -> str:
    """Return the categories that have names; those of other tools may be numbers of a table."""
    texts = _text(values, "category").split(", ")
    return ", ".join(text for text in texts if not text.isdecimal())
