"""Queries evaluated with plain stock Whoosh: every node becomes {document: score}."""

from __future__ import annotations

import itertools
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from whoosh.matching import NullMatcher
from whoosh.reading import TermNotFound
from whoosh.searching import Searcher
from whoosh.support.levenshtein import levenshtein

from indexer.analysis.fields import Field
from indexer.engine import queries as q
from indexer.engine.queries import (
    Column,
    Query,
)
from indexer.engine.records import (
    TermCount,
)
from indexer.whoosh_engine.format.schema import (
    EXACT_FIELDS,
    FIELDS_WITH_POSITIONS,
    key_of,
    key_prefix,
    text_of,
)

Scores = dict[int, float]
"""Document number -> score."""


class OutOfTimeError(Exception):
    """The budget of a request is used up."""


class LeafEvaluator:
    """The evaluation of queries on one segment; for one thread."""

    def __init__(self, searcher: Searcher, records: list[dict[str, Any]], deadline: float) -> None:
        """Evaluate on a leaf searcher, whose documents have these records."""
        self.searcher, self.records, self.deadline = searcher, records, deadline

    def live_documents(self) -> Iterator[int]:
        """Return the numbers of the documents that are not deleted."""
        numbers: Iterator[int] = self.searcher.reader().all_doc_ids()
        return numbers

    def evaluate(self, node: Query) -> Scores:
        """Return the documents that match, with their scores."""
        if time.monotonic() > self.deadline:
            raise OutOfTimeError
        evaluate = _EVALUATE[type(node)]
        return evaluate(self, node)

    def matcher(self, field: Field, text: str) -> Any:
        """Return Whoosh's matcher of one term."""
        try:
            return self.searcher.postings(field.value, key_of(field, text).encode())
        except TermNotFound:
            return NullMatcher()

    def evaluate_term(self, node: q.Term) -> Scores:
        """Return the BM25 score of every document with the term."""
        scores: Scores = {}
        matcher = self.matcher(node.field, node.text)
        while matcher.is_active():
            scores[matcher.id()] = matcher.score() * node.boost
            matcher.next()
        return scores

    def positions(self, field: Field, text: str) -> dict[int, list[int]]:
        """Return the positions of a term in each document."""
        if field not in FIELDS_WITH_POSITIONS:
            raise ValueError(f"the field {field} keeps no positions")
        positions: dict[int, list[int]] = {}
        matcher = self.matcher(field, text)
        while matcher.is_active():
            positions[matcher.id()] = matcher.value_as("positions")
            matcher.next()
        return positions

    def phrase_starts(self, field: Field, texts: Sequence[str]) -> dict[int, set[int]]:
        """Return where a phrase begins in each document; an empty text is any one term."""
        starts: dict[int, set[int]] | None = None
        for offset, text in enumerate(texts):
            if text:
                shifted = {
                    number: {position - offset for position in positions}
                    for number, positions in self.positions(field, text).items()
                }
                if starts is None:
                    starts = shifted
                else:
                    shared = starts & shifted.keys()
                    starts = {number: starts[number] & shifted[number] for number in shared}
        return {number: positions for number, positions in (starts or {}).items() if positions}

    def evaluate_phrase(self, node: q.Phrase) -> Scores:
        """Sum the scores of the terms, for documents where they follow one another."""
        words = [text for text in node.texts if text]
        terms = tuple(q.Term(node.field, text, node.boost) for text in words)
        scores = self.evaluate_and(q.And(terms))
        return {number: scores[number] for number in self.phrase_starts(node.field, node.texts)}

    def window_documents(
        self, field: Field, positions: Sequence[Sequence[str]], slop: int
    ) -> set[int]:
        """Return the documents with all words of a phrase near one another, tried one by one."""
        by_word = [self.positions_of_any(field, texts) for texts in positions if texts]
        result = set()
        for number in set(by_word[0]).intersection(*by_word[1:]) if by_word else ():
            for places in itertools.product(*(starts[number] for starts in by_word)):
                apart = len(set(places)) == len(places)
                if apart and max(places) - min(places) < len(positions) + slop:
                    result.add(number)
        return result

    def positions_of_any(self, field: Field, texts: Sequence[str]) -> dict[int, set[int]]:
        """Return where any of some terms stands in each document."""
        result: dict[int, set[int]] = {}
        for text in texts:
            for number, starts in self.phrase_starts(field, [text]).items():
                result.setdefault(number, set()).update(starts)
        return result

    def evaluate_multi_phrase(self, node: q.MultiPhrase) -> Scores:
        """Sum the scores of an `Or` for each position, for documents that hold the phrase."""
        terms = [[q.Term(node.field, text, node.boost) for text in texts] for texts in node.texts]
        scores = self.evaluate_and(q.And(tuple(q.Or(tuple(each)) for each in terms if each)))
        places = [place for place, texts in enumerate(node.texts) if texts]
        positions = node.texts[places[0] : places[-1] + 1] if places else ()
        if node.slop:
            numbers = self.window_documents(node.field, positions, node.slop)
        else:
            phrases = itertools.product(*(texts or ("",) for texts in positions))
            numbers = {n for texts in phrases for n in self.phrase_starts(node.field, texts)}
        return {number: scores[number] for number in numbers}

    def evaluate_prefix(self, node: q.Prefix) -> Scores:
        """Return the boost for every document with one of the terms."""
        parent = self.searcher.get_parent()
        terms = [r.text for r in terms_with_prefix(parent, node.field, node.text, node.limit)]
        return {
            n: node.boost for text in terms for n in self.evaluate_term(q.Term(node.field, text))
        }

    def evaluate_expanded(self, node: q.Wildcard | q.Fuzzy) -> Scores:
        """Return the boost for every document with one of the commonest terms that are alike."""
        parent = self.searcher.get_parent()
        field, exact = node.field, node.field in EXACT_FIELDS
        if isinstance(node, q.Wildcard):
            pattern = re.escape(node.pattern).replace(r"\*", ".*").replace(r"\?", ".")
            alike = re.compile(pattern).fullmatch
        else:
            if exact:
                raise ValueError("no fuzzy terms with diacritics")

            def alike(text: str) -> object:
                is_near = levenshtein(node.text, text) <= node.distance
                return is_near and text[:1] == node.text[:1]

        terms_of_field = terms_with_prefix(parent, field, "", 1 << 30)
        terms = [reading.text for reading in terms_of_field if alike(reading.text)][: node.limit]
        return {n: node.boost for text in terms for n in self.evaluate_term(q.Term(field, text))}

    def evaluate_and(self, node: q.And) -> Scores:
        """Sum the scores of documents that match every child."""
        if not node.children:
            return {}
        children = [self.evaluate(child) for child in node.children]
        shared = set(children[0]).intersection(*children[1:])
        return {number: sum(scores[number] for scores in children) for number in shared}

    def evaluate_or(self, node: q.Or) -> Scores:
        """Sum the scores of documents that match enough children."""
        total: Scores = {}
        weight: dict[int, float] = {}
        weights = node.weights or [1.0] * len(node.children)
        if any(child_weight < 0 for child_weight in weights):
            raise ValueError("a child has a negative weight")
        for child, child_weight in zip(node.children, weights, strict=True):
            for number, score in self.evaluate(child).items():
                total[number] = total.get(number, 0.0) + score
                weight[number] = weight.get(number, 0.0) + child_weight
        minimum = node.minimum_should_match - 1e-6
        return {n: score for n, score in total.items() if weight[n] >= minimum}

    def evaluate_and_maybe(self, node: q.AndMaybe) -> Scores:
        """Return the required score, with the preferred one added where there is one."""
        added = self.evaluate(node.preferred)
        return {n: s + added.get(n, 0.0) for n, s in self.evaluate(node.required).items()}

    def evaluate_coverage(self, node: q.Coverage) -> Scores:
        """Multiply the scores by how much of the field the texts are."""
        idf = {text: self.idf(node.field, text) for text in node.texts}
        holders = {text: self.evaluate_term(q.Term(node.field, text)) for text in idf}
        scores = self.evaluate(node.query)
        reader = self.searcher.reader()
        for number in scores if idf else ():
            held = [idf[text] for text in idf if number in holders[text]]
            length = reader.doc_field_length(number, node.field.value)
            if held and length <= node.longest:
                mean = sum(idf.values()) / len(idf)
                others = max(0, length - len(held)) * mean
                share = sum(held) / sum(idf.values()) * sum(held) / (sum(held) + others)
                scores[number] *= 1 + node.boost * share
        return scores

    def idf(self, field: Field, text: str) -> float:
        """Return the idf of a term in the whole index."""
        parent = self.searcher.get_parent()
        return float(parent.idf(field.value, key_of(field, text).encode()))

    def evaluate_and_not(self, node: q.AndNot) -> Scores:
        """Return the documents that are required and not excluded."""
        excluded = self.evaluate(node.excluded)
        return {n: s for n, s in self.evaluate(node.required).items() if n not in excluded}

    def evaluate_constant(
        self, test: Callable[[dict[str, Any]], bool], score: float = 1.0
    ) -> Scores:
        """Return one score for the documents whose record passes."""
        return {number: score for number in self.live_documents() if test(self.records[number])}

    def evaluate_range(self, node: q.InRange) -> Scores:
        """Return the documents of a range of time."""
        if node.column is not Column.PUBLISHED:
            raise ValueError(f"the column {node.column} has no order")
        low = -(1 << 63) if node.low is None else node.low
        high = 1 << 63 if node.high is None else node.high
        return self.evaluate_constant(
            lambda r: r["published"] is not None and low <= r["published"] < high
        )

    def evaluate_identifiers(self, node: q.HasIdentifier) -> Scores:
        """Return the documents with one of the identifiers."""
        return self.evaluate_constant(lambda record: record["identifier"] in node.identifiers)

    def evaluate_values(self, node: q.HasValue) -> Scores:
        """Return the documents with one of the values."""
        if node.column is Column.PUBLISHED:
            raise ValueError("the column published has no values to choose from")
        values = {value for value in node.values if value}
        return self.evaluate_constant(lambda record: not values.isdisjoint(record[node.column]))

    def evaluate_section(self, node: q.InSection) -> Scores:
        """Return the best score of a section of the person."""
        best: Scores = {}
        for number, starts in self.phrase_starts(Field.PERSON, node.person).items():
            for first, last, low, high in self.records[number]["spans"]:
                if any(first <= start < last for start in starts):
                    scores = SectionEvaluator(self, low, high).evaluate(node.query)
                    if number in scores:
                        best[number] = max(scores[number], best.get(number, scores[number]))
        return best


class SectionEvaluator(LeafEvaluator):
    """The evaluation on the positions in [low, high) of every document of a segment."""

    def __init__(self, leaf: LeafEvaluator, low: int, high: int) -> None:
        """Evaluate inside some positions."""
        super().__init__(leaf.searcher, leaf.records, leaf.deadline)
        self._low, self._high = low, high

    def evaluate_term(self, node: q.Term) -> Scores:
        """Match a term inside; a pair is looked for as a phrase, but scores as the pair it is."""
        fields = {Field.PAIRS: Field.FOLDED, Field.EXACT_PAIRS: Field.EXACT}
        field = fields.get(node.field, node.field)
        inside = self.phrase_starts(
            field, node.text.split(" ") if field != node.field else [node.text]
        )
        scores = super().evaluate_term(node)
        return {number: scores[number] for number in inside if number in scores}

    def phrase_starts(self, field: Field, texts: Sequence[str]) -> dict[int, set[int]]:
        """Return where a phrase begins, if all of it is inside."""
        if field not in (Field.FOLDED, Field.EXACT):
            return {}
        low, high = self._low, self._high - len(texts)
        inside = {
            number: {start for start in starts if low <= start <= high}
            for number, starts in super().phrase_starts(field, texts).items()
        }
        return {number: starts for number, starts in inside.items() if starts}

    def evaluate_coverage(self, node: q.Coverage) -> Scores:
        """Refuse: a section has no field of its own."""
        raise ValueError("Coverage cannot be inside InSection")

    def evaluate_section(self, node: q.InSection) -> Scores:
        """Refuse: a section holds no other section."""
        raise ValueError("one InSection cannot be inside another")


_EVALUATE: dict[type, Callable[[Any, Any], Scores]] = {
    q.Term: lambda leaf, node: leaf.evaluate_term(node),
    q.Phrase: lambda leaf, node: leaf.evaluate_phrase(node),
    q.MultiPhrase: lambda leaf, node: leaf.evaluate_multi_phrase(node),
    q.Prefix: lambda leaf, node: leaf.evaluate_prefix(node),
    q.Wildcard: lambda leaf, node: leaf.evaluate_expanded(node),
    q.Fuzzy: lambda leaf, node: leaf.evaluate_expanded(node),
    q.And: LeafEvaluator.evaluate_and,
    q.Or: LeafEvaluator.evaluate_or,
    q.AndMaybe: LeafEvaluator.evaluate_and_maybe,
    q.AndNot: LeafEvaluator.evaluate_and_not,
    q.Coverage: lambda leaf, node: leaf.evaluate_coverage(node),
    q.InSection: lambda leaf, node: leaf.evaluate_section(node),
    q.MatchAll: lambda leaf, node: leaf.evaluate_constant(lambda record: True, node.boost),
    q.MatchNone: lambda leaf, _: {},
    q.InRange: LeafEvaluator.evaluate_range,
    q.HasIdentifier: LeafEvaluator.evaluate_identifiers,
    q.HasValue: LeafEvaluator.evaluate_values,
}


def terms_with_prefix(searcher: Searcher, field: Field, prefix: str, limit: int) -> list[TermCount]:
    """Return the commonest terms with a prefix."""
    counted: Counter[str] = Counter()
    begin = key_prefix(field, prefix).encode()
    for _, leaf in [(0, s) for s, _ in searcher.leaf_searchers()]:
        reader = leaf.reader()
        for name, key in reader.terms_from(field.value, begin):
            if name != field.value or not key.startswith(begin):
                break
            text = text_of(field, key.decode())
            if text.startswith(prefix):
                counted[text] += reader.doc_frequency(name, key)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [TermCount(text, documents) for text, documents in ordered[:limit]]
