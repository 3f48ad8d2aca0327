"""A query tree becomes operators on one segment."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
from whoosh.searching import Searcher

from indexer.analysis.fields import Field
from indexer.arrays.array_file import Array
from indexer.engine import queries as q
from indexer.engine.queries import Column, Query
from indexer.whoosh_engine.format.positions import Sections, find_phrase, holding_extra, sections_of
from indexer.whoosh_engine.format.schema import WITH_POSITIONS
from indexer.whoosh_engine.format.segment import Segment
from indexer.whoosh_engine.reading.boolean_scorers import (
    FilteredScorer,
    MatchOnlyScorer,
    all_of,
    any_of,
    best_of,
    prefer,
    without,
)
from indexer.whoosh_engine.reading.collection_statistics import Statistics
from indexer.whoosh_engine.reading.doc_values import between_mask, having_mask
from indexer.whoosh_engine.reading.scorers import (
    EMPTY_SCORER,
    ConstantScorer,
    ListScorer,
    Scorer,
    TermScorer,
)
from indexer.whoosh_engine.whoosh_api.index import ArrayIndex
from indexer.whoosh_engine.whoosh_api.stock_queries import Translated, expanded, stock_query

PAIRS_OF: Final = {Field.FOLDED: Field.PAIRS, Field.EXACT: Field.EXACT_PAIRS}
"""Fields whose neighbouring words are terms of another field."""

WORDS_OF: Final = {pairs: words for words, pairs in PAIRS_OF.items()}


class OutOfTimeError(Exception):
    """The budget of a request is used up."""


class Planner:
    """Makes operators for one segment; one for each request."""

    def __init__(
        self,
        segments: Sequence[Segment],
        at: int,
        statistics: Statistics,
        deadline: float | None = None,
    ) -> None:
        """Plan for one of the segments; `deadline` is a time of the monotonic clock."""
        self.segment, self._at, self._statistics = segments[at], at, statistics
        self.deadline = deadline
        self._segments = segments

    def plan(self, node: Query) -> Scorer:
        """The operator of a node.

        Raises:
            OutOfTimeError: there is no time left.
            ValueError: the node asks for what cannot be, whatever the index holds.
        """
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise OutOfTimeError
        return _PLAN[type(node)](self, node)

    def children(self, nodes: Sequence[Query]) -> list[Scorer]:
        """The operators of some nodes."""
        return [self.plan(node) for node in nodes]

    def term(self, node: q.Term) -> Scorer:
        """One term."""
        postings = self.segment.postings(node.field, node.text)
        if postings is None:
            return EMPTY_SCORER
        statistics = self._statistics
        weight = statistics.weight(node.field, node.text) * node.boost
        drift = statistics.drift(self._at, node.field)
        return TermScorer(postings, weight, drift, partial(statistics.norms, self._at, node.field))

    def phrase(self, node: q.Phrase) -> Scorer:
        """A phrase: candidates by its words and pairs, then a look at the text where needed."""
        if node.field not in WITH_POSITIONS:
            raise ValueError(f"the field {node.field} keeps no positions")
        texts = trimmed(node.texts)
        words = [text for text in texts if text]
        scorer = all_of([self.term(q.Term(node.field, text, node.boost)) for text in words])
        if len(texts) < 2 or scorer is EMPTY_SCORER:
            return scorer
        if node.field not in PAIRS_OF:
            return FilteredScorer(scorer, partial(self._holds_phrase, node.field, texts), scorer)
        pairs = [
            self._neighbours(node.field, list(pair), scorer)
            for pair in zip(texts, texts[1:], strict=False)
            if all(pair)
        ]
        candidates = all_of(pairs if len(pairs) == len(texts) - 1 else [*pairs, scorer])
        if candidates is EMPTY_SCORER:
            return EMPTY_SCORER
        if len(texts) == 2:
            return MatchOnlyScorer(candidates, scorer)
        return FilteredScorer(candidates, partial(self._holds_phrase, node.field, texts), scorer)

    def _neighbours(self, field: Field, pair: Sequence[str], words: Scorer) -> Scorer:
        """Documents in which two words are neighbours; extra terms are looked up in the text."""
        exact = field is Field.EXACT
        paired = self.term(q.Term(PAIRS_OF[field], " ".join(pair)))
        extras = [holding_extra(self.segment, exact, text) for text in pair]
        extra = np.unique(np.concatenate(extras)) if any(map(len, extras)) else extras[0]
        extra = extra[words.mask(extra)] if len(extra) else extra
        extra = extra[self._holds_phrase(field, pair, extra)] if len(extra) else extra
        if not len(extra):
            return paired
        return any_of([paired, ListScorer(extra, np.zeros(len(extra)))], 1, self.count)

    def _holds_phrase(self, field: Field, texts: Sequence[str], documents: Array) -> Array:
        places = find_phrase(self.segment, field, texts, documents)
        return np.isin(documents, places.documents)

    def prefix(self, node: q.Prefix) -> Scorer:
        """Any of the commonest terms that begin so."""
        readings = self._statistics.begun(node.field, node.text, node.limit)
        found = [self.segment.postings(node.field, reading.text) for reading in readings]
        postings = [each for each in found if each is not None]
        if not postings:
            return EMPTY_SCORER

        def mask() -> Array:
            seen = np.zeros(self.segment.count, bool)
            for each in postings:
                seen[each.documents()] = True
            return seen

        estimate = min(self.segment.count, sum(each.often for each in postings))
        return ConstantScorer(mask, estimate, node.boost)

    def wildcard(self, node: q.Wildcard) -> Scorer:
        """A pattern; one that only leaves the end open is a prefix."""
        begin = node.pattern.removesuffix("*")
        if begin and begin != node.pattern and not {"*", "?"} & set(begin):
            return self.prefix(q.Prefix(node.field, begin, node.boost, node.limit))
        return self.unplanned(node)

    def unplanned(self, node: Translated) -> Scorer:
        """A node without a kernel: Whoosh's own matchers walk the postings."""
        searcher = self.searcher()
        leaf, _ = searcher.leaf_searchers()[self._at]
        matcher = stock_query(node, searcher).matcher(leaf, leaf.boolean_context())
        documents = np.array(list(matcher.all_ids()), np.intp)
        return (
            ListScorer(documents, np.full(len(documents), node.boost))
            if len(documents)
            else EMPTY_SCORER
        )

    def searcher(self) -> Searcher:
        """Whoosh's searcher over all segments."""
        return ArrayIndex(self._segments).searcher()

    def everything(self) -> Scorer:
        """Every document."""
        count = self.segment.count
        return ConstantScorer(lambda: np.ones(count, bool), count)

    def between(self, node: q.InRange) -> Scorer:
        """A range of dates."""
        if node.column is not Column.PUBLISHED:
            raise ValueError(f"the column {node.column} has no order")
        mask = partial(between_mask, self.segment, node.low, node.high)
        return ConstantScorer(mask, self.segment.count)

    def having(self, node: q.HasValue) -> Scorer:
        """Values of a column."""
        if node.column is Column.PUBLISHED:
            raise ValueError("the column published has no values to choose from")
        mask = partial(having_mask, self.segment, node.column, node.values)
        return ConstantScorer(mask, self.segment.count)

    def within(self, node: q.InSection) -> Scorer:
        """The sections of a person: the query is planned on them as if they were documents."""
        names = all_of([self.term(q.Term(Field.PERSON, text)) for text in node.person])
        documents = names.documents()
        sections = sections_of(self.segment, node.person, documents) if len(documents) else None
        inside = SectionPlanner(self, sections).plan(node.query)
        if sections is None or inside is EMPTY_SCORER:
            return EMPTY_SCORER
        found = inside.documents()
        scores = np.zeros(self.segment.count)
        np.maximum.at(scores, sections.documents[found], inside.scores(found))
        kept = np.unique(sections.documents[found])
        return ListScorer(kept, scores[kept])

    @property
    def count(self) -> int:
        """Documents of the segment."""
        return self.segment.count


class SectionPlanner(Planner):
    """Makes operators whose documents are sections."""

    def __init__(self, whole: Planner, sections: Sections | None) -> None:
        """Plan for some sections of the segment that `whole` plans for."""
        self.segment, self._whole, self.deadline = whole.segment, whole, whole.deadline
        nothing = np.zeros(0, np.int64)
        self._sections = sections or Sections(nothing, nothing)

    @property
    def count(self) -> int:
        """The sections."""
        return len(self._sections.documents)

    def term(self, node: q.Term) -> Scorer:
        """A term inside; a pair is looked for as a phrase, but scores as the pair it is."""
        field = WORDS_OF.get(node.field, node.field)
        texts = node.text.split(" ") if field is not node.field else [node.text]
        return self._placed(field, texts, self._whole.term(node))

    def phrase(self, node: q.Phrase) -> Scorer:
        """A phrase inside."""
        return self._placed(node.field, trimmed(node.texts), self._whole.phrase(node))

    def prefix(self, node: q.Prefix) -> Scorer:
        """Any of the commonest terms that begin so, inside."""
        readings = self._whole._statistics.begun(node.field, node.text, node.limit)
        return self._any_term(node.field, [reading.text for reading in readings], node.boost)

    def unplanned(self, node: Translated) -> Scorer:
        """Any of the terms that a node stands for, inside."""
        terms = expanded(node, self._whole.searcher())
        return self._any_term(node.field, terms, node.boost)

    def _any_term(self, field: Field, texts: Sequence[str], boost: float) -> Scorer:
        found = any_of([self.term(q.Term(field, text)) for text in texts], 1, self.count)
        if found is EMPTY_SCORER:
            return EMPTY_SCORER
        mask = found.mask(np.arange(self.count))
        return ConstantScorer(lambda: mask, self.count, boost)

    def everything(self) -> Scorer:
        """Every section."""
        return self._of_documents(self._whole.everything())

    def between(self, node: q.InRange) -> Scorer:
        """Sections of documents of a range of dates."""
        return self._of_documents(self._whole.between(node))

    def having(self, node: q.HasValue) -> Scorer:
        """Sections of documents with a value."""
        return self._of_documents(self._whole.having(node))

    def within(self, node: q.InSection) -> Scorer:
        """A section holds no other section."""
        raise ValueError("one Within cannot stand inside another")

    def _placed(self, field: Field, texts: Sequence[str], scorer: Scorer) -> Scorer:
        if field not in PAIRS_OF or scorer is EMPTY_SCORER or not self.count:
            return EMPTY_SCORER
        documents = np.unique(self._sections.documents)
        documents = documents[scorer.mask(documents)]
        places = find_phrase(self.segment, field, texts, documents)
        found = np.flatnonzero(self._sections.holding(self.segment, places))
        return ListScorer(found, scorer.scores(self._sections.documents[found]))

    def _of_documents(self, operator: Scorer) -> Scorer:
        mask = operator.mask(self._sections.documents)
        return ConstantScorer(lambda: mask, self.count)


def trimmed(texts: Sequence[str]) -> list[str]:
    """A phrase from its first word to its last; wildcards around it say nothing."""
    places = [at for at, text in enumerate(texts) if text]
    return list(texts[places[0] : places[-1] + 1]) if places else []


_PLAN: Final[dict[type, Callable[[Planner, Any], Scorer]]] = {
    q.Term: lambda planner, node: planner.term(node),
    q.Phrase: lambda planner, node: planner.phrase(node),
    q.Prefix: lambda planner, node: planner.prefix(node),
    q.Wildcard: lambda planner, node: planner.wildcard(node),
    q.Fuzzy: lambda planner, node: planner.unplanned(node),
    q.And: lambda planner, node: all_of(planner.children(node.children)),
    q.Or: lambda planner, node: any_of(
        planner.children(node.children), node.minimum_should_match, planner.count
    ),
    q.DisjunctionMax: lambda planner, node: best_of(planner.children(node.children), planner.count),
    q.AndMaybe: lambda planner, node: prefer(
        planner.plan(node.required), planner.plan(node.preferred)
    ),
    q.AndNot: lambda planner, node: without(
        planner.plan(node.required), planner.plan(node.excluded)
    ),
    q.InSection: lambda planner, node: planner.within(node),
    q.MatchAll: lambda planner, node: planner.everything(),
    q.MatchNone: lambda planner, node: EMPTY_SCORER,
    q.InRange: lambda planner, node: planner.between(node),
    q.HasValue: lambda planner, node: planner.having(node),
}
