"""Lowering: the query tree in the query language of OpenSearch, by arithmetic alone.

What has to be asked of the index first comes as `QueryFacts`: the terms that prefixes, patterns
and fuzzy words stand for, the exact forms of the folded words of phrases, and the idf of the words
of titles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final

from indexer.analysis.fields import Field
from indexer.engine import queries as q
from indexer.engine.queries import Column, Query
from indexer.opensearch_engine.coverage_script import cover_query
from indexer.opensearch_engine.expanded_nodes import (
    ExpandedNode,
    check_expanded,
    lower_pair_pattern,
)
from indexer.opensearch_engine.mapping import (
    COVERAGE_FIELDS,
    IDENTIFIER,
    POSITIONS_OF,
    SECTIONS,
    TEXT_FIELDS,
    WORDS_OF,
    value_field,
)
from indexer.opensearch_engine.phrase_lowering import (
    DslQuery,
    is_sendable,
    lower_places,
    lower_row,
    trim_phrase,
)
from indexer.opensearch_engine.query_walk import walk

DocumentNode = q.HasIdentifier | q.InRange | q.HasValue
"""Nodes that are about a document as a whole."""

MATCH_NONE: Final[DslQuery] = {"match_none": {}}
MATCH_ALL: Final[DslQuery] = {"match_all": {}}

WEIGHT_TOLERANCE: Final = 1e-6
"""Sums of weights that differ by less are equal."""

MOST_CASES: Final = 6
"""Nodes about whole documents that one `InSection` may hold: each doubles the query."""

_LAST_NUMBER: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class QueryFacts:
    """Figures of the index that a query depends on.

    Attributes:
        terms: node -> the commonest terms of its field that it stands for.
        forms: folded word of a phrase, or inside a section -> its exact forms.
        idf: field and text -> the text's idf.
    """

    terms: Mapping[ExpandedNode, Sequence[str]] = field(default_factory=dict)
    forms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    idf: Mapping[tuple[Field, str], float] = field(default_factory=dict)


class QueryLowering:
    """The lowering of the queries of one request."""

    def __init__(self, facts: QueryFacts) -> None:
        """Lower with some figures of the index."""
        self._facts = facts

    def lower(self, node: Query) -> DslQuery:
        """Return a node in the query language of OpenSearch.

        Raises:
            ValueError: the node asks for what no index can answer.
        """
        return _LOWER[type(node)](self, node)

    def lower_all(self, nodes: Iterable[Query]) -> list[DslQuery]:
        """Return some nodes in the query language of OpenSearch."""
        return [self.lower(node) for node in nodes]

    def lower_term(self, node: q.Term) -> DslQuery:
        """Match one term."""
        if not is_sendable(node.text):
            return MATCH_NONE
        if not node.boost:
            return _without_score({"term": {node.field.value: node.text}})
        return {"term": {node.field.value: {"value": node.text, "boost": node.boost}}}

    def lower_phrase(self, node: q.MultiPhrase) -> DslQuery:
        """Match a phrase where positions are kept; score it as its terms."""
        if node.field not in POSITIONS_OF:
            raise ValueError(f"the field {node.field} keeps no positions")
        texts = trim_phrase(node.texts)
        positions = [tuple(filter(is_sendable, position)) for position in texts]
        if not texts or any(
            original and not sendable for original, sendable in zip(texts, positions, strict=True)
        ):
            return MATCH_NONE
        words = [
            _any([self.lower_term(q.Term(node.field, text, node.boost)) for text in position])
            for position in positions
            if position
        ]
        if len(texts) == 1:
            return words[0]
        place = self._place(node.field, positions, node.slop)
        return {"bool": {"must": words, "filter": [place]}} if node.boost else _without_score(place)

    def _place(self, field_: Field, positions: Sequence[Sequence[str]], slop: int) -> DslQuery:
        """Match words at their places, in any field that has them."""
        placed = self.placed_words(field_, positions)
        if placed is None:
            return MATCH_NONE
        name = POSITIONS_OF[field_]
        if field_ not in TEXT_FIELDS:
            return lower_places(name, placed, slop)
        inside = {"path": SECTIONS, "query": lower_places(f"{SECTIONS}.{name}", placed, slop)}
        return _any([lower_places(name, placed, slop), {"nested": inside}])

    def placed_words(
        self, field_: Field, positions: Sequence[Sequence[str]]
    ) -> list[tuple[str, ...]] | None:
        """Return what stands at the places of a field's words; None where nothing can.

        Of folded words these are all exact forms that they have.
        """
        if field_ is not Field.FOLDED:
            return [tuple(position) for position in positions]
        forms = self._facts.forms
        placed = [
            tuple(form for text in position for form in forms.get(text, ()) if is_sendable(form))
            for position in positions
        ]
        missing = any(words and not exact for words, exact in zip(positions, placed, strict=True))
        return None if missing else placed

    def lower_expanded(self, node: ExpandedNode) -> DslQuery:
        """Match any of the terms that a node stands for, each with the same score."""
        check_expanded(node)
        name = node.field.value
        if node.field in WORDS_OF:
            # The dictionary has words alone; the index looks for pairs itself.
            return _constant(lower_pair_pattern(node), node.boost)
        texts = [text for text in self._facts.terms.get(node, ()) if is_sendable(text)]
        return _constant({"terms": {name: texts}}, node.boost) if texts else MATCH_NONE

    def lower_and(self, node: q.And) -> DslQuery:
        """Match every child."""
        children = self.lower_all(node.children)
        return {"bool": {"must": children}} if children else MATCH_NONE

    def lower_or(self, node: q.Or) -> DslQuery:
        """Match children that weigh enough together."""
        children = self.lower_all(node.children)
        weights = node.weights or (1.0,) * len(children)
        if any(weight < 0 for weight in weights):
            raise ValueError("a child has a negative weight")
        if len(weights) != len(children):
            raise ValueError("the weights are not one for each child")
        minimum = node.minimum_should_match - WEIGHT_TOLERANCE
        if not children or minimum > sum(weights):
            return MATCH_NONE
        least = min(weights)
        if minimum <= least:
            return _any(children)
        if least == max(weights):
            return _any(children, ceil(minimum / least))
        weighed = [
            _constant(child, weight)
            for child, weight in zip(children, weights, strict=True)
            if weight
        ]
        # As a constant: a clause that stands twice is asked once with twice its scores, and a
        # score that was raised would be enough too soon.
        enough = {"function_score": {"query": _any(weighed), "min_score": minimum}}
        required = _constant(enough, boost=0.0)
        return {"bool": {"must": [required], "should": children, "minimum_should_match": 0}}

    def lower_and_maybe(self, node: q.AndMaybe) -> DslQuery:
        """Match `required`, and score both."""
        required, preferred = self.lower(node.required), self.lower(node.preferred)
        return {"bool": {"must": [required], "should": [preferred]}}

    def lower_and_not(self, node: q.AndNot) -> DslQuery:
        """Match and score `required` without what is excluded."""
        required, excluded = self.lower(node.required), self.lower(node.excluded)
        return {"bool": {"must": [required], "must_not": [excluded]}}

    def lower_coverage(self, node: q.Coverage) -> DslQuery:
        """Match a query, and multiply its scores by how much of a title the texts cover."""
        query = self.lower(node.query)
        if node.field not in COVERAGE_FIELDS:
            raise ValueError(f"the coverage of the field {node.field} is not kept")
        weights = {text: self._facts.idf[node.field, text] for text in node.texts}
        return cover_query(query, node, weights) if weights else query

    def lower_range(self, node: q.InRange) -> DslQuery:
        """Match a range of dates."""
        if node.column is not Column.PUBLISHED:
            raise ValueError(f"the column {node.column} has no order")
        name = value_field(node.column)
        limits = {
            key: max(-_LAST_NUMBER, min(limit, _LAST_NUMBER))
            for key, limit in (("gte", node.low), ("lt", node.high))
            if limit is not None
        }
        return _constant({"range": {name: limits}} if limits else {"exists": {"field": name}})

    def lower_values(self, node: q.HasValue) -> DslQuery:
        """Match any of some values of a column."""
        if node.column is Column.PUBLISHED:
            raise ValueError("the column published has no values to choose from")
        return _any_text(value_field(node.column), node.values)

    def lower_identifiers(self, node: q.HasIdentifier) -> DslQuery:
        """Match documents by their identifiers."""
        return _any_text(IDENTIFIER, node.identifiers)

    def lower_section(self, node: q.InSection) -> DslQuery:
        """Match the sections of a person; scores are those of the document's terms."""
        section = SectionLowering(self._facts)
        cases = list(section.lower_cases(node.query))
        names = [(text,) for text in node.person]
        scored = self.lower(node.query)
        if not names or not all(map(is_sendable, node.person)):
            return MATCH_NONE
        name = f"{SECTIONS}.person"
        person = lower_row(name, names) if len(names) > 1 else {"term": {name: node.person[0]}}
        places = []
        for conditions, query in cases:
            nested = {"path": SECTIONS, "query": {"bool": {"filter": [person, query]}}}
            documents = [
                {"bool": {"filter" if holds else "must_not": [self.lower(condition)]}}
                for condition, holds in conditions.items()
            ]
            places.append({"bool": {"filter": [{"nested": nested}, *documents]}})
        return {"bool": {"filter": [_any(places)], "should": [scored], "minimum_should_match": 0}}


class SectionLowering(QueryLowering):
    """The lowering of what has to match inside one section: sections keep positions alone."""

    def lower_cases(self, node: Query) -> Iterable[tuple[Mapping[Query, bool], DslQuery]]:
        """Yield a query for sections for each case of the nodes about whole documents.

        A section does not have its document's values: whether they match is a condition of the
        document beside the query (Shannon's expansion).

        Raises:
            ValueError: the node asks for what no index can answer.
        """
        documents = [each for each in walk(node) if isinstance(each, DocumentNode)]
        unique = list(dict.fromkeys(documents))
        if len(unique) > MOST_CASES:
            raise ValueError(f"more than {MOST_CASES} conditions of documents in one section")
        for number in range(1 << len(unique)):
            case: dict[Query, bool] = {
                each: bool(number >> index & 1) for index, each in enumerate(unique)
            }
            yield case, _SectionCase(self._facts, case).lower(node)

    def lower_term(self, node: q.Term) -> DslQuery:
        """Match a term inside; a pair is looked for as a phrase.

        So a pair is found as well where one of its words is only an extra term of its place.
        """
        field_ = WORDS_OF.get(node.field, node.field)
        texts = node.text.split(" ") if node.field in WORDS_OF else [node.text]
        return self._inside(field_, [(text,) for text in texts])

    def lower_phrase(self, node: q.MultiPhrase) -> DslQuery:
        """Match a phrase inside."""
        if node.field not in POSITIONS_OF:
            raise ValueError(f"the field {node.field} keeps no positions")
        return self._inside(node.field, trim_phrase(node.texts), node.slop)

    def lower_expanded(self, node: ExpandedNode) -> DslQuery:
        """Match inside any of the terms that a node stands for."""
        check_expanded(node)
        if node.field in WORDS_OF:
            raise ValueError("a pattern of pairs cannot be inside InSection")
        return self._inside(node.field, [tuple(self._facts.terms.get(node, ()))])

    def lower_coverage(self, node: q.Coverage) -> DslQuery:
        """Refuse: a section has no title."""
        raise ValueError("Coverage cannot be inside InSection")

    def lower_section(self, node: q.InSection) -> DslQuery:
        """Refuse: a section holds no other section."""
        raise ValueError("one InSection cannot be inside another")

    def _inside(self, field_: Field, texts: Sequence[Sequence[str]], slop: int = 0) -> DslQuery:
        positions = [tuple(filter(is_sendable, position)) for position in texts]
        if (
            field_ not in WORDS_OF.values()
            or not texts
            or not all(
                sendable or not original
                for original, sendable in zip(texts, positions, strict=True)
            )
        ):
            return MATCH_NONE
        placed = self.placed_words(field_, positions)
        if placed is None or not any(placed):
            return MATCH_NONE
        name = f"{SECTIONS}.{POSITIONS_OF[field_]}"
        if len(placed) == 1:
            return {"terms": {name: list(placed[0])}}
        return lower_places(name, placed, slop)


class _SectionCase(SectionLowering):
    """The lowering of one case: the nodes about whole documents are known to match, or not to."""

    def __init__(self, facts: QueryFacts, case: Mapping[Query, bool]) -> None:
        super().__init__(facts)
        self._case = case

    def lower(self, node: Query) -> DslQuery:
        """Return a node in the query language of OpenSearch; raises as `QueryLowering` does."""
        if isinstance(node, DocumentNode):
            # Wrong uses are refused here as well.
            QueryLowering(self._facts).lower(node)
            return MATCH_ALL if self._case[node] else MATCH_NONE
        return super().lower(node)


def _any(queries: Sequence[DslQuery], minimum: int = 1) -> DslQuery:
    if len(queries) == 1 and minimum == 1:
        return queries[0]
    return {"bool": {"should": list(queries), "minimum_should_match": minimum}}


def _any_text(name: str, texts: Sequence[str]) -> DslQuery:
    sendable = [text for text in texts if is_text(text)]
    return _constant({"terms": {name: sendable}}) if sendable else MATCH_NONE


def is_text(text: str) -> bool:
    """Tell whether a text can be sent: it holds no half of a letter."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _constant(query: DslQuery, boost: float = 1.0) -> DslQuery:
    return {"constant_score": {"filter": query, "boost": boost}}


def _without_score(query: DslQuery) -> DslQuery:
    return {"bool": {"filter": [query]}}


def multi_phrase(node: q.Phrase) -> q.MultiPhrase:
    """Return a phrase as one with a single alternative at each position."""
    texts = tuple((text,) if text else () for text in node.texts)
    return q.MultiPhrase(node.field, texts, 0, node.boost)


_LOWER: Final[dict[type, Callable[[QueryLowering, Any], DslQuery]]] = {
    q.Term: lambda lowering, node: lowering.lower_term(node),
    q.Phrase: lambda lowering, node: lowering.lower_phrase(multi_phrase(node)),
    q.MultiPhrase: lambda lowering, node: lowering.lower_phrase(node),
    q.Prefix: lambda lowering, node: lowering.lower_expanded(node),
    q.Wildcard: lambda lowering, node: lowering.lower_expanded(node),
    q.Fuzzy: lambda lowering, node: lowering.lower_expanded(node),
    q.And: lambda lowering, node: lowering.lower_and(node),
    q.Or: lambda lowering, node: lowering.lower_or(node),
    q.AndMaybe: lambda lowering, node: lowering.lower_and_maybe(node),
    q.AndNot: lambda lowering, node: lowering.lower_and_not(node),
    q.Coverage: lambda lowering, node: lowering.lower_coverage(node),
    q.InSection: lambda lowering, node: lowering.lower_section(node),
    q.MatchAll: lambda lowering, node: {"match_all": {"boost": node.boost}},
    q.MatchNone: lambda lowering, node: MATCH_NONE,
    q.InRange: lambda lowering, node: lowering.lower_range(node),
    q.HasIdentifier: lambda lowering, node: lowering.lower_identifiers(node),
    q.HasValue: lambda lowering, node: lowering.lower_values(node),
}
