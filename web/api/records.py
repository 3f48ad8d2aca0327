"""The records that the JSON interface answers with; the interface's description is made of them.

Keys are stable: new ones may come, none changes its meaning or goes.
"""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from msgspec import Meta

Moment = Annotated[
    str, Meta(description="ISO 8601 with its zone.", extra_json_schema={"format": "date-time"})
]
Count = Annotated[int, Meta(ge=0)]
Number = Annotated[int, Meta(ge=1)]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class NoteRecord(TypedDict):
    """A remark on how the query was understood; `start` and `end` are places in the query."""

    kind: str
    message: Annotated[str, Meta(description="The remark in Vietnamese.")]
    start: Count
    end: Count
    limit: NotRequired[str]
    value: NotRequired[str]
    method: NotRequired[str]
    read: NotRequired[str]
    short: NotRequired[str]
    long: NotRequired[str]
    text: NotRequired[str]
    documents: NotRequired[str]
    share: NotRequired[str]
    missing: NotRequired[str]
    left_out: NotRequired[str]


class SectionRecord(TypedDict):
    """The section of an article that a hit is in."""

    number: Number
    anchor: str
    heading: str
    speaker: str


class SliceRecord(TypedDict):
    """A piece of plain text, and whether it matched."""

    text: str
    marked: bool


class CopyRecord(TypedDict):
    """An article that says nearly the same as the hit before it."""

    id: str
    title: str
    publisher: str
    published: Moment | None


class HitRecord(TypedDict):
    """One article among the results."""

    id: str
    external_id: str
    title: str
    published: Moment | None
    publisher: str
    url: str
    score: float
    section: SectionRecord | None
    snippets: list[list[SliceRecord]]
    why: Annotated[
        list[str], Meta(description="exact, folded, reading, acronym, keystrokes, section")
    ]
    near: list[CopyRecord]


class ResultsRecord(TypedDict):
    """A page of results."""

    query: str
    searched: Annotated[str, Meta(description="The query after keystrokes were read.")]
    notes: list[NoteRecord]
    total: Annotated[Count, Meta(description="Matches with marks left out.")]
    total_exact: Annotated[Count, Meta(description="Matches of every typed mark.")]
    took_ms: float
    page: Number
    pages: Count
    hidden: Annotated[Count, Meta(description="Matches that stand behind a near-copy (near).")]
    hits: list[HitRecord]
    facets: dict[str, dict[str, Count]]


class SuggestionRecord(TypedDict):
    """A whole query that is offered, and how many articles hold its completed end."""

    text: str
    documents: Count


class SuggestionsRecord(TypedDict):
    """How an unfinished query may go on, the commonest first."""

    query: str
    suggestions: list[SuggestionRecord]


class VersionRecord(TypedDict):
    """One version of an article, and where its original is."""

    number: Number
    captured: Moment
    sha256: Sha256
    original: Annotated[str, Meta(description="The original's name.")]
    reader: str
    reader_version: int
    warc_file: str
    warc_offset: Count
    warc_length: Count


class VersionsRecord(TypedDict):
    """The versions of an article, oldest first."""

    id: str
    versions: list[VersionRecord]


class ValueRecord(TypedDict):
    """A value of a column, and how many of the articles have it."""

    value: str
    documents: Count


class FacetsRecord(TypedDict):
    """How many of the matches have each value of a column, commonest first."""

    query: str
    total: Count
    complete: Annotated[bool, Meta(description="False when the time budget ran out.")]
    facets: dict[str, list[ValueRecord]]


class BarRecord(TypedDict):
    """A month (`2022-12`), and how many of the articles are from it."""

    month: Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}$")]
    documents: Count


class HistogramRecord(TypedDict):
    """How many of the matches are from each month, oldest first; empty months are left out."""

    query: str
    total: Count
    complete: bool
    months: list[BarRecord]


class ProblemDetails(TypedDict):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
