"""Statistics of terms, each looked up once for a query."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import Query
from indexer.engine.records import TermCount, TermLookup


class TermStatistics:
    """A cache over one engine for the statistics of one query; not to be shared between threads.

    Attributes:
        documents: the number of documents in the index.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._frequencies: dict[tuple[Field, str], int] = {}
        self._forms: dict[str, Sequence[TermCount]] = {}
        self._counts: dict[Query, int] = {}
        self.documents = engine.status().documents

    def look_up(
        self,
        frequencies: Mapping[Field, Iterable[str]],
        forms: Iterable[str] = (),
        counts: Iterable[Query] = (),
    ) -> None:
        """Look up terms of several fields by one call; what is known already is left out.

        Args:
            frequencies: field -> terms whose document frequencies will be wanted.
            forms: folded words and pairs whose exact forms will be wanted.
            counts: queries whose numbers of matches will be wanted.
        """
        unknown = {
            field: [
                text
                for text in dict.fromkeys(texts)
                if text and (field, text) not in self._frequencies
            ]
            for field, texts in frequencies.items()
        }
        lookup = TermLookup(
            frequencies={field: texts for field, texts in unknown.items() if texts},
            forms=[text for text in dict.fromkeys(forms) if text not in self._forms],
            counts=[query for query in dict.fromkeys(counts) if query not in self._counts],
        )
        if not (lookup.frequencies or lookup.forms or lookup.counts):
            return
        figures = self._engine.look_up(lookup)
        for field, texts in lookup.frequencies.items():
            for text, count in zip(texts, figures.frequencies[field], strict=True):
                self._frequencies[field, text] = count
        self._forms.update(zip(lookup.forms, figures.forms, strict=True))
        self._counts.update(zip(lookup.counts, figures.counts, strict=True))

    def document_frequencies(self, field: Field, texts: Sequence[str]) -> list[int]:
        """Return the number of documents that hold each term; 0 for an unknown one."""
        known = self._frequencies
        self.look_up({field: texts})
        return [known[field, text] if text else 0 for text in texts]

    def document_frequency(self, field: Field, text: str) -> int:
        """Return the number of documents that hold a term."""
        return self.document_frequencies(field, [text])[0]

    def exact_forms(self, folded: str) -> Sequence[TermCount]:
        """Return the exact forms of a folded syllable or bigram, commonest first."""
        if folded not in self._forms:
            self.look_up({}, forms=[folded])
        return self._forms[folded]

    def count(self, queries: Sequence[Query]) -> list[int]:
        """Return the number of documents that match each query, all by one call."""
        self.look_up({}, counts=queries)
        return [self._counts[query] for query in queries]

    def idf(self, field: Field, texts: Sequence[str]) -> list[float]:
        """Return the inverse document frequencies of terms, as engines score with them."""
        return [
            inverse_document_frequency(self.documents, count)
            for count in self.document_frequencies(field, texts)
        ]


def inverse_document_frequency(documents: int, frequency: int) -> float:
    """Return log(N / (df + 1)) + 1, which is above 0 (see `indexer.engine.queries`)."""
    return math.log(max(1, documents) / (min(frequency, documents) + 1)) + 1
