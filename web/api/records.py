"""The records of the JSON interface, beside articles and the page of results.

The interface's description is made of them. Keys are stable: new ones may come, none changes its
meaning or goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

from archive.document_account import ReadingState
from archive.records import Article, HasTitle, ReadState
from indexer.engine.queries import Column
from indexer.search.completion import Suggestion
from indexer.search.query_notices import Count
from indexer.search.search_records import Complete, Ordinal, ResultPage

Timestamp = Annotated[
    str, Meta(description="ISO 8601 with its zone.", extra_json_schema={"format": "date-time"})
]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Month = Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}$")]


class OcrPageRecord(Struct, frozen=True):
    """A page whose words were recognised in its picture."""

    locator: str
    confidence: Annotated[int, Meta(ge=0, le=100, description="Per cent of certainty.")]


class OcrRecord(Struct, frozen=True):
    """What recognised words in the pictures of pages, and how certain it is of them."""

    program: str
    confidence: Annotated[int, Meta(ge=0, le=100, description="The mean over the pages.")]
    pages: tuple[OcrPageRecord, ...]


@dataclass(frozen=True)
class ArticleRecord(Article):
    """The article; `title` is in square brackets where `has_title` is false.

    One with more than some 400,000 characters comes in `parts`: a part has only its own lead,
    sections and captions. A section or paragraph may go on in the next part: then `first_section`
    there is the number of the last section here.
    """

    has_title: HasTitle = True
    state: ReadState = ReadingState.COMPLETE
    ocr: Annotated[
        OcrRecord | None, Meta(description="Null where no words were recognised in pictures.")
    ] = None
    part: Annotated[Ordinal, Meta(description="The number of this part.")] = 1
    parts: Annotated[Ordinal, Meta(description="Parts of the article; of most, one.")] = 1
    first_section: Annotated[
        Ordinal, Meta(description="The number of the first of `sections` in the whole article.")
    ] = 1


class SuggestionsRecord(Struct, frozen=True):
    """Completions of an unfinished query, the commonest first."""

    query: str
    suggestions: tuple[Suggestion, ...]


class OriginRecord(Struct, frozen=True):
    """One original of a version: where it was found, when, and by which reader it was read."""

    original: Annotated[str, Meta(description="Its name, behind what it was a member of.")]
    captured: Timestamp
    sha256: Sha256
    media_type: Annotated[str, Meta(description="Empty where an older program kept it.")]
    reader: str
    reader_version: int
    warc_file: str
    warc_offset: Count
    warc_length: Count


class VersionRecord(Struct, frozen=True):
    """One version of an article, and the location of its original."""

    number: Ordinal
    captured: Timestamp
    sha256: Sha256
    original: Annotated[str, Meta(description="The original's name.")]
    reader: str
    reader_version: int
    warc_file: str
    warc_offset: Count
    warc_length: Count
    origins: Annotated[
        tuple[OriginRecord, ...],
        Meta(description="Every original that says the same, the version's own first."),
    ] = ()


class VersionsRecord(Struct, frozen=True, rename={"identifier": "id"}):
    """The versions of an article, oldest first."""

    identifier: str
    versions: tuple[VersionRecord, ...]


class ValueCount(Struct, frozen=True):
    """A value of a column, and the number of matches that have it."""

    value: str
    documents: Count


class FacetsRecord(Struct, frozen=True):
    """The number of matches with each value of a column, commonest first."""

    query: str
    total: Count
    complete: Annotated[
        bool, Meta(description="False when time ran out or a part of the archive is away.")
    ]
    facets: dict[Column, tuple[ValueCount, ...]]


class MonthCount(Struct, frozen=True):
    """A month (`2022-12`), and the number of matches from it."""

    month: Month
    documents: Count


class HistogramRecord(Struct, frozen=True):
    """The number of matches from each month, oldest first; empty months are left out."""

    query: str
    total: Count
    complete: Complete
    months: tuple[MonthCount, ...]


class SearchRecord(ResultPage, frozen=True, rename={"notices": "notes"}):
    """A page of results, and the address of the next one."""

    next: Annotated[str | None, Meta(description="The next page; null on the last.")] = None


class ChangeRecord(Struct, frozen=True, rename={"identifier": "id"}):
    """The newest change of an article: a mirror takes its newest version, or deletes it."""

    sequence: Ordinal
    identifier: str
    kind: Annotated[str, Meta(description="`added`, `changed` or `deleted`.")]
    version: Ordinal
    changed: str
    url: Annotated[str, Meta(description="The article in this interface.")]


class ChangesRecord(Struct, frozen=True):
    """The newest changes of articles after a number of the sequence, in order.

    An article comes once, at the place of its newest change: whoever asks again with `last` until
    `changes` is empty has all that is there.
    """

    since: Count
    last: Annotated[int, Meta(ge=0, description="The number to ask with for what follows.")]
    changes: tuple[ChangeRecord, ...]
    next: Annotated[str | None, Meta(description="The next changes; null at the end.")] = None
