"""The records that the JSON interface answers with, beside the page of results.

The interface's description is made of them.

Keys are stable: new ones may come, none changes its meaning or goes.
"""

from __future__ import annotations

from typing import Annotated, TypedDict

from msgspec import Meta

Moment = Annotated[
    str, Meta(description="ISO 8601 with its zone.", extra_json_schema={"format": "date-time"})
]
Count = Annotated[int, Meta(ge=0)]
Number = Annotated[int, Meta(ge=1)]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


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
