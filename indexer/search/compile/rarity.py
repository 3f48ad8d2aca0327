"""Inverse document frequency of terms, as engines score with it (see `indexer.engine.queries`)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from indexer.analysis.fields import Field
from indexer.engine.api import Engine


def idf(documents: int, held: int) -> float:
    """The idf of a term that so many of the documents hold: log(N / (df + 1)) + 1, above 0."""
    return math.log(max(1, documents) / (min(held, documents) + 1)) + 1


def rarities(engine: Engine, field: Field, texts: Sequence[str]) -> list[float]:
    """The idf of each of some terms of a field."""
    documents = engine.status().documents
    return [idf(documents, held) for held in engine.document_frequencies(field, texts)]
