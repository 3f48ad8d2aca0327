"""Statistics of terms, each looked up once for a query."""

from __future__ import annotations

import math
from collections.abc import Sequence

from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import MatchNone, Query
from indexer.engine.records import EngineQuery, TermCount


class TermStatistics:
    """A cache over one engine for the statistics of one query; not to be shared between threads.

    Attributes:
        documents: the number of documents in the index.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._frequencies: dict[tuple[Field, str], int] = {}
        self._forms: dict[str, list[TermCount]] = {}
        self._counts: dict[Query, int] = {}
        self.documents = engine.status().documents

    def document_frequencies(self, field: Field, texts: Sequence[str]) -> list[int]:
        """Return the number of documents that hold each term; 0 for an unknown one."""
        unknown = [text for text in dict.fromkeys(texts) if (field, text) not in self._frequencies]
        if unknown:
            counts = self._engine.document_frequencies(field, unknown)
            for text, count in zip(unknown, counts, strict=True):
                self._frequencies[field, text] = count
        return [self._frequencies[field, text] for text in texts]

    def document_frequency(self, field: Field, text: str) -> int:
        """Return the number of documents that hold a term."""
        return self.document_frequencies(field, [text])[0]

    def exact_forms(self, folded: str) -> list[TermCount]:
        """Return the exact forms of a folded syllable or bigram, commonest first."""
        if folded not in self._forms:
            self._forms[folded] = self._engine.exact_forms(folded)
        return self._forms[folded]

    def count(self, queries: Sequence[Query]) -> list[int]:
        """Return the number of documents that match each query, all by one search."""
        unknown = tuple(query for query in dict.fromkeys(queries) if query not in self._counts)
        if unknown:
            request = EngineQuery(MatchNone(), counts=unknown, limit=0)
            self._counts.update(zip(unknown, self._engine.search(request).counts, strict=True))
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
