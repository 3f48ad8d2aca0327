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

from archive.records import HasTitle, StatedMoment
from indexer.engine.queries import Column, Query, Sort

Count = Annotated[int, Meta(ge=0)]
"""A number of articles, pages or characters, or an offset."""

Ordinal = Annotated[int, Meta(ge=1)]
"""A number that counts from 1."""


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


class QueryNotice(Struct, frozen=True, tag_field="kind"):
    """A remark on how the query was understood; every kind is a class of its own.

    Attributes:
        start, end: the span of the query's canonical text that it is about.
        message: its sentence in Vietnamese; empty until the page of results is made.
    """

    start: Count = 0
    end: Count = 0
    message: Annotated[str, Meta(description="The remark in Vietnamese.")] = ""


class CutNotice(QueryNotice, frozen=True, tag="cut", kw_only=True):
    """The query is longer than the limit in characters; the end was cut off."""

    limit: Count


class WordLimitNotice(QueryNotice, frozen=True, tag="too_many_words", kw_only=True):
    """The query has more words than the limit; only the first ones count."""

    limit: Count


class QuoteNotice(QueryNotice, frozen=True, tag="quote"):
    """A quotation mark was never closed."""


class BracketNotice(QueryNotice, frozen=True, tag="bracket"):
    """A bracket without its partner was ignored."""


class DepthNotice(QueryNotice, frozen=True, tag="too_deep", kw_only=True):
    """Brackets nested deeper than the limit were ignored."""

    limit: Count


class WildcardNotice(QueryNotice, frozen=True, tag="wildcard"):
    """A wildcard that cannot be answered was ignored."""


class DateNotice(QueryNotice, frozen=True, tag="date", kw_only=True):
    """A date that cannot be read was ignored."""

    value: str


class FieldNotice(QueryNotice, frozen=True, tag="field", kw_only=True):
    """A field that the archive does not have was left out with its value.

    Attributes:
        value: the field's name and value as typed.
        known: the names of the fields that there are.
    """

    value: str
    known: str


class FieldValueNotice(QueryNotice, frozen=True, tag="field_value", kw_only=True):
    """The value of a field that there is not was searched for in all text; `value` is its name."""

    value: str
    known: str


class EmptyFieldNotice(QueryNotice, frozen=True, tag="empty_field", kw_only=True):
    """No article has a value in a field."""

    field: str
    value: str


class LookupNotice(QueryNotice, frozen=True, tag="lookup", kw_only=True):
    """An address or identifier beside other conditions was left out."""

    value: str


class ArticleNotice(QueryNotice, frozen=True, tag="article", kw_only=True):
    """The query is the address or an identifier of the articles that are shown."""

    value: str


class NoArticleNotice(QueryNotice, frozen=True, tag="no_article", kw_only=True):
    """No article has this address or identifier; its words were searched for."""

    value: str


class IgnoredNotice(QueryNotice, frozen=True, tag="ignored", kw_only=True):
    """Signs that mean nothing here were left out: a boost, a star inside quotation marks."""

    value: str


class SlopNotice(QueryNotice, frozen=True, tag="slop", kw_only=True):
    """The words of a phrase may stand no further apart than the limit."""

    limit: Count


class OperatorNotice(QueryNotice, frozen=True, tag="operator", kw_only=True):
    """A word was searched for that would be an operator in capitals."""

    word: str
    operator: str


class NegationNotice(QueryNotice, frozen=True, tag="negation", kw_only=True):
    """A negation in capitals was searched for as a word: the archive writes it in a row."""

    word: str


class SignNotice(QueryNotice, frozen=True, tag="sign", kw_only=True):
    """A sign or field is for its word alone, which the archive writes in one with the next."""

    sign: str
    word: str
    unit: str


class EmptyNotice(QueryNotice, frozen=True, tag="empty"):
    """The query has nothing that can be searched for."""


class KeystrokesNotice(QueryNotice, frozen=True, tag="keystrokes", kw_only=True):
    """Keystrokes of an input method (telex, vni, viqr) were decoded into the query searched."""

    method: str
    read: str


class AcronymNotice(QueryNotice, frozen=True, tag="acronym", kw_only=True):
    """The acronym, or the long form of one, was searched as well."""

    short: str
    long: str


class SpellingNotice(QueryNotice, frozen=True, tag="spelling", kw_only=True):
    """Another way to write words, with or without a blank, was searched as well."""

    text: str


class DiacriticsNotice(QueryNotice, frozen=True, tag="reading", kw_only=True):
    """A form with diacritics of a bare query, and how many documents hold it."""

    text: str
    documents: Count


class RelaxedNotice(QueryNotice, frozen=True, tag="relaxed", kw_only=True):
    """No article matches fully: the hits match in part.

    Attributes:
        share: percent of the words' weight that had to match; 0 is any word.
        missing: words that the archive does not hold.
        left_out: words that the best hit does not hold.
    """

    share: Annotated[int, Meta(ge=0, le=100)]
    missing: tuple[str, ...]
    left_out: tuple[str, ...]


class SuggestionNotice(QueryNotice, frozen=True, tag="suggestion", kw_only=True):
    """Did you mean: another query."""

    text: str


class RepairNotice(QueryNotice, frozen=True, tag="repair", kw_only=True):
    """The query with its spelling repaired was searched as well, at less weight."""

    text: str


class TimeNotice(QueryNotice, frozen=True, tag="time"):
    """The time budget ran out; the page shows the hits up to then."""


Notice = (
    CutNotice
    | WordLimitNotice
    | QuoteNotice
    | BracketNotice
    | DepthNotice
    | WildcardNotice
    | DateNotice
    | FieldNotice
    | FieldValueNotice
    | EmptyFieldNotice
    | LookupNotice
    | ArticleNotice
    | NoArticleNotice
    | IgnoredNotice
    | SlopNotice
    | OperatorNotice
    | NegationNotice
    | SignNotice
    | EmptyNotice
    | KeystrokesNotice
    | AcronymNotice
    | SpellingNotice
    | DiacriticsNotice
    | RelaxedNotice
    | SuggestionNotice
    | RepairNotice
    | TimeNotice
)
"""A notice of any kind; in JSON its `kind` tells which."""


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
    """

    number: Ordinal
    anchor: str
    heading: str
    speaker: str = ""
    locator: str = ""


class NearDuplicate(Struct, frozen=True, rename={"identifier": "id"}):
    """An article whose text is nearly that of the hit it is collapsed under."""

    identifier: str
    title: str
    publisher: str
    published: StatedMoment | None
    published_precision: str = ""
    has_title: HasTitle = True


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
