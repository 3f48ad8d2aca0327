"""The query plan: a query tree becomes scorers on one segment."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import numpy as np

from indexer.analysis.fields import Field
from indexer.arrays.array_file import Array
from indexer.arrays.string_table import ABSENT
from indexer.engine import queries as q
from indexer.engine.processor_time import ProcessorDeadline, is_past
from indexer.engine.queries import Column, Query
from indexer.whoosh_engine.format.positions import (
    Sections,
    documents_with_extra,
    find_multi_phrase,
    sections_of,
)
from indexer.whoosh_engine.format.schema import FIELDS_WITH_POSITIONS, WORDS_OF
from indexer.whoosh_engine.format.segment import Segment
from indexer.whoosh_engine.reading.boolean_scorers import (
    CoverageScorer,
    DelegatingScorer,
    FilteredScorer,
    all_of,
    any_of,
    exclude,
    prefer,
)
from indexer.whoosh_engine.reading.collection_statistics import CollectionStatistics
from indexer.whoosh_engine.reading.coverage import coverage_factors
from indexer.whoosh_engine.reading.doc_values import range_mask, value_mask
from indexer.whoosh_engine.reading.phrase_nodes import multi_phrase, trim_phrase
from indexer.whoosh_engine.reading.scorers import (
    EMPTY_SCORER,
    ConstantScorer,
    ListScorer,
    Scorer,
    TermScorer,
)
from indexer.whoosh_engine.whoosh_api.stock_queries import ExpandedNode, StockSearch

PAIRS_OF: Final = {words: pairs for pairs, words in WORDS_OF.items()}
"""Fields whose bigrams are terms of another field."""

_MOST_PAIRS: Final = 64
"""Bigrams of two positions that are looked up; of more, the text is searched at once."""


class OutOfTimeError(Exception):
    """The budget of a request is used up."""


class QueryPlanner:
    """The planner of the queries of one request for one segment.

    Attributes:
        segment: the segment that is planned for.
        index: its place among the segments of the index.
        statistics: the statistics of the index.
        stock_search: Whoosh's searcher over the index.
        deadline: when the search stops, or None.
    """

    def __init__(
        self,
        segment: Segment,
        index: int,
        statistics: CollectionStatistics,
        stock_search: StockSearch,
        deadline: ProcessorDeadline | None,
    ) -> None:
        """Plan for one of the segments."""
        self.segment, self.index, self.statistics = segment, index, statistics
        self.stock_search, self.deadline = stock_search, deadline
        self._scorers: dict[Query, Scorer] = {}
        self._terms: dict[tuple[Field, str, float], Scorer] = {}

    @property
    def document_count(self) -> int:
        """Return the number of documents of the segment."""
        return self.segment.document_count

    def plan(self, node: Query) -> Scorer:
        """Return the scorer of a node; equal nodes have one, so that its work is done once.

        Raises:
            OutOfTimeError: there is no time left.
            ValueError: the node asks for what no index can answer.
        """
        scorer = self._scorers.get(node)
        if scorer is None:
            self.check_time()
            scorer = self._scorers[node] = _PLAN[type(node)](self, node)
        return scorer

    def check_time(self) -> None:
        """Check that the request has processor time left.

        Raises:
            OutOfTimeError: there is none.
        """
        if is_past(self.deadline):
            raise OutOfTimeError

    def plan_all(self, nodes: Sequence[Query]) -> list[Scorer]:
        """Return the scorers of some nodes."""
        return [self.plan(node) for node in nodes]

    def plan_term(self, node: q.Term) -> Scorer:
        """Match one term."""
        postings = self.segment.postings(node.field, node.text)
        if postings is None:
            return EMPTY_SCORER
        statistics = self.statistics
        return TermScorer(
            postings,
            statistics.weight(node.field, node.text) * node.boost,
            statistics.length_ratio(self.index, node.field),
            partial(statistics.length_norms, self.index, node.field),
        )

    def plan_multi_phrase(self, node: q.MultiPhrase) -> Scorer:
        """Match a phrase: candidates by its words and pairs, tested in the text where needed."""
        if node.field not in FIELDS_WITH_POSITIONS:
            raise ValueError(f"the field {node.field} keeps no positions")
        texts = trim_phrase(node.texts)
        scorer = all_of(
            [self._plan_alternatives(node.field, terms, node.boost) for terms in texts if terms]
        )
        if len(texts) < 2 or scorer is EMPTY_SCORER:
            return scorer
        test = partial(self._holds_phrase, node.field, texts, node.slop)
        if node.slop or node.field not in PAIRS_OF:
            return FilteredScorer(scorer, test, scorer)
        neighbours = list(itertools.pairwise(texts))
        pairs = [
            self._plan_pairs(node.field, pair, scorer)
            for pair in neighbours
            if 0 < len(pair[0]) * len(pair[1]) <= _MOST_PAIRS
        ]
        is_complete = len(pairs) == len(neighbours)
        candidates = all_of(pairs if is_complete else [*pairs, scorer])
        if candidates is EMPTY_SCORER:
            return EMPTY_SCORER
        if len(texts) == 2 and is_complete:
            return DelegatingScorer(candidates, scorer)
        return FilteredScorer(candidates, test, scorer)

    def _plan_alternatives(self, field: Field, texts: Sequence[str], boost: float) -> Scorer:
        return any_of(
            [self._plan_text(field, text, boost) for text in texts], 1, self.document_count
        )

    def _plan_text(self, field: Field, text: str, boost: float) -> Scorer:
        """Return the scorer of a term; the counts and the ranking of a page share most terms."""
        key = (field, text, boost)
        scorer = self._terms.get(key)
        if scorer is None:
            scorer = self._terms[key] = self.plan_term(q.Term(field, text, boost))
        return scorer

    def _plan_pairs(self, field: Field, pair: Sequence[Sequence[str]], words: Scorer) -> Scorer:
        """Match two neighbours; extra terms are in no pair and are looked up in the text."""
        exact = field is Field.EXACT
        pairs = [" ".join(texts) for texts in itertools.product(*pair)]
        pair_scorer = self._plan_alternatives(PAIRS_OF[field], pairs, 1.0)
        extras = [
            documents_with_extra(self.segment, exact, text)
            for text in itertools.chain.from_iterable(pair)
        ]
        candidates = np.unique(np.concatenate(extras)) if any(map(len, extras)) else extras[0]
        for test in (words.mask, partial(self._holds_phrase, field, pair, 0)):
            if not len(candidates):
                return pair_scorer
            candidates = candidates[test(candidates)]
        if not len(candidates):
            return pair_scorer
        extra_scorer = ListScorer(candidates, np.zeros(len(candidates)))
        return any_of([pair_scorer, extra_scorer], 1, self.document_count)

    def _holds_phrase(
        self, field: Field, texts: Sequence[Sequence[str]], slop: int, documents: Array
    ) -> Array:
        """Tell for each of some documents whether it holds a phrase."""
        self.check_time()
        matches = find_multi_phrase(self.segment, field, texts, documents, slop)
        holds = np.zeros(self.segment.document_count, bool)
        holds[matches.documents] = True
        return holds.take(documents)

    def plan_prefix(self, node: q.Prefix) -> Scorer:
        """Match any of the commonest terms with a prefix."""
        terms = self.statistics.terms_with_prefix(node.field, node.text, node.limit)
        return self._plan_any_term(node.field, [term.text for term in terms], node.boost)

    def _plan_any_term(self, field: Field, texts: Sequence[str], boost: float) -> Scorer:
        """Match any of some terms, each with the same score."""
        by_term = [self.segment.postings(field, text) for text in texts]
        present = [postings for postings in by_term if postings is not None]
        if not present:
            return EMPTY_SCORER

        def make_mask() -> Array:
            mask = np.zeros(self.document_count, bool)
            for postings in present:
                mask[postings.documents()] = True
            return mask

        estimate = sum(postings.document_frequency for postings in present)
        return ConstantScorer(make_mask, min(self.document_count, estimate), boost)

    def plan_wildcard(self, node: q.Wildcard) -> Scorer:
        """Match a pattern; one that only leaves the end open is a prefix."""
        prefix = node.pattern.removesuffix("*")
        if prefix and prefix != node.pattern and not {"*", "?"} & set(prefix):
            return self.plan_prefix(q.Prefix(node.field, prefix, node.boost, node.limit))
        return self.fall_back_to_whoosh(node)

    def fall_back_to_whoosh(self, node: ExpandedNode) -> Scorer:
        """Match a node that has no scorer here: Whoosh's own matchers walk the postings."""
        documents = np.array(self.stock_search.documents(node, self.index), np.intp)
        if not len(documents):
            return EMPTY_SCORER
        return ListScorer(documents, np.full(len(documents), node.boost))

    def plan_coverage(self, node: q.Coverage) -> Scorer:
        """Match a query, and multiply its scores by how much of a field the texts cover."""
        scorer = self.plan(node.query)
        weights = {text: self.statistics.weight(node.field, text) for text in node.texts}
        if scorer is EMPTY_SCORER or not weights:
            return scorer
        return CoverageScorer(scorer, partial(coverage_factors, self.segment, node, weights))

    def plan_all_documents(self, node: q.MatchAll) -> Scorer:
        """Match every document."""
        count = self.document_count
        return ConstantScorer(lambda: np.ones(count, bool), count, node.boost)

    def plan_range(self, node: q.InRange) -> Scorer:
        """Match a range of dates."""
        if node.column is not Column.PUBLISHED:
            raise ValueError(f"the column {node.column} has no order")
        mask = partial(range_mask, self.segment, node.low, node.high)
        return ConstantScorer(mask, self.segment.document_count)

    def plan_values(self, node: q.HasValue) -> Scorer:
        """Match any of some values of a column."""
        if node.column is Column.PUBLISHED:
            raise ValueError("the column published has no values to choose from")
        mask = partial(value_mask, self.segment, node.column, node.values)
        return ConstantScorer(mask, self.segment.document_count)

    def plan_identifiers(self, node: q.HasIdentifier) -> Scorer:
        """Match documents by their identifiers."""
        documents = np.unique(self.segment.find_identifiers(node.identifiers))
        documents = documents[documents != ABSENT].astype(np.intp)
        return ListScorer(documents, np.ones(len(documents))) if len(documents) else EMPTY_SCORER

    def plan_section(self, node: q.InSection) -> Scorer:
        """Match the sections of a person: they are planned for as if they were documents."""
        names = all_of([self.plan_term(q.Term(Field.PERSON, text)) for text in node.person])
        documents = names.documents()
        sections = sections_of(self.segment, node.person, documents) if len(documents) else None
        scorer = SectionPlanner(self, sections).plan(node.query)
        if sections is None or scorer is EMPTY_SCORER:
            return EMPTY_SCORER
        matches = scorer.documents()  # sections
        documents = sections.documents[matches]
        scores = np.zeros(self.document_count)  # of the best section of each document
        np.maximum.at(scores, documents, scorer.scores(matches))
        documents = np.unique(documents)
        return ListScorer(documents, scores[documents])


class SectionPlanner(QueryPlanner):
    """The planner for the sections of a person: documents of its scorers are sections."""

    def __init__(self, parent: QueryPlanner, sections: Sections | None) -> None:
        """Plan for some sections, or none, of the segment that `parent` plans for."""
        super().__init__(
            parent.segment, parent.index, parent.statistics, parent.stock_search, parent.deadline
        )
        nothing = np.zeros(0, np.int64)
        self._parent, self._sections = parent, sections or Sections(nothing, nothing)

    @property
    def document_count(self) -> int:
        """Return the number of sections."""
        return len(self._sections.documents)

    def plan_term(self, node: q.Term) -> Scorer:
        """Match a term inside; a pair is looked for as a phrase, but scores as the pair it is."""
        field = WORDS_OF.get(node.field, node.field)
        texts = node.text.split(" ") if field is not node.field else [node.text]
        return self._inside(field, [(text,) for text in texts], 0, self._parent.plan_term(node))

    def plan_multi_phrase(self, node: q.MultiPhrase) -> Scorer:
        """Match a phrase inside; of alternatives only those that stand inside add to the score."""
        scorer = self._parent.plan_multi_phrase(node)
        inside = self._inside(node.field, trim_phrase(node.texts), node.slop, scorer)
        if inside is EMPTY_SCORER or all(len(texts) < 2 for texts in node.texts):
            return inside
        sections = inside.documents()
        positions = [
            self.plan_all([q.Term(node.field, text, node.boost) for text in texts])
            for texts in node.texts
            if texts
        ]
        terms = all_of([any_of(each, 1, self.document_count) for each in positions])
        return ListScorer(sections, terms.scores(sections))

    def _inside(
        self, field: Field, texts: Sequence[Sequence[str]], slop: int, scorer: Scorer
    ) -> Scorer:
        """Match sections that hold a phrase, with the scores of their documents."""
        if field not in PAIRS_OF or scorer is EMPTY_SCORER or not self.document_count:
            return EMPTY_SCORER
        documents = np.unique(self._sections.documents)
        documents = documents[scorer.mask(documents)]
        matches = find_multi_phrase(self.segment, field, texts, documents, slop)
        sections = np.flatnonzero(self._sections.mask(self.segment, matches))
        return ListScorer(sections, scorer.scores(self._sections.documents[sections]))

    def _plan_any_term(self, field: Field, texts: Sequence[str], boost: float) -> Scorer:
        """Match any of some terms inside, each with the same score."""
        terms = [self.plan_term(q.Term(field, text)) for text in texts]
        scorer = any_of(terms, 1, self.document_count)
        if scorer is EMPTY_SCORER:
            return EMPTY_SCORER
        mask = scorer.mask(np.arange(self.document_count))
        return ConstantScorer(lambda: mask, self.document_count, boost)

    def fall_back_to_whoosh(self, node: ExpandedNode) -> Scorer:
        """Match inside any of the terms that Whoosh expands a node to."""
        return self._plan_any_term(node.field, self.stock_search.terms(node), node.boost)

    def plan_identifiers(self, node: q.HasIdentifier) -> Scorer:
        """Match the sections of documents with an identifier."""
        return self._of_documents(self._parent.plan_identifiers(node))

    def plan_range(self, node: q.InRange) -> Scorer:
        """Match the sections of documents of a range of dates."""
        return self._of_documents(self._parent.plan_range(node))

    def plan_coverage(self, node: q.Coverage) -> Scorer:
        """Refuse: a section has no field of its own."""
        raise ValueError("Coverage cannot be inside InSection")

    def plan_values(self, node: q.HasValue) -> Scorer:
        """Match the sections of documents with a value."""
        return self._of_documents(self._parent.plan_values(node))

    def _of_documents(self, scorer: Scorer) -> Scorer:
        mask = scorer.mask(self._sections.documents)
        return ConstantScorer(lambda: mask, self.document_count)

    def plan_section(self, node: q.InSection) -> Scorer:
        """Refuse: a section holds no other section."""
        raise ValueError("one InSection cannot be inside another")


_PLAN: Final[dict[type, Callable[[QueryPlanner, Any], Scorer]]] = {
    q.Term: lambda planner, node: planner.plan_term(node),
    q.Phrase: lambda planner, node: planner.plan_multi_phrase(multi_phrase(node)),
    q.MultiPhrase: lambda planner, node: planner.plan_multi_phrase(node),
    q.Prefix: lambda planner, node: planner.plan_prefix(node),
    q.Wildcard: lambda planner, node: planner.plan_wildcard(node),
    q.Fuzzy: lambda planner, node: planner.fall_back_to_whoosh(node),
    q.And: lambda planner, node: all_of(planner.plan_all(node.children)),
    q.Or: lambda planner, node: any_of(
        planner.plan_all(node.children),
        node.minimum_should_match,
        planner.document_count,
        node.weights,
    ),
    q.AndMaybe: lambda planner, node: prefer(
        planner.plan(node.required), planner.plan(node.preferred)
    ),
    q.AndNot: lambda planner, node: exclude(
        planner.plan(node.required), planner.plan(node.excluded)
    ),
    q.Coverage: lambda planner, node: planner.plan_coverage(node),
    q.InSection: lambda planner, node: planner.plan_section(node),
    q.MatchAll: QueryPlanner.plan_all_documents,
    q.MatchNone: lambda planner, node: EMPTY_SCORER,
    q.InRange: lambda planner, node: planner.plan_range(node),
    q.HasIdentifier: lambda planner, node: planner.plan_identifiers(node),
    q.HasValue: lambda planner, node: planner.plan_values(node),
}
