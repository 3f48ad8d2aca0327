"""The documents of one file or stream: its format is sniffed, and its reader reads it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from archive.errors import ArchiveError, IntakeError, NotAnArticleError, UnreadableError
from archive.records import IDENTIFIER_LENGTH, Article, DocumentAccount, Origin, sha256
from indexer.intake import json_lines, media_types
from indexer.intake.decompression import open_decompressed
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.registry import READERS_BY_TYPE, DocumentReader, unread_reason
from indexer.intake.sniffing import HEAD_LENGTH, sniff_head, sniff_package
from indexer.vietnamese.normalization import canonical

LARGEST_DOCUMENT = 32 << 20
"""Bytes of one document; files of JSON lines may be of any size."""

MEMBER_SIGN = "!"
"""The sign between a container and its member in a source."""


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """The outcome of reading one document: its bytes and article, or the error in its place.

    Attributes:
        position: Offset in the file after the document, for progress.
    """

    source: str
    original: bytes
    outcome: Article | ArchiveError
    position: int


def read_stream(
    stream: IO[bytes], source: str, name: str, encoding: str, children: ReaderChildren
) -> Iterator[ReadDocument]:
    """Yield the documents of a stream.

    Args:
        stream: The stream.
        source: The place that it is read from.
        name: Its file name in small letters; empty where it has none.
        encoding: The encoding of its documents where somebody knows it; empty otherwise.
        children: The processes that read binary formats.

    Raises:
        IntakeError: the stream itself cannot be read.
    """
    buffered: io.BufferedReader = stream if hasattr(stream, "peek") else io.BufferedReader(stream)  # type: ignore
    decompressed = open_decompressed(buffered)
    media_type = sniff_head(decompressed.peek(HEAD_LENGTH)[:HEAD_LENGTH], name, encoding)
    if media_type == media_types.JSON:
        for record in json_lines.read_decompressed_records(decompressed, source, encoding):
            line, position = f"{source}:{record.place}", stream_position(buffered)
            yield ReadDocument(line, record.original, record.outcome, position)
        return
    package_types = (media_types.ZIP, media_types.OLE)
    if media_type not in READERS_BY_TYPE and media_type not in package_types:
        yield ReadDocument(source, b"", _unread(media_type), 0)
        return
    data = decompressed.read(LARGEST_DOCUMENT + 1)
    if len(data) > LARGEST_DOCUMENT:
        raise IntakeError(f"is larger than {LARGEST_DOCUMENT} bytes")
    if not data.strip():
        raise IntakeError("is empty")
    media_type = sniff_package(io.BytesIO(data), media_type)
    outcome: Article | IntakeError
    try:
        outcome = read_document(data, source, media_type, encoding, children)
    except UnreadableError as error:
        outcome = unread_article(data, source, media_type, error)
    except IntakeError as error:
        outcome = error
    yield ReadDocument(source, data, outcome, stream_position(buffered))


def read_document(
    data: bytes, source: str, media_type: str, encoding: str, children: ReaderChildren
) -> Article:
    """Read the article in one document by the reader of its media type.

    Raises:
        NotAnArticleError: nothing reads the media type here, or the document holds no article.
        IntakeError: it cannot be read.
    """
    reader = READERS_BY_TYPE.get(media_type)
    if reader is None or reader.missing:
        raise _unread(media_type)
    return read_with(reader, data, source, encoding, children)


def read_with(
    reader: DocumentReader, data: bytes, source: str, encoding: str, children: ReaderChildren
) -> Article:
    """Read the article in one document by a reader, in a child where the reader wants that.

    Raises:
        NotAnArticleError: the document holds no article.
        IntakeError: it cannot be read.
    """
    if reader.isolated:
        return children.read(reader, data, source, encoding)
    return reader.load()(data, source, encoding)


def unread_article(data: bytes, source: str, media_type: str, error: UnreadableError) -> Article:
    """Return what is kept of a document that is not read: its name, and how far it was read."""
    reader = READERS_BY_TYPE.get(media_type)
    name = PurePath(source.rpartition(MEMBER_SIGN)[2]).stem
    return Article(
        title=" ".join(canonical(name).split()),
        origin=Origin(source, reader.name if reader else "", reader.version if reader else 0),
        identifier=sha256(b"original:" + sha256(data).encode())[:IDENTIFIER_LENGTH],
        account=DocumentAccount(state=error.state, reason=str(error)),
    )


def _unread(media_type: str) -> NotAnArticleError:
    return NotAnArticleError(unread_reason(media_type))


def stream_position(stream: IO[bytes]) -> int:
    """Return the bytes of a stream up to where it is read; 0 where it does not know."""
    return stream.tell() if stream.seekable() else 0
