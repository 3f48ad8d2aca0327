"""Look-ups of terms: frequencies and exact forms of many, remembered for a little while."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import log
from typing import Final

from indexer.analysis.fields import Field
from indexer.engine import queries as q
from indexer.engine.queries import Query
from indexer.engine.records import TermCount
from indexer.opensearch_engine.expanded_nodes import ExpandedNode
from indexer.opensearch_engine.lowering import QueryFacts
from indexer.opensearch_engine.mapping import COVERAGE_FIELDS
from indexer.opensearch_engine.phrase_lowering import is_sendable
from indexer.opensearch_engine.query_walk import folded_words, walk
from indexer.opensearch_engine.term_vectors import FieldTerm, TermVectors
from indexer.opensearch_engine.word_dictionary import ExactWordDictionary
from indexer.vietnamese.syllables import FOLDED_SYLLABLES

SECONDS_REMEMBERED: Final = 300.0
"""Seconds that a figure is remembered: the index changes in place."""

SECONDS_ABSENT: Final = 20.0
"""Seconds that it is remembered that no document holds a term: new ones bring new words."""

_MOST_REMEMBERED: Final = 1 << 18
_LONGEST_FORM: Final = 2
"""Words of a text whose exact forms can be looked up."""

_FIELDS_BESIDE: Final = {
    Field.FOLDED: Field.TITLE,
    Field.EXACT: Field.TITLE_EXACT,
}
"""Fields whose frequencies are fetched along: a search may need them for `Coverage`."""


class TermLookups:
    """The terms of an index and their figures; safe to share between threads."""

    def __init__(
        self,
        vectors: TermVectors,
        dictionary: ExactWordDictionary,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Look up in an index and its dictionary."""
        self._vectors, self._dictionary, self._clock = vectors, dictionary, clock
        self._frequencies: dict[FieldTerm, int] = {}
        self._words: dict[str, list[str]] = {}
        self._expansions: dict[ExpandedNode, Sequence[str]] = {}
        self._absent: set[FieldTerm] = set()
        self._absent_words: set[str] = set()
        self._forget_at = self._forget_absent_at = 0.0

    def look_up(
        self, frequencies: Mapping[Field, Sequence[str]], forms: Sequence[str]
    ) -> tuple[dict[Field, list[int]], list[list[TermCount]]]:
        """Return the document frequencies of terms and the exact forms of folded texts."""
        candidates = self._candidate_forms(forms)
        terms = [(field, text) for field, texts in frequencies.items() for text in texts]
        terms += itertools.chain.from_iterable(candidates.values())
        terms += [(Field.FOLDED, text) for text in forms if " " not in text]
        beside = [(_FIELDS_BESIDE[field], text) for field, text in terms if field in _FIELDS_BESIDE]
        figures = self.document_frequencies(terms, beside)
        return (
            {
                field: [figures[field, text] for text in texts]
                for field, texts in frequencies.items()
            },
            [_most_common(candidates[text], figures) for text in forms],
        )

    def document_frequencies(
        self, terms: Sequence[FieldTerm], beside: Sequence[FieldTerm] = ()
    ) -> dict[FieldTerm, int]:
        """Return the document frequency of each term.

        Args:
            terms: what is looked up, unless it is remembered.
            beside: what is fetched along, if anything is.
        """
        remembered = self._remembered()
        figures = {term: remembered[term] for term in terms if term in remembered}
        figures |= dict.fromkeys(self._absent.intersection(terms), 0)
        unknown = [term for term in dict.fromkeys(terms) if term not in figures]
        if unknown:
            along = [term for term in dict.fromkeys(beside) if term not in remembered]
            fetched = self._vectors.document_frequencies([*unknown, *along])
            remembered.update((term, count) for term, count in fetched.items() if count)
            self._absent.update(term for term, count in fetched.items() if not count)
            figures.update((term, fetched[term]) for term in unknown)
        return figures

    def idf(self, frequency: int) -> float:
        """Return the idf of a document frequency, as Whoosh's BM25F has it."""
        return log(max(self._vectors.count_documents(), 1) / (frequency + 1)) + 1

    @property
    def document_count(self) -> int:
        """Return the number of documents with words."""
        return self._vectors.count_documents()

    def average_lengths(self) -> dict[Field, float]:
        """Return the average length of each counted field."""
        return self._vectors.average_lengths()

    def remembered_frequencies(self, field: Field, texts: Iterable[str]) -> dict[str, int]:
        """Return the document frequencies of those terms of a field that are remembered."""
        remembered, absent = self._remembered(), self._absent
        known = {text: remembered.get((field, text)) for text in texts}
        return {
            text: count or 0
            for text, count in known.items()
            if count is not None or (field, text) in absent
        }

    def facts_for(self, queries: Iterable[Query]) -> QueryFacts:
        """Return what the lowering of some queries needs to know.

        Raises:
            ValueError: a node asks for what no index can answer.
        """
        nodes = [node for query in queries for node in walk(query)]
        expanded = [node for node in dict.fromkeys(nodes) if isinstance(node, ExpandedNode)]
        title_terms = [
            (node.field, text)
            for node in nodes
            if isinstance(node, q.Coverage) and node.field in COVERAGE_FIELDS
            for text in node.texts
        ]
        terms = self._expand(expanded) if expanded else {}
        placed = list(dict.fromkeys(filter(is_sendable, folded_words(nodes))))
        if any(isinstance(node, q.InSection) for node in nodes):
            placed += [text for node in terms if node.field is Field.FOLDED for text in terms[node]]
        figures = self.document_frequencies(title_terms)
        return QueryFacts(
            terms=terms,
            forms=self._words_of(placed),
            idf={term: self.idf(frequency) for term, frequency in figures.items()},
        )

    def forget_words(self) -> None:
        """Forget exact forms: the index has other documents, which may bring new ones."""
        self._words, self._absent_words = {}, set()

    def _expand(self, nodes: Sequence[ExpandedNode]) -> dict[ExpandedNode, Sequence[str]]:
        """Return the commonest terms that each node stands for."""
        self._remembered()
        expansions = self._expansions
        terms = {node: expansions[node] for node in nodes if node in expansions}
        words = self._dictionary.matching_words([node for node in nodes if node not in terms])
        candidates = [(node.field, text) for node, texts in words.items() for text in texts]
        figures = self.document_frequencies(candidates) if candidates else {}
        for node, texts in words.items():
            ordered = _most_common([(node.field, text) for text in texts], figures)
            terms[node] = tuple(term.text for term in ordered[: node.limit])
            if terms[node]:
                expansions[node] = terms[node]
        return terms

    def _candidate_forms(self, folded: Sequence[str]) -> dict[str, list[FieldTerm]]:
        """Return for each folded text the exact terms that may be its forms.

        The forms of a pair are among those of its words, put together.
        """
        split = {text: text.split(" ") for text in folded}
        possible = {text: words for text, words in split.items() if len(words) <= _LONGEST_FORM}
        words = self._words_of(
            list(dict.fromkeys(itertools.chain.from_iterable(possible.values())))
        )
        candidates: dict[str, list[FieldTerm]] = {text: [] for text in folded}
        for text, parts in possible.items():
            field = Field.EXACT_PAIRS if len(parts) > 1 else Field.EXACT
            combined = itertools.product(*(words[part] for part in parts))
            candidates[text] = [(field, " ".join(form)) for form in combined]
        return candidates

    def _words_of(self, folded: Sequence[str]) -> dict[str, list[str]]:
        """Return the exact words of folded ones.

        With the first ones those of all syllables are asked for: most words of the next queries.
        """
        self._remembered()
        remembered, absent = self._words, self._absent_words
        unknown = [text for text in folded if text not in remembered and text not in absent]
        if unknown:
            along = () if remembered else FOLDED_SYLLABLES
            fetched = self._dictionary.exact_forms(list(dict.fromkeys((*unknown, *along))))
            remembered.update((text, forms) for text, forms in fetched.items() if forms)
            absent.update(text for text, forms in fetched.items() if not forms)
        return {text: remembered.get(text, []) for text in folded}

    def _remembered(self) -> dict[FieldTerm, int]:
        """Return the remembered frequencies; memories are dropped when they are old."""
        now = self._clock()
        if now >= self._forget_at or len(self._frequencies) > _MOST_REMEMBERED:
            self._frequencies, self._words, self._expansions = {}, {}, {}
            self._forget_at = now + SECONDS_REMEMBERED
        if now >= self._forget_absent_at or len(self._absent) > _MOST_REMEMBERED:
            self._absent, self._absent_words = set(), set()
            self._forget_absent_at = now + SECONDS_ABSENT
        return self._frequencies


def _most_common(terms: Sequence[FieldTerm], figures: Mapping[FieldTerm, int]) -> list[TermCount]:
    """Return those terms that a document holds, commonest first, equal ones in their order."""
    present = [(figures[term], term[1]) for term in terms if figures[term]]
    ordered = sorted(present, key=lambda row: (-row[0], row[1]))
    return [TermCount(text, documents) for documents, text in ordered]
