"""Statistics of the whole index that scores depend on, whatever segment a document is in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log
from typing import Final

import numpy as np

from indexer.analysis.fields import Field
from indexer.arrays.array_file import Array
from indexer.engine.records import TermCount
from indexer.whoosh_engine.format.length_norms import K1, norm_table
from indexer.whoosh_engine.format.segment import Segment

_TERMS_PER_SEGMENT: Final = 4096
"""Terms of one segment that are considered for the commonest of the index."""

_CACHE_SIZE: Final = 8192

_MANY: Final = 24
"""Terms that are faster looked up together: spelling asks for hundreds of forms of a word."""

_FREQUENCY_CACHE_SIZE: Final = 1 << 15
"""Document frequencies that are remembered."""


class CollectionStatistics:
    """Frequencies over all segments; deleted documents count until they are merged away.

    Attributes:
        document_count: documents of all segments.
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        """Count in the segments of an index."""
        self._segments = segments
        self.document_count = sum(segment.document_count for segment in segments)
        self._average_lengths: dict[Field, float] = {}
        self._length_ratios: dict[tuple[int, Field], float] = {}
        self._length_norms: dict[tuple[int, Field], Array] = {}
        self._weights: dict[tuple[Field, str], float] = {}
        self._document_frequencies: dict[tuple[Field, str], int] = {}
        self._exact_forms: dict[str, tuple[TermCount, ...]] = {}

    def document_frequency(self, field: Field, text: str) -> int:
        """Return the number of documents that hold a term; remembered."""
        frequency = self._document_frequencies.get((field, text))
        if frequency is None:
            by_segment = (segment.postings(field, text) for segment in self._segments)
            frequency = sum(postings.document_frequency for postings in by_segment if postings)
            self._remember(field, text, frequency)
        return frequency

    def document_frequencies(self, field: Field, texts: Sequence[str]) -> list[int]:
        """Return the number of documents that hold each term; those that some hold are remembered.

        Many that are looked up together are edits of a word, most of which nobody wrote.
        """
        remembered = self._document_frequencies
        counts = {
            text: count for text in texts if (count := remembered.get((field, text))) is not None
        }
        unknown = [text for text in dict.fromkeys(texts) if text not in counts]
        if len(unknown) < _MANY:
            counts.update((text, self.document_frequency(field, text)) for text in unknown)
            return [counts[text] for text in texts]
        frequencies = np.zeros(len(unknown), np.int64)
        for segment in self._segments:
            frequencies += segment.text_frequencies(field, unknown)
        for text, count in zip(unknown, frequencies.tolist(), strict=True):
            counts[text] = count
            if count:
                self._remember(field, text, count)
        return [counts[text] for text in texts]

    def exact_frequencies(
        self, texts: Sequence[str], counted: Sequence[Mapping[str, int]]
    ) -> list[int]:
        """Return the number of documents that hold each exact word.

        Args:
            texts: the words.
            counted: for each segment what is known of it already: word -> document frequency.
        """
        remembered = self._document_frequencies
        frequencies = {
            text: count
            for text in texts
            if (count := remembered.get((Field.EXACT, text))) is not None
        }
        new = [text for text in texts if text not in frequencies]
        for segment, known in zip(self._segments, counted, strict=True):
            others = [text for text in new if text not in known]
            counts = segment.text_frequencies(Field.EXACT, others).tolist() if others else []
            in_segment = {**known, **dict(zip(others, counts, strict=True))}
            for text in new:
                frequencies[text] = frequencies.get(text, 0) + in_segment[text]
        for text in new:
            self._remember(Field.EXACT, text, frequencies[text])
        return [frequencies[text] for text in texts]

    def _remember(self, field: Field, text: str, frequency: int) -> None:
        if len(self._document_frequencies) >= _FREQUENCY_CACHE_SIZE:
            self._document_frequencies.clear()
        self._document_frequencies[field, text] = frequency

    def weight(self, field: Field, text: str) -> float:
        """Return idf * (k1 + 1) of a term, with the idf of Whoosh's BM25F."""
        weight = self._weights.get((field, text))
        if weight is None:
            frequency = self.document_frequency(field, text)
            weight = self.idf(frequency) * (K1 + 1)
            if len(self._weights) >= _CACHE_SIZE:
                self._weights.clear()
            self._weights[field, text] = weight
        return weight

    def idf(self, frequency: int) -> float:
        """Return the idf of a term by its document frequency, as Whoosh's BM25F has it."""
        return log(self.document_count / (frequency + 1)) + 1

    def average_length(self, field: Field) -> float:
        """Return the mean length of a field, 1 where there is none."""
        average = self._average_lengths.get(field)
        if average is None:
            total = sum(segment.total_length(field) for segment in self._segments)
            average = self._average_lengths[field] = total / (self.document_count or 1) or 1.0
        return average

    def length_ratio(self, segment_index: int, field: Field) -> float:
        """Return the mean length of a field in the index by that in a segment, at least 1."""
        ratio = self._length_ratios.get((segment_index, field))
        if ratio is None:
            segment = self._segments[segment_index]
            own_average = segment.total_length(field) / segment.document_count or 1.0
            ratio = max(1.0, self.average_length(field) / own_average)
            self._length_ratios[segment_index, field] = ratio
        return ratio

    def length_norms(self, segment_index: int, field: Field) -> Array:
        """Return BM25's length norm of every document of a segment."""
        norms = self._length_norms.get((segment_index, field))
        if norms is None:
            lengths = self._segments[segment_index].lengths(field)
            norms = norm_table(self.average_length(field)).take(lengths)
            self._length_norms[segment_index, field] = norms
        return norms

    def terms_with_prefix(self, field: Field, prefix: str, limit: int) -> list[TermCount]:
        """Return the commonest terms with a prefix."""
        counts: Counter[str] = Counter()
        # With several segments, the commonest of the index may be rarer in each.
        most = limit if len(self._segments) == 1 else max(limit, _TERMS_PER_SEGMENT)
        for segment in self._segments:
            dictionary = segment.dictionary(field)
            terms = dictionary.terms_with_prefix(prefix)
            frequencies = segment.document_frequencies(field, terms)
            if len(terms) > most:
                common = frequencies >= np.partition(frequencies, -most)[-most]
                terms, frequencies = terms[common], frequencies[common]
            for text, frequency in zip(dictionary.texts(terms), frequencies.tolist(), strict=True):
                counts[text] += frequency
        return _most_common(counts, limit)

    def exact_forms(self, folded: str) -> tuple[TermCount, ...]:
        """Return the exact forms of a folded word or pair, commonest first; remembered."""
        forms = self._exact_forms.get(folded)
        if forms is None:
            if len(self._exact_forms) >= _CACHE_SIZE:
                self._exact_forms.clear()
            forms = self._exact_forms[folded] = tuple(self._count_exact_forms(folded))
        return forms

    def _count_exact_forms(self, folded: str) -> list[TermCount]:
        field = Field.EXACT_PAIRS if " " in folded else Field.EXACT
        counts: Counter[str] = Counter()
        for segment in self._segments:
            dictionary = segment.dictionary(field)
            terms = dictionary.exact_forms(folded)
            if not len(terms):
                continue
            frequencies = segment.document_frequencies(field, terms).tolist()
            for text, frequency in zip(dictionary.texts(terms), frequencies, strict=True):
                counts[text] += frequency
        return _most_common(counts, None)


def _most_common(counts: Counter[str], limit: int | None) -> list[TermCount]:
    """Return the texts, commonest first, equal ones in their order."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [TermCount(text, documents) for text, documents in ordered[:limit]]
