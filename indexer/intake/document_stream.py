"""The documents of one file or stream: its format is sniffed, and its reader reads it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import IO, Any

from archive.document_account import DocumentAccount
from archive.errors import ArchiveError, IntakeError, NotAnArticleError, UnreadableError
from archive.originals.captures import Capture
from archive.originals.container_files import MEMBER_SIGN, ContainerFile
from archive.originals.warc_records import RECORD_LIMIT
from archive.records import IDENTIFIER_LENGTH, Article, Origin, sha256
from indexer.intake import json_lines, media_types
from indexer.intake.containers.kept_containers import container_file
from indexer.intake.containers.members import MOST_DEPTH, Budget, Member
from indexer.intake.containers.opening import CONTAINERS, PACKAGES, open_members, seekable
from indexer.intake.decompression import open_decompressed
from indexer.intake.encodings import served_encoding
from indexer.intake.html.metadata import host_of
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.package_types import package_type
from indexer.intake.registry import READERS_BY_TYPE, DocumentReader, unread_reason
from indexer.intake.sniffing import HEAD_LENGTH, sniff_head
from indexer.vietnamese.normalization import canonical

LARGEST_DOCUMENT = 32 << 20
"""Bytes of one document; files of JSON lines may be of any size."""

LARGEST_SCAN = RECORD_LIMIT
"""Bytes of one document that may be scanned pages, which are pictures."""

_SCANS = (media_types.PDF, "image/tiff")
_PAGE_FOLDERS = ("_files", ".files")
"""Ends of the names of folders in which browsers save what belongs to a page."""


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """The outcome of reading one document: its bytes and article, or the error in its place.

    A capture and a container file are outcomes before those of the documents in them.

    Attributes:
        position: Offset in the file after the document, for progress.
        media_type: What it was sniffed as.
        captured_at: The address of the capture before that it is the content of.
    """

    source: str
    original: bytes
    outcome: Article | ArchiveError | Capture | ContainerFile
    position: int = 0
    media_type: str = ""
    captured_at: str = ""


@dataclass(frozen=True, slots=True)
class StreamPlace:
    """The place of a stream, and what its container says about it.

    Attributes:
        source: The path of members.
        name: The file name in small letters; empty where it has none.
        depth: Containers around it.
        member: The member that it is; None for a file of its own.
    """

    source: str
    name: str
    depth: int = 0
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class ContainerWalk:
    """A walk through a container that is kept already, for what was not read before.

    Attributes:
        digest: The SHA-256 of the container.
        is_known: Tells of the SHA-256 of a document whether it was read before.
    """

    digest: str
    is_known: Callable[[str], bool]


def read_stream(
    stream: IO[bytes],
    source: str,
    name: str,
    encoding: str,
    children: ReaderChildren,
    walk: ContainerWalk | None = None,
) -> Iterator[ReadDocument]:
    """Yield the documents of a stream, and of what it holds.

    Args:
        stream: The stream.
        source: The place that it is read from.
        name: Its file name in small letters; empty where it has none.
        encoding: The encoding of its documents where somebody knows it; empty otherwise.
        children: The processes that read binary formats.
        walk: The walk through a kept container that it is; None for a file that is read first.

    Raises:
        IntakeError: the stream itself cannot be read.
    """
    buffered: io.BufferedReader = stream if hasattr(stream, "peek") else io.BufferedReader(stream)  # type: ignore
    size = buffered.seek(0, io.SEEK_END) if buffered.seekable() else 0
    if size:
        buffered.seek(0)
    reader = _StreamReader(encoding, children, Budget(size), buffered, walk)
    for document in reader.read(buffered, StreamPlace(source, name)):
        yield replace(document, position=stream_position(buffered))


def read_member(
    member: Member, source: str, children: ReaderChildren, walk: ContainerWalk
) -> Iterator[ReadDocument]:
    """Yield the documents of a member that is kept alone, and of what it holds.

    Args:
        member: The member, with its stream.
        source: The place of its container.
        children: The processes that read binary formats.
        walk: The walk through its container.

    Raises:
        IntakeError: the member itself cannot be read.
    """
    assert member.stream is not None
    size = member.stream.seek(0, io.SEEK_END)
    member.stream.seek(0)
    reader = _StreamReader("", children, Budget(size), member.stream, walk)
    place = StreamPlace(f"{source}{MEMBER_SIGN}{member.name}", member.name.lower(), 1, member)
    yield from reader.read(member.stream, place)


class _StreamReader:
    """A reader of one file and of everything in it, within one budget."""

    def __init__(
        self,
        encoding: str,
        children: ReaderChildren,
        budget: Budget,
        file: io.BufferedReader[Any],
        walk: ContainerWalk | None,
    ) -> None:
        self._encoding, self._children, self._budget = encoding, children, budget
        self._file, self._container = file, walk.digest if walk else ""
        self._is_known = walk.is_known if walk else None

    def read(self, stream: io.BufferedReader[Any], place: StreamPlace) -> Iterator[ReadDocument]:
        """Yield the documents of a stream.

        Raises:
            IntakeError: the stream itself cannot be read.
        """
        decompressed = open_decompressed(stream)
        stated = place.member.media_type if place.member else ""
        head = decompressed.peek(HEAD_LENGTH)[:HEAD_LENGTH]
        media_type = stated or sniff_head(head, place.name, self._encoding)
        if media_type == media_types.JSON:
            yield from self._read_records(decompressed, place)
        elif media_type in PACKAGES:
            yield from self._read_package(decompressed, place, media_type)
        elif media_type in READERS_BY_TYPE:
            most = LARGEST_SCAN if media_type in _SCANS else LARGEST_DOCUMENT
            yield from self._read_document(_read_all(decompressed, most), place, media_type)
        elif media_type in CONTAINERS:
            yield from self._read_members(decompressed, place, media_type)
        else:
            yield ReadDocument(place.source, b"", _unread(media_type))

    def _read_records(
        self, stream: io.BufferedReader, place: StreamPlace
    ) -> Iterator[ReadDocument]:
        for record in json_lines.read_decompressed_records(stream, place.source, self._encoding):
            line = f"{place.source}:{record.place}"
            outcome = _placed(record.outcome, place)
            yield ReadDocument(line, record.original, outcome, media_type=media_types.JSON)

    def _read_package(
        self, stream: io.BufferedReader, place: StreamPlace, media_type: str
    ) -> Iterator[ReadDocument]:
        """Yield the documents of a ZIP or OLE file, whose list of parts may be at its end."""
        with seekable(stream) as package:
            media_type = package_type(package, media_type, self._children)
            package.seek(0)
            if media_type in READERS_BY_TYPE:
                yield from self._read_document(
                    _read_all(package, LARGEST_DOCUMENT), place, media_type
                )
            elif media_type in CONTAINERS:
                yield from self._read_members(package, place, media_type)
            else:
                yield ReadDocument(place.source, b"", _unread(media_type))

    def _read_members(
        self, stream: IO[bytes], place: StreamPlace, media_type: str
    ) -> Iterator[ReadDocument]:
        """Yield the documents of the members of a container; its own damage comes last."""
        if place.depth >= MOST_DEPTH:
            raise IntakeError(f"is nested deeper than {MOST_DEPTH}")
        if place.member is None and (file := container_file(self._file, place.source, media_type)):
            self._container = file.digest
            yield ReadDocument(place.source, b"", file)
        try:
            for member in open_members(media_type, stream, self._budget, self._children):
                yield from self._read_member(member, place)
        except IntakeError as error:
            yield ReadDocument(place.source, b"", error)

    def _read_member(self, member: Member, place: StreamPlace) -> Iterator[ReadDocument]:
        source = f"{place.source}{MEMBER_SIGN}{member.name}"
        if member.capture:
            yield ReadDocument(source, b"", member.capture)
        if member.stream is None:
            kind = NotAnArticleError if member.is_skipped else IntakeError
            yield ReadDocument(source, b"", kind(member.error))
            return
        parent = member.parent or (place.member.parent if place.member else self._container)
        inner = StreamPlace(
            source, member.name.lower(), place.depth + 1, replace(member, parent=parent)
        )
        try:
            yield from self.read(member.stream, inner)
        except IntakeError as error:
            yield ReadDocument(source, b"", error)

    def _read_document(
        self, data: bytes, place: StreamPlace, media_type: str
    ) -> Iterator[ReadDocument]:
        """Yield one document, and its attachments where it is an e-mail."""
        if self._is_known and self._is_known(sha256(data)):
            if media_type in CONTAINERS:
                yield from self._read_members(io.BytesIO(data), place, media_type)
            return
        outcome: Article | IntakeError
        try:
            _refuse_parts_of_pages(place, media_type)
            encoding = self._encoding or _served_encoding(data, place, media_type)
            outcome = read_document(data, place.source, media_type, encoding, self._children)
        except UnreadableError as error:
            outcome = unread_article(data, place.source, media_type, error)
        except IntakeError as error:
            outcome = error
        placed = _placed(outcome, place)
        capture = place.member.capture if place.member else None
        yield ReadDocument(
            place.source,
            data,
            placed,
            media_type=media_type,
            captured_at=capture.address if capture else "",
        )
        if media_type in CONTAINERS and not isinstance(outcome, IntakeError):
            yield from self._read_members(io.BytesIO(data), place, media_type)


def _served_encoding(data: bytes, place: StreamPlace, media_type: str) -> str:
    """Return the encoding of a page or text that its web server said, where that is needed."""
    if place.member is None or media_type not in (media_types.HTML, media_types.TEXT):
        return ""
    return served_encoding(data, place.member.charset)


def _refuse_parts_of_pages(place: StreamPlace, media_type: str) -> None:
    """Refuse a picture that was captured or saved with a page.

    Raises:
        NotAnArticleError: it is one.
    """
    if not media_type.startswith("image/"):
        return
    folder = PurePath(place.source).parent.name.lower()
    is_captured = place.member is not None and bool(place.member.url)
    if is_captured or folder.endswith(_PAGE_FOLDERS):
        raise NotAnArticleError(f"{media_type}: a part of pages, which is no document")


def _read_all(stream: IO[bytes], most: int) -> bytes:
    """Return the bytes of a document, of which there may be so many.

    Raises:
        IntakeError: it is empty or too large.
    """
    data = stream.read(most + 1)
    if len(data) > most:
        raise IntakeError(f"is larger than {most} bytes")
    if not data.strip():
        raise IntakeError("is empty")
    return data


def _placed(outcome: Article | ArchiveError, place: StreamPlace) -> Article | ArchiveError:
    """Return an article with what its container says about it."""
    member = place.member
    if member is None or isinstance(outcome, ArchiveError):
        return outcome
    return replace(
        outcome,
        url=outcome.url or member.url,
        publisher=outcome.publisher or (host_of(member.url) if member.url else ""),
        captured=member.captured,
        origin=replace(outcome.origin, parent=member.parent),
        identifier="" if member.url else outcome.identifier,
    )


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
    # A name of words is searched by them, however they are joined (`cong_van_so_5`).
    name = PurePath(source.rpartition(MEMBER_SIGN)[2]).stem.replace("_", " ")
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
