"""What is asked of the search and what it answers: plain records, ready to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from indexer.engine.queries import Column, Query, Sort
from indexer.engine.records import FacetCounts


class NoticeKind(StrEnum):
    """What the searcher is told about how the query was understood."""

    CUT = "cut"
    """The query was longer than the limit; params: limit (characters)."""
    TOO_MANY_WORDS = "too_many_words"
    """Only the first words count; params: limit."""
    QUOTE = "quote"
    """A quotation mark was never closed."""
    BRACKET = "bracket"
    """A bracket without its partner was passed over."""
    TOO_DEEP = "too_deep"
    """Brackets nested deeper than the limit were passed over; params: limit."""
    WILDCARD = "wildcard"
    """A star that does not end a word of two letters or more was passed over."""
    DATE = "date"
    """A date that cannot be read was passed over; params: value."""
    KEYSTROKES = "keystrokes"
    """Telex, VNI or VIQR was read; params: method, read (what was searched for)."""
    ACRONYM = "acronym"
    """A short or long form was searched as well; params: short, long."""
    READING = "reading"
    """A form with marks that the archive holds; params: text, documents."""
    RELAXED = "relaxed"
    """Not every word had to match; params: share (percent; 0 is any), missing (words that the
    archive does not hold), left_out (words that the best article does not hold)."""
    SUGGESTION = "suggestion"
    """Did you mean; params: text."""
    TIME = "time"
    """The time budget ran out: what was found so far is shown."""


@dataclass(frozen=True, slots=True)
class QueryNotice:
    """One remark about the query, with the place in its text that it is about."""

    kind: NoticeKind
    start: int = 0
    end: int = 0
    params: tuple[tuple[str, str], ...] = ()

    def param(self, name: str) -> str:
        """The value of a parameter; empty when there is none."""
        return dict(self.params).get(name, "")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search.

    Attributes:
        text: what the person typed; blank asks for all that passes the filters, if there are any.
        page: from 1.
        size: hits a page.
        exact: every mark that was typed has to match (đúng dấu).
        as_typed: no keystrokes, acronyms or readings are tried.
        any_word: documents with any of the words are ranked, not only those with all.
        filters: column filters that have to match as well.
        facets: columns whose values are counted.
        facet_size: values wanted for each of them, the commonest first.
        budget: seconds for the engine; None is no end.
        grouped: near-copies stand behind the best-ranked of them.
    """

    text: str
    page: int = 1
    size: int = 10
    sort: Sort = Sort.RELEVANCE
    exact: bool = False
    as_typed: bool = False
    any_word: bool = False
    filters: tuple[Query, ...] = ()
    facets: tuple[Column, ...] = ()
    facet_size: int = 50
    budget: float | None = None
    grouped: bool = True


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A piece of text, and whether it matched; text is plain and must be escaped to be shown."""

    text: str
    marked: bool = False


Snippet = tuple[TextSpan, ...]
"""A stretch of an article's text, cut into matched and other slices."""


@dataclass(frozen=True, slots=True)
class SectionRef:
    """The section a hit is in: its number from 1, heading, and who speaks."""

    number: int
    heading: str
    speaker: str = ""

    @property
    def anchor(self) -> str:
        """The fragment of the article's address."""
        return f"s{self.number}"


@dataclass(frozen=True, slots=True)
class NearCopy:
    """An article whose text is nearly that of the hit it stands behind."""

    identifier: str
    title: str
    publisher: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class ResultHit:
    """One article on a page of results; `near` are those that it stands for as well."""

    identifier: str
    external_id: str
    title: Snippet
    published: datetime | None
    publisher: str
    url: str
    score: float
    section: SectionRef | None
    snippets: tuple[Snippet, ...]
    why: tuple[str, ...] = ()
    near: tuple[NearCopy, ...] = ()

    @property
    def title_text(self) -> str:
        """The title as plain text."""
        return "".join(piece.text for piece in self.title)


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of results.

    Attributes:
        query: the canonical text of what was typed; notes point into it.
        searched: what was searched for, where keystrokes were read; else the query.
        total: articles that match, with marks left out unless the question is exact.
        total_exact: articles that match every typed mark.
        total_folded: articles that match with marks left out.
        pages: how many pages there are.
        hidden: articles of the total that stand behind a near-copy on some page.
    """

    query: str
    searched: str
    notes: tuple[QueryNotice, ...]
    total: int
    total_exact: int
    took_ms: float
    hits: tuple[ResultHit, ...]
    facets: tuple[FacetCounts, ...]
    page: int
    pages: int
    generation: str = ""
    total_folded: int = 0
    hidden: int = 0
