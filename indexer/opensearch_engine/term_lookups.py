"""Look-ups of terms: frequencies and exact forms of many, remembered for a little while."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, product
from math import log
from types import MappingProxyType
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
from indexer.opensearch_engine.term_vectors import FieldTerm, TermCounts, TermVectors
from indexer.opensearch_engine.word_dictionary import ExactWordDictionary
from indexer.vietnamese.syllables import FOLDED_SYLLABLES

SECONDS_REMEMBERED: Final = 300.0
"""Seconds that a figure is remembered: the index changes in place."""

SECONDS_ABSENT: Final = 20.0
"""Seconds that it is remembered that no document holds a term: new ones bring new words."""

_MOST_REMEMBERED: Final = 1 << 18
_MOST_LATER: Final = _MOST_REMEMBERED // 2
"""Words of an index whose frequencies are fetched along: the first that were put in."""

_LATER_AT_ONCE: Final = 8_000
"""The same with one request, for which that is a tenth of a second more."""

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
        self._words: dict[str, Sequence[str]] = {}
        self._later: Iterator[str] = iter(())
        self._expansions: dict[ExpandedNode, Sequence[str]] = {}
        self._absent: set[FieldTerm] = set()
        self._absent_words: set[str] = set()
        self._forget_at = self._forget_absent_at = 0.0

    def look_up(
        self, frequencies: Mapping[Field, Sequence[str]], forms: Sequence[str]
    ) -> tuple[dict[Field, list[int]], list[list[TermCount]]]:
        """Return the document frequencies of terms and the exact forms of folded texts.

        Mostly by one request: a word that is not known is taken to have one form, itself, which
        the occurrences of both confirm (names, numbers, words of other languages).
        """
        terms = [(field, text) for field, texts in frequencies.items() for text in texts]
        terms += [(Field.FOLDED, text) for text in forms if " " not in text]
        guesses = self._guess_forms(forms)
        candidates = self._candidate_forms(forms, guesses)
        terms += chain.from_iterable(candidates.values())
        beside = [(_FIELDS_BESIDE[field], text) for field, text in terms if field in _FIELDS_BESIDE]
        figures = self.document_frequencies(terms, beside, guesses)
        if not all(map(self._has_forms, guesses)):
            candidates = self._candidate_forms(forms, {})
            terms = list(chain.from_iterable(candidates.values()))
            figures |= self.document_frequencies(terms)
        return (
            {
                field: [figures[field, text] for text in texts]
                for field, texts in frequencies.items()
            },
            [_most_common(candidates[text], figures) for text in forms],
        )

    def document_frequencies(
        self,
        terms: Sequence[FieldTerm],
        beside: Sequence[FieldTerm] = (),
        guesses: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> dict[FieldTerm, int]:
        """Return the document frequency of each term.

        Args:
            terms: what is looked up, unless it is remembered.
            beside: what is fetched along, if anything is.
            guesses: words with what may be all their exact forms, which is found out.
        """
        remembered = self._remembered()
        figures = {term: remembered[term] for term in terms if term in remembered}
        figures |= dict.fromkeys(self._absent.intersection(terms), 0)
        unknown = [term for term in terms if term not in figures]
        unknown += ((Field.FOLDED, word) for word in guesses)
        unknown += ((Field.EXACT, form) for forms in guesses.values() for form in forms)
        if unknown:
            along = [term for term in beside if term not in remembered and term not in self._absent]
            counts = self._vectors.count(list(dict.fromkeys((*unknown, *along))))
            self._note_forms(guesses, counts)
            fetched = counts.documents
            remembered.update((term, count) for term, count in fetched.items() if count)
            self._absent.update(term for term, count in fetched.items() if not count)
            figures.update((term, fetched[term]) for term in unknown)
        return figures

    def typical_frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """Return the document frequencies of exact words that few texts hold.

        With them those of further words of the index are asked for: names and numbers that no page
        had before are nearly on every one, until all are remembered.
        """
        along = [(Field.EXACT, word) for word in islice(self._later, _LATER_AT_ONCE)]
        figures = self.document_frequencies([(Field.EXACT, word) for word in words], along)
        return {word: figures[Field.EXACT, word] for word in words}

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

    def _guess_forms(self, folded: Iterable[str]) -> dict[str, list[str]]:
        """Return words whose exact forms are not known, each with itself as the only one.

        None where nothing is known yet: then the dictionary tells of the syllables as well.
        """
        self._remembered()
        if not self._words:
            return {}
        split = (text.split(" ") for text in folded)
        words = chain.from_iterable(each for each in split if len(each) <= _LONGEST_FORM)
        return {word: [word] for word in dict.fromkeys(words) if not self._has_forms(word)}

    def _has_forms(self, word: str) -> bool:
        """Tell whether the exact forms of a folded word are remembered, or that it has none."""
        return word in self._words or word in self._absent_words

    def _note_forms(self, guesses: Mapping[str, Sequence[str]], counts: TermCounts) -> None:
        """Remember the exact forms of words that occur as often as all their forms together."""
        for word, forms in guesses.items():
            occurrences = counts.occurrences[Field.FOLDED, word]
            if not occurrences:
                self._absent_words.add(word)
            elif occurrences == sum(counts.occurrences[Field.EXACT, form] for form in forms):
                self._words[word] = list(forms)

    def _candidate_forms(
        self, folded: Sequence[str], guesses: dict[str, list[str]]
    ) -> dict[str, list[FieldTerm]]:
        """Return for each folded text the exact terms that may be its forms.

        The forms of a pair are among those of its words, put together.
        """
        split = {text: text.split(" ") for text in folded}
        possible = {text: words for text, words in split.items() if len(words) <= _LONGEST_FORM}
        parts = dict.fromkeys(chain.from_iterable(possible.values()))
        words = guesses | self._words_of([part for part in parts if part not in guesses])
        candidates: dict[str, list[FieldTerm]] = {text: [] for text in folded}
        for text, split_text in possible.items():
            field = Field.EXACT_PAIRS if len(split_text) > 1 else Field.EXACT
            combined = product(*(words[part] for part in split_text))
            candidates[text] = [(field, " ".join(form)) for form in combined]
        return candidates

    def _words_of(self, folded: Sequence[str]) -> dict[str, Sequence[str]]:
        """Return the exact words of folded ones.

        At first all words are read, or, where they are too many, those of all syllables: most
        words of the next queries.
        """
        self._remembered()
        unknown = [text for text in folded if not self._has_forms(text)]
        if unknown and not self._words:
            self._words = dict(self._dictionary.all_forms())
            words = list(islice(chain.from_iterable(self._words.values()), _MOST_LATER))
            self._later = iter(words)
            if self._words:
                self._absent_words.update(text for text in unknown if text not in self._words)
                unknown = []
        if unknown:
            along = () if self._words else FOLDED_SYLLABLES
            fetched = self._dictionary.exact_forms(list(dict.fromkeys((*unknown, *along))))
            self._words.update((text, forms) for text, forms in fetched.items() if forms)
            self._absent_words.update(text for text, forms in fetched.items() if not forms)
        return {text: self._words.get(text, []) for text in folded}

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
