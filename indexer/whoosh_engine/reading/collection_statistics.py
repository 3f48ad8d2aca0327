"""Numbers of the whole index that scores depend on, whatever segment a document is in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np

from indexer.analysis.fields import Field
from indexer.arrays.array_file import Array
from indexer.engine.records import TermCount
from indexer.whoosh_engine.format.length_norms import K1, norm_table
from indexer.whoosh_engine.format.segment import Segment

_COMMONEST = 4096
"""Terms of one segment that are considered when the commonest of the index are wanted."""

_REMEMBERED = 8192
_MOST_COUNTED = 1 << 15
"""A word that is put right is one of hundreds that are counted for it."""


class Statistics:
    """Frequencies over all segments; deleted documents count until they are merged away."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        """Look at the segments of an index."""
        self._segments = segments
        self.count = sum(segment.count for segment in segments)
        self._averages: dict[Field, float] = {}
        self._drifts: dict[tuple[int, Field], float] = {}
        self._weights: dict[tuple[Field, str], float] = {}
        self._expanded: dict[tuple[int, Field], Array] = {}
        self._often: dict[tuple[Field, str], int] = {}
        self._readings: dict[str, tuple[TermCount, ...]] = {}

    def often(self, field: Field, text: str) -> int:
        """The documents that hold a term; remembered."""
        often = self._often.get((field, text))
        if often is None:
            found = (segment.postings(field, text) for segment in self._segments)
            often = sum(postings.often for postings in found if postings is not None)
            if len(self._often) >= _MOST_COUNTED:
                self._often.clear()
            self._often[field, text] = often
        return often

    def weight(self, field: Field, text: str) -> float:
        """The factor idf * (k1 + 1) of a term, with the idf of Whoosh's BM25F."""
        weight = self._weights.get((field, text))
        if weight is None:
            weight = (log(self.count / (self.often(field, text) + 1)) + 1) * (K1 + 1)
            if len(self._weights) >= _REMEMBERED:
                self._weights.clear()
            self._weights[field, text] = weight
        return weight

    def average(self, field: Field) -> float:
        """The mean length of a field, at least a little."""
        average = self._averages.get(field)
        if average is None:
            total = sum(segment.total(field) for segment in self._segments)
            average = self._averages[field] = total / (self.count or 1) or 1.0
        return average

    def drift(self, at: int, field: Field) -> float:
        """How many times as long as in one segment the field is in the index, at least 1."""
        drift = self._drifts.get((at, field))
        if drift is None:
            segment = self._segments[at]
            own = segment.total(field) / segment.count or 1.0
            drift = self._drifts[at, field] = max(1.0, self.average(field) / own)
        return drift

    def norms(self, at: int, field: Field) -> Array:
        """BM25's length norm of every document of one segment."""
        norms = self._expanded.get((at, field))
        if norms is None:
            norms = norm_table(self.average(field)).take(self._segments[at].lengths(field))
            self._expanded[at, field] = norms
        return norms

    def begun(self, field: Field, prefix: str, limit: int) -> list[TermCount]:
        """The commonest terms with this beginning."""
        counted: Counter[str] = Counter()
        several = len(self._segments) > 1
        for segment in self._segments:
            dictionary = segment.dictionary(field)
            terms = dictionary.terms_with_prefix(prefix)
            often = segment.all_often(field, terms)
            most = max(limit, _COMMONEST) if several else limit
            if len(terms) > most:
                least = np.partition(often, -most)[-most]
                terms, often = terms[often >= least], often[often >= least]
            for term, documents in zip(terms.tolist(), often.tolist(), strict=True):
                counted[dictionary.text(term)] += documents
        return commonest(counted, limit)

    def exact_forms(self, folded: str) -> tuple[TermCount, ...]:
        """The forms with marks of a folded syllable or pair, commonest first; remembered."""
        found = self._readings.get(folded)
        if found is None:
            if len(self._readings) >= _REMEMBERED:
                self._readings.clear()
            found = self._readings[folded] = tuple(self._read(folded))
        return found

    def _read(self, folded: str) -> list[TermCount]:
        field = Field.EXACT_PAIRS if " " in folded else Field.EXACT
        counted: Counter[str] = Counter()
        for segment in self._segments:
            dictionary = segment.dictionary(field)
            for term in dictionary.exact_forms(folded):
                counted[dictionary.text(term)] += segment.often(field, term)
        return commonest(counted, None)


def commonest(counted: Counter[str], limit: int | None) -> list[TermCount]:
    """Counted texts, commonest first, equal ones in their order."""
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [TermCount(text, documents) for text, documents in ordered[:limit]]
