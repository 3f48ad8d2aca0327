"""Reading tasks: files and records to read, and what was read, as messages between processes."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

from archive.catalogue.lookup_keys import place_key
from archive.document_account import ReadingState
from archive.errors import ArchiveError, IntakeError, NotAnArticleError
from archive.originals.captures import Capture
from archive.originals.container_files import ContainerFile
from archive.writing.prepared_article import OriginDescription, PreparedArticle, prepare
from indexer.intake import media_types
from indexer.intake.article_passes import with_passes
from indexer.intake.decompression import open_decompressed
from indexer.intake.document_stream import ReadDocument, read_stream, stream_position
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.json_lines import read_json_document
from indexer.intake.json_stream import JsonDocument, read_documents
from indexer.intake.registry import libraries_of
from indexer.intake.sniffing import HEAD_LENGTH, sniff_head

_MOST_ITEMS = 64
_MOST_BYTES = 512 << 10


class FileItem(msgspec.Struct, frozen=True, tag="file"):
    """A file that holds one document or more.

    Attributes:
        path: As the system writes it: a name may hold bytes that are no text.
        size: Its bytes.
        position: Bytes of the input before it.
        collection: The name of its collection; empty where it has none.
        place: Its path within the collection, or in the file system.
    """

    path: bytes
    size: int
    position: int = 0
    collection: str = ""
    place: str = ""


class RecordItem(msgspec.Struct, frozen=True, tag="record"):
    """A document of a file of JSON, which has been cut into its documents already."""

    source: str
    number: int
    part: int
    data: bytes
    position: int = 0


class ReadingResult(msgspec.Struct, frozen=True, tag="result"):
    """The outcome of reading one document: its article, or an error in its place.

    Attributes:
        source: The place that it was read from.
        position: Bytes of the input up to its end, for progress.
        article: The article.
        size: Bytes of its original.
        problems: What the article does not hold of its document, by kind.
        is_damaged: Whether only the original of a damaged document is kept.
        error: The message of the error; empty without one.
        is_skipped: Whether the document holds no article; it is no failure then.
        capture: An answer of a crawl that is to be kept; the result has nothing else then.
        container: A file that the next articles are members of; nothing else then.
    """

    source: str
    position: int = 0
    article: PreparedArticle | None = None
    size: int = 0
    problems: dict[str, str] = {}
    is_damaged: bool = False
    error: str = ""
    is_skipped: bool = False
    capture: Capture | None = None
    container: ContainerFile | None = None


Item = FileItem | RecordItem | ReadingResult
"""An item of a task; a result, which is there already, keeps its place among the others."""


class ReadingTask(msgspec.Struct, frozen=True):
    """Some items that one process reads, in order.

    Attributes:
        items: The items.
        encoding: The encoding of the documents where somebody knows it; empty otherwise.
        is_packed: Whether the articles are to be packed as well.
        is_careful: Whether each result is to be sent at once.
        results_known: Results of the first item that are known already.
    """

    items: list[Item]
    encoding: str = ""
    is_packed: bool = False
    is_careful: bool = False
    results_known: int = 0


def source_name(path: Path) -> str:
    """Return the name of a file; bytes that are no text are shown as replacement characters."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def list_items(path: Path, item: FileItem, encoding: str) -> Iterator[Item]:
    """Yield the items of a file: the documents of a file of JSON, or else the item of the file."""
    source, position = source_name(path), item.position
    try:
        with path.open("rb") as stream:
            buffered: io.BufferedReader = stream
            decompressed = open_decompressed(buffered)
            head = decompressed.peek(HEAD_LENGTH)[:HEAD_LENGTH]
            if sniff_head(head, path.name.lower(), encoding) != media_types.JSON:
                yield item
                return
            for document in read_documents(decompressed, encoding):
                end = position + stream_position(buffered)
                yield RecordItem(source, document.number, document.part, document.data, end)
    except OSError as error:
        yield ReadingResult(source, position, error=error.strerror or str(error))
    except IntakeError as error:
        yield ReadingResult(source, position, error=str(error))


def group_items(items: Iterator[Item]) -> Iterator[list[Item]]:
    """Yield the items in groups of some size."""
    group: list[Item] = []
    size = 0
    for item in items:
        group.append(item)
        size += len(item.data) if isinstance(item, RecordItem) else item.size
        if len(group) >= _MOST_ITEMS or size >= _MOST_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def read_item(item: Item, encoding: str, children: ReaderChildren) -> Iterator[ReadingResult]:
    """Yield the results of one item."""
    if isinstance(item, ReadingResult):
        yield item
    elif isinstance(item, RecordItem):
        document = JsonDocument(item.number, item.data, item.part)
        record = read_json_document(document, item.source)
        source = f"{item.source}:{record.place}"
        read = ReadDocument(source, record.original, record.outcome, 0, media_types.JSON)
        yield result_of(read, item.position)
    else:
        yield from _read_file(item, encoding, children)


def _read_file(item: FileItem, encoding: str, children: ReaderChildren) -> Iterator[ReadingResult]:
    path = Path(os.fsdecode(item.path))
    source = source_name(path)
    linked = _linked_place(path, item)
    try:
        with path.open("rb") as stream:
            for document in read_stream(stream, source, path.name.lower(), encoding, children):
                # A file of several documents names each.
                member = document.source.removeprefix(source)
                key = place_key(item.collection, item.place + member) if item.place else ""
                linked_key = place_key("", linked + member) if linked else ""
                yield result_of(document, item.position + document.position, key, linked_key)
    except (OSError, IntakeError) as error:
        message = getattr(error, "strerror", "") or str(error)
        yield ReadingResult(source, item.position, error=message)


def _linked_place(path: Path, item: FileItem) -> str:
    """Return the path that a file's path leads to through links; empty where it has none."""
    if item.collection or not item.place:
        return ""
    place = os.path.realpath(path).encode("utf-8", "backslashreplace").decode()
    return place if place != item.place else ""


def read_results(
    stream: IO[bytes],
    source: str,
    name: str,
    encoding: str,
    children: ReaderChildren,
    position: int = 0,
) -> Iterator[ReadingResult]:
    """Yield the results of a stream; an error of the stream itself is one more, failed.

    Raises:
        OSError: it cannot be read.
    """
    try:
        for document in read_stream(stream, source, name, encoding, children):
            yield result_of(document, position + document.position)
    except IntakeError as error:
        yield ReadingResult(source, position, error=str(error))


def result_of(
    document: ReadDocument, position: int, place: str = "", linked_place: str = ""
) -> ReadingResult:
    """Return the result of a document that was read; its article is prepared for the archive.

    Args:
        document: The document.
        position: Bytes of the input up to its end.
        place: The key of its place; empty where it has none.
        linked_place: The key of the place that this one leads to through links; empty for none.
    """
    outcome = document.outcome
    if isinstance(outcome, Capture):
        return ReadingResult(document.source, position, size=len(outcome.block), capture=outcome)
    if isinstance(outcome, ContainerFile):
        size = len(outcome.content)
        return ReadingResult(document.source, position, size=size, container=outcome)
    if isinstance(outcome, ArchiveError):
        is_skipped = isinstance(outcome, NotAnArticleError)
        error = str(outcome) or type(outcome).__name__
        return ReadingResult(document.source, position, error=error, is_skipped=is_skipped)
    account = outcome.account
    libraries = libraries_of(outcome.origin.reader)
    description = OriginDescription(
        place, document.media_type, libraries, document.captured_at, linked_place
    )
    return ReadingResult(
        source=document.source,
        position=position,
        article=prepare(document.original, with_passes(outcome), description),
        size=len(document.original),
        problems=account.problems if account else {},
        is_damaged=bool(account and account.state == ReadingState.DAMAGED),
    )


def packed_result(result: ReadingResult) -> ReadingResult:
    """Return a result whose article is packed; one that is too large is left to the archive."""
    if result.capture:
        return msgspec.structs.replace(result, capture=result.capture.packed())
    if result.article is None:
        return result
    try:
        return msgspec.structs.replace(result, article=result.article.packed())
    except ArchiveError:
        return result
