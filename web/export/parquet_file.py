"""Articles as a Parquet file, for programs that read tables of millions of rows."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, BinaryIO

from archive.errors import ArchiveError
from archive.records import Article
from web.export.formats import ArticleUrl

GROUP_SIZE = 5000
"""Rows of a group of a file: it is in memory until it is whole."""

BATCH_SIZE = 500
"""Rows that are handed over at a time."""

_COMPRESSION = "zstd(3)"

TEXTS: dict[str, Callable[[Article], str]] = {
    "id": lambda article: article.identifier,
    "title": lambda article: article.title,
    "lead": lambda article: article.lead,
    "text": lambda article: "\n\n".join(_blocks(article)),
    "publisher": lambda article: article.publisher,
    "category": lambda article: article.category,
    "published": lambda article: article.published_text,
    "language": lambda article: article.language,
    "url": lambda article: article.url,
    "captured": lambda article: article.captured.isoformat() if article.captured else "",
    "sha256": lambda article: article.digest,
}
"""The columns with one text; dates as in the other exports, as precise as they are known."""

LISTS: dict[str, Callable[[Article], Iterable[str]]] = {
    "authors": lambda article: article.authors,
    "people": lambda article: article.people,
}
"""The columns with a list of texts."""

COLUMNS = (*TEXTS, "address", *LISTS)
"""The columns of the file; they stay, and more may follow."""


class _Output(io.RawIOBase):
    """The file that is written, and what ended it early.

    The library aborts where its reader or writer raises: errors wait here until it has ended.
    """

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self.failure: Exception | None = None
        self.rows = 0

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Write to the file, as long as it takes anything."""
        if self.failure is None:
            try:
                self._file.write(data)
            except OSError as error:
                self.failure = error
        return len(data)

    def take(self, articles: Iterable[Article]) -> Iterator[list[Article]]:
        """Yield the articles, some at a time, until they end or something fails."""
        batch: list[Article] = []
        try:
            for article in articles:
                batch.append(article)
                if len(batch) == BATCH_SIZE:
                    self.rows += len(batch)
                    yield batch
                    batch = []
                if self.failure:
                    return
        except ArchiveError as error:
            self.failure = error
            return
        if batch:
            self.rows += len(batch)
            yield batch


def write_parquet(articles: Iterable[Article], article_url: ArticleUrl, file: BinaryIO) -> int:
    """Write a row for each article.

    Returns:
        How many there were.

    Raises:
        ArchiveError: the library is not installed, or an article cannot be read.
        OSError: the file cannot be written.
    """
    arrow, arrow_files = _libraries()
    output, text = _Output(file), arrow.DataType.utf8()
    lists = arrow.DataType.list(arrow.Field("item", text, nullable=False))
    texts: list[Callable[[Article], str]] = [
        *TEXTS.values(),
        lambda article: article_url(article.identifier),
    ]
    schema = arrow.Schema(
        [arrow.Field(name, lists if name in LISTS else text, nullable=False) for name in COLUMNS]
    )

    def batches() -> Iterator[Any]:
        for batch in output.take(articles):
            columns = [
                arrow.Array([_storable(read(article)) for article in batch], text) for read in texts
            ]
            columns += [
                _list_column(arrow, [tuple(map(_storable, read(each))) for each in batch], lists)
                for read in LISTS.values()
            ]
            yield arrow.RecordBatch.from_arrays(columns, schema=schema)

    arrow_files.write_parquet(
        arrow.RecordBatchReader.from_batches(schema, batches()),
        output,
        compression=_COMPRESSION,
        max_row_group_size=GROUP_SIZE,
    )
    if output.failure:
        raise output.failure
    return output.rows


def _libraries() -> tuple[Any, Any]:
    """Return what makes columns, and what writes files of them."""
    try:
        # Imported here: only this command needs them.
        import arro3.core
        import arro3.io
    except ImportError as error:
        raise ArchiveError(
            "Parquet needs the packages arro3-core and arro3-io: `pip install 'tangthu[parquet]'`"
        ) from error
    return arro3.core, arro3.io


def _list_column(arrow: Any, rows: list[tuple[str, ...]], kind: Any) -> Any:
    """Return a column of lists: all their values, and where in these each list begins."""
    offsets = [0]
    for row in rows:
        offsets.append(offsets[-1] + len(row))
    values = arrow.Array(list(chain.from_iterable(rows)), arrow.DataType.utf8())
    return arrow.list_array(arrow.Array(offsets, arrow.DataType.int32()), values, type=kind)


def _blocks(article: Article) -> Iterator[str]:
    """Yield headings, paragraphs and captions in the order of the article."""
    for section in article.sections:
        if section.heading_line:
            yield section.heading_line
        yield from section.paragraphs
    yield from (caption.text for caption in article.captions)


def _storable(text: str) -> str:
    """Return a text that UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
