"""The query tree that every engine answers: small frozen records, no engine's syntax.

Scores are BM25 (Robertson and Zaragoza 2009, k1 1.2, b .75) with the idf of Whoosh's BM25F,
log(N / (df + 1)) + 1, so that stock Whoosh is the oracle of any other engine. A boost multiplies
the score of its node. Term texts are terms as `indexer.analysis.analyzer` makes them.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from indexer.analysis.fields import Field


class Column(StrEnum):
    """A column of doc values: by document, for filters, facets and sorting."""

    PUBLISHED = "published"
    """Seconds since 1970-01-01T00:00Z; documents without a date have none."""
    MONTH = "month"
    """`2022-12`, in the zone the article was published in."""
    PUBLISHER = "publisher"
    CATEGORY = "category"
    AUTHOR = "author"
    PERSON = "person"
    STATE = "state"
    """How far a document could be read; of one that was read as a whole there is no value."""


class Sort(StrEnum):
    """The order of results; ties are always broken by identifier, undated articles come last."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class Query(Struct, frozen=True, cache_hash=True):
    """A node of the query tree; made, compared and hashed many times for one page."""


class Term(Query, frozen=True, cache_hash=True):
    """A term query: documents that hold one term of one field."""

    field: Field
    text: str
    boost: float = 1.0


class Phrase(Query, frozen=True, cache_hash=True):
    """A phrase query: documents with the terms at consecutive positions; scores as their `And`.

    An empty string in `texts` stands for any one term.
    """

    field: Field
    texts: tuple[str, ...]
    boost: float = 1.0


class MultiPhrase(Query, frozen=True, cache_hash=True):
    """A phrase query with alternatives: at each position any of some terms may stand.

    It scores as an `And` that has for each position an `Or` of the position's terms, each with
    the boost. Positions without terms at the beginning and at the end are left out.

    Attributes:
        texts: for each position the terms that may stand there; none of them: any one word.
        slop: with 0 the positions are consecutive and in order. With n, all words stand in any
            order within `len(texts) + n` neighbouring words of one passage, each position at a
            word of its own; there a position without terms only makes room for one word more.
            (Where more than six different positions can take each other's words, each of them
            and all of them together have enough words, and no other subsets are looked at.)
    """

    field: Field
    texts: tuple[tuple[str, ...], ...]
    slop: int = 0
    boost: float = 1.0


class Prefix(Query, frozen=True, cache_hash=True):
    """A prefix query: documents that hold a term with a prefix; each scores exactly the boost.

    Engines look at no more than `limit` terms, the commonest ones.
    """

    field: Field
    text: str
    boost: float = 1.0
    limit: int = 256


class Wildcard(Query, frozen=True, cache_hash=True):
    """A wildcard query: documents that hold a term of a pattern; each scores exactly the boost.

    In `pattern` a `*` stands for any letters and a `?` for one (`ph*ng`, `c?ng`); it must not
    begin with either. Engines look at no more than `limit` terms, the commonest ones.
    """

    field: Field
    pattern: str
    boost: float = 1.0
    limit: int = 256


class Fuzzy(Query, frozen=True, cache_hash=True):
    """A fuzzy query: documents with a term few letters away; each scores exactly the boost.

    Up to `distance` (1 or 2) letters are put in, left out or changed, but not the first one. Only
    folded fields have it. Engines look at no more than `limit` terms, the commonest ones.
    """

    field: Field
    text: str
    distance: int = 1
    boost: float = 1.0
    limit: int = 64


class And(Query, frozen=True, cache_hash=True):
    """Documents that match every child; the scores are summed."""

    children: tuple[Query, ...]


class Or(Query, frozen=True, cache_hash=True):
    """Documents that match enough children, at least one; the scores are summed.

    Attributes:
        minimum_should_match: what the weights of the matching children sum to at least, to six
            decimals.
        weights: the weight of each child; empty: each has 1. They do not change the scores.
    """

    children: tuple[Query, ...]
    minimum_should_match: float = 1
    weights: tuple[float, ...] = ()


class AndMaybe(Query, frozen=True, cache_hash=True):
    """Documents that match `required`; matching `preferred` as well only adds to the score."""

    required: Query
    preferred: Query


class Coverage(Query, frozen=True, cache_hash=True):
    """Documents that match `query`; they score more the more a field is the texts and no others.

    A score is multiplied by 1 + boost * held * covered: `held` is the share of the texts' idf that
    the field holds, `covered` the share of that in the idf of the whole field, whose other words
    count the mean idf of the texts. A field of more than `longest` words, as lengths are kept,
    leaves the score as it is. Not to be used inside `InSection`.
    """

    query: Query
    field: Field
    texts: tuple[str, ...]
    boost: float = 1.0
    longest: int = 25


class AndNot(Query, frozen=True, cache_hash=True):
    """Documents that match `required` and do not match `excluded`."""

    required: Query
    excluded: Query


class InSection(Query, frozen=True, cache_hash=True):
    """Documents with a section whose speaker's name holds `person` as a phrase and that matches.

    Terms and phrases of `query` count only inside that one section.
    """

    person: tuple[str, ...]
    query: Query


class MatchAll(Query, frozen=True, cache_hash=True):
    """Every document; each scores exactly the boost."""

    boost: float = 1.0


class MatchNone(Query, frozen=True, cache_hash=True):
    """No document."""


class InRange(Query, frozen=True, cache_hash=True):
    """Documents whose column lies in [low, high); None is an open end. Scores 1. PUBLISHED only."""

    column: Column
    low: int | None
    high: int | None


class HasIdentifier(Query, frozen=True, cache_hash=True):
    """Documents that have one of these identifiers. Scores 1."""

    identifiers: tuple[str, ...]


class HasValue(Query, frozen=True, cache_hash=True):
    """Documents that have one of these values in the column. Scores 1."""

    column: Column
    values: tuple[str, ...]
