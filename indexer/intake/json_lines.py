"""The JSON-lines reader: one article a line, plain or compressed with gzip or xz."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from archive.errors import ArchiveError, IntakeError
from archive.records import Article, Origin, Section
from indexer.intake.decompression import open_decompressed
from indexer.intake.encodings import repair_mojibake
from indexer.intake.stated_dates import moment

READER = "jsonlines"
READER_VERSION = 1

LONGEST_LINE = 16 << 20
"""Bytes of one record; a longer line is refused, unread."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Record:
    """One line: its number from 1, its bytes, and its article or the error in its place."""

    number: int
    original: bytes
    outcome: Article | ArchiveError


def read_records(stream: io.BufferedReader, source: str) -> Iterator[Record]:
    """Yield the records of an opened file, decompressed as it is read, without empty lines.

    Raises:
        IntakeError: the compression is damaged or expands too far, or the text is no UTF-16.
    """
    lines = open_decompressed(stream)
    head = lines.peek(2)[:2]
    for number, line in enumerate(_as_utf8(lines) if head in _UTF16 else _lines(lines), 1):
        if line.strip():
            yield _record(number, line, source)


def read_record(line: bytes, source: str) -> Article:
    """Read the article in one line.

    Its fields are id, title, summary, body, url, date, category, publisher and authors.

    Raises:
        IntakeError: the line is no such record.
    """
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise IntakeError(f"is no JSON: {error}") from error
    if not isinstance(values, dict):
        raise IntakeError("is no JSON object")
    title, body = _text(values, "title"), _lines_of(values, "body")
    lead = " ".join(_lines_of(values, "summary"))
    if not (title or body or lead):
        raise IntakeError("has no title, summary or body")
    date = _text(values, "date")
    return Article(
        title=title or lead or body[0][:200],
        origin=Origin(source, READER, READER_VERSION),
        external_id=_text(values, "id"),
        url=_text(values, "url"),
        publisher=_text(values, "publisher"),
        lead=lead,
        sections=(Section(tuple(body)),) if body else (),
        authors=_authors(values),
        category=_text(values, "category"),
        published=moment(date) if date else None,
        language=_text(values, "language") or "vi",
    )


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines without their ends; of one that is too long, only its beginning."""
    while line := stream.readline(LONGEST_LINE + 1):
        piece = line
        while len(piece) > LONGEST_LINE and not piece.endswith(b"\n"):
            piece = stream.readline(LONGEST_LINE + 1)
            if not piece:
                break
        yield line.rstrip(b"\r\n")


def _as_utf8(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of UTF-16 text as UTF-8, the encoding that records are stored in."""
    try:
        with io.TextIOWrapper(stream, encoding="utf-16", newline="\n") as text:
            while line := text.readline(LONGEST_LINE):
                yield line.rstrip("\r\n").encode("utf-8", "surrogatepass")
    except UnicodeError as error:
        raise IntakeError(f"is not the UTF-16 that it begins as ({error})") from error


def _record(number: int, line: bytes, source: str) -> Record:
    if len(line) > LONGEST_LINE:
        return Record(number, b"", IntakeError(f"is longer than {LONGEST_LINE} bytes"))
    line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
    try:
        return Record(number, line, read_record(line, f"{source}:{number}"))
    except ArchiveError as error:
        return Record(number, line, error)


def _text(values: dict[str, Any], name: str) -> str:
    return " ".join(_lines_of(values, name))


def _lines_of(values: dict[str, Any], name: str) -> list[str]:
    """Return the lines of a field that are not empty, in canonical form, blanks collapsed."""
    value = values.get(name)
    if value is None:
        return []
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise IntakeError(f"has a {name} that is no text")
    lines = (" ".join(line.split()) for line in repair_mojibake(str(value)).split("\n"))
    return [line for line in lines if line]


def _authors(values: dict[str, Any]) -> tuple[str, ...]:
    value = values.get("authors", values.get("author"))
    names = value if isinstance(value, list) else [value]
    texts = (_text({"authors": name}, "authors") for name in names)
    return tuple(dict.fromkeys(text for text in texts if text))
