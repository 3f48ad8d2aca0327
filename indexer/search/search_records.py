"""Records of one search: the request, the notices about the query, and the page of results.

`ResultPage` and all that it holds are msgspec structs: JSON, its schema and the interface's
description come from them. JSON keys are stable: new ones may come, none changes its meaning.
Where a key is not the attribute's name, `rename` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from archive.captured_picture import CapturedPicture
from archive.document_account import ReadingState
from archive.records import HasTitle, ReadState, StatedMoment
from indexer.engine.queries import Column, Query, Sort
from indexer.search.query_notices import Count, Notice

Ordinal = Annotated[int, Meta(ge=1)]
"""A number that counts from 1."""


Complete = Annotated[
    bool, Meta(description="False when time ran out or a part of the archive is away.")
]


Language = Annotated[
    str, Meta(description="The label of the article's language; empty where unknown.")
]


class MatchMode(StrEnum):
    """Which articles a search lists; see `indexer/README.md` for full and partial matches."""

    AUTO = "auto"
    """By relevance full and partial matches in one list; in any other order full ones."""
    FULL = "full"
    """Articles that hold all that was meant."""
    PARTIAL = "partial"
    """Articles that hold enough of the words, with any diacritics, in any place."""
    ANY = "any"
    """Articles that hold any of the words."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search.

    Attributes:
        text: the query as typed; a blank one asks for all that passes the filters, if any.
        page: from 1.
        size: hits a page.
        exact: every typed diacritic has to match (đúng dấu).
        as_typed: neither keystrokes nor acronyms nor diacritics are read into the query.
        match: which articles are listed.
        filters: column filters that have to match as well.
        facets: columns whose values are counted.
        facet_size: values wanted for each of them, the commonest first.
        open_facets: those of them that their own filter does not narrow.
        budget: seconds for the engine; None is no limit.
        grouped: near-duplicates are collapsed under the best-ranked of them.
    """

    text: str
    page: int = 1
    size: int = 10
    sort: Sort = Sort.RELEVANCE
    exact: bool = False
    as_typed: bool = False
    match: MatchMode = MatchMode.AUTO
    filters: tuple[Query, ...] = ()
    facets: tuple[Column, ...] = ()
    facet_size: int = 50
    open_facets: tuple[Column, ...] = ()
    budget: float | None = None
    grouped: bool = True


class TextSpan(Struct, frozen=True, rename={"highlighted": "marked"}):
    """A piece of plain text, and whether it matched; to be escaped before it is shown."""

    text: str
    highlighted: bool = False


Snippet = tuple[TextSpan, ...]
"""A stretch of an article's text, cut into matched and other spans."""


class SectionRef(Struct, frozen=True):
    """The section that a hit is in, and who speaks there.

    Attributes:
        number: from 1.
        anchor: the fragment of the article's address.
        heading: the section's heading in one line; empty if only its locator names it.
        speaker: the speaker's name; empty if nobody speaks.
        locator: the place in the original as people cite it (`trang 12`), or empty.
        page: the page of the original that it begins on, from 1; 0 where that is unknown.
    """

    number: Ordinal
    anchor: str
    heading: str
    speaker: str = ""
    locator: str = ""
    page: int = 0


class NearDuplicate(Struct, frozen=True, rename={"identifier": "id"}):
    """An article whose text is nearly that of the hit it is collapsed under."""

    identifier: str
    title: str
    publisher: str
    published: StatedMoment | None
    published_precision: str = ""
    has_title: HasTitle = True
    language: Language = ""


class ResultHit(Struct, frozen=True, rename={"identifier": "id"}):
    """One article on a page of results.

    Attributes:
        title: plain text; of an article without a title its first words in square brackets.
        published_precision: year, month or day; empty where the date has a time of the day.
        title_spans: the title, cut into matched and other spans.
        snippets: best first.
        why: exact, folded, reading, acronym, keystrokes, section.
        near: the near-duplicates collapsed under this hit.
        missing: words of the query that the article does not hold, as typed.
        lead: the first 1,000 characters of the lead; empty where there is none.
        digest: the SHA-256 of the original's bytes.
        state: how far the document was read, one of the values of `ReadingState`.
        pictures: the pictures that its page shows in it.
    """

    identifier: str
    external_id: str
    title: str
    title_spans: Snippet
    published: StatedMoment | None
    publisher: str
    url: str
    score: float
    section: SectionRef | None
    snippets: tuple[Snippet, ...]
    why: Annotated[
        tuple[str, ...],
        Meta(description="exact, folded, reading, acronym, keystrokes, section"),
    ] = ()
    near: tuple[NearDuplicate, ...] = ()
    missing: Annotated[
        tuple[str, ...], Meta(description="Words of the query that the article does not hold.")
    ] = ()
    published_precision: str = ""
    has_title: HasTitle = True
    category: str = ""
    authors: tuple[str, ...] = ()
    lead: Annotated[str, Meta(description="The first 1,000 characters of the lead.")] = ""
    digest: Annotated[str, Meta(description="The SHA-256 of the original's bytes.")] = ""
    state: ReadState = ReadingState.COMPLETE
    pictures: Annotated[
        tuple[CapturedPicture, ...],
        Meta(description="The pictures in its page, by their original addresses."),
    ] = ()
    language: Language = ""


class ResultPage(Struct, frozen=True, rename={"notices": "notes"}):
    """One page of results.

    Attributes:
        query: the canonical text of the query as typed; notices point into it.
        searched: the query after keystrokes were decoded.
        total: articles that match fully, or exactly if that was asked; where none does or the
            request says so, those that match in part.
        total_exact: articles that match as typed.
        total_full: articles that hold all that was meant.
        total_folded: articles with all the words in any place, with any diacritics.
        listed: articles on all pages: by relevance those that match in part as well.
        meant: what the words were read as: units in the forms that were searched for.
        took_ms: milliseconds.
        pages: number of pages.
        hidden: articles of the total that are collapsed under another hit of some page.
        facets: column -> value -> articles, commonest value first.
        generation: the name of the generation that answered; empty without an index.
        complete: False where the time ran out, or a part of the archive did not answer.
        total_is_exact: False where there may be more articles than the totals say.
    """

    query: str
    searched: Annotated[str, Meta(description="The query after keystrokes were read.")]
    notices: tuple[Notice, ...]
    total: Annotated[Count, Meta(description="Full matches, or as was asked.")]
    total_exact: Annotated[Count, Meta(description="Articles that match as typed.")]
    total_full: Annotated[Count, Meta(description="Articles that hold all that was meant.")]
    total_folded: Annotated[Count, Meta(description="Articles with all words, any diacritics.")]
    listed: Annotated[Count, Meta(description="Articles on all pages, partial matches too.")]
    meant: Annotated[tuple[str, ...], Meta(description="Units of the query, as searched for.")]
    took_ms: float
    page: Ordinal
    pages: Count
    hidden: Annotated[Count, Meta(description="Matches collapsed under a near-duplicate (near).")]
    hits: tuple[ResultHit, ...]
    facets: dict[Column, dict[str, Count]]
    generation: str = ""
    complete: Complete = True
    total_is_exact: Annotated[
        bool, Meta(description="False when there may be more than the totals say.")
    ] = True
