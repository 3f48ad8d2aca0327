"""Document frequencies of many terms of many fields in one request, by term vectors.

The cluster is asked for the vector of a document that is nowhere: it holds the terms. The vector
comes with the frequencies of one shard, so one such document is sent to each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from archive.errors import EngineError
from indexer.analysis.fields import Field
from indexer.opensearch_engine.cluster_client import ClusterClient, ClusterRequest, one_line
from indexer.opensearch_engine.mapping import COUNTED_FIELDS, FILLER
from indexer.opensearch_engine.phrase_lowering import is_sendable

MOST_TERMS: Final = 10_000
"""Terms of one request."""

_LONGEST_TERM: Final = 1000
_FILTER: Final = ",".join(
    (
        "docs.error",
        "docs.term_vectors.*.field_statistics.doc_count",
        "docs.term_vectors.*.field_statistics.sum_doc_freq",
        "docs.term_vectors.*.terms.*.doc_freq",
        "docs.term_vectors.*.terms.*.ttf",
    )
)

FieldTerm = tuple[Field, str]


class _TermFigure(msgspec.Struct):
    """The figures of a term in one shard."""

    doc_freq: int = 0
    ttf: int = 0


class _FieldFigures(msgspec.Struct):
    """The figures of a field in one shard."""

    doc_count: int = 0
    sum_doc_freq: int = 0


class _FieldVector(msgspec.Struct):
    """The terms of a field."""

    field_statistics: _FieldFigures = msgspec.field(default_factory=_FieldFigures)
    terms: dict[str, _TermFigure] = {}


_NOTHING: Final = _FieldVector()


class _VectorDocument(msgspec.Struct):
    """The vectors of a document, with the figures of the shard that made them."""

    term_vectors: dict[str, _FieldVector] = {}
    error: msgspec.Raw = msgspec.Raw()


class _VectorAnswer(msgspec.Struct):
    """The answer to `_mtermvectors`."""

    docs: list[_VectorDocument] = []


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often terms are in an index, in documents that were deleted too.

    Attributes:
        documents: the number of documents that hold each term.
        occurrences: the sum of its weighted frequencies in them.
    """

    documents: Mapping[FieldTerm, int]
    occurrences: Mapping[FieldTerm, int]


class TermVectors:
    """Frequencies of the terms of an index."""

    def __init__(self, client: ClusterClient, index: str, routings: Sequence[str]) -> None:
        """Ask an index, one of whose shards each routing leads to."""
        self._client, self._index, self._routings = client, index, routings
        self._figures: dict[Field, tuple[int, int]] = {}

    def count(self, terms: Sequence[FieldTerm]) -> TermCounts:
        """Return how often each term is in the index; 0 for one that is in no document."""
        documents: Counter[FieldTerm] = Counter()
        occurrences: Counter[FieldTerm] = Counter()
        sendable = [term for term in dict.fromkeys(terms) if _is_term(term[1])]
        for start in range(0, len(sendable), MOST_TERMS):
            texts: dict[Field, list[str]] = {}
            for field, text in sendable[start : start + MOST_TERMS]:
                texts.setdefault(field, []).append(text)
            for vectors in self._ask(texts):
                for name in texts:
                    vector = vectors.term_vectors.get(name.value, _NOTHING)
                    for text, figure in vector.terms.items():
                        documents[name, text] += figure.doc_freq
                        occurrences[name, text] += figure.ttf
        return TermCounts(
            {term: documents[term] for term in terms}, {term: occurrences[term] for term in terms}
        )

    def count_documents(self) -> int:
        """Return the documents with words; asked of the cluster where that was never done."""
        return self._field_figures()[Field.FOLDED][0]

    def average_lengths(self) -> dict[Field, float]:
        """Return the average length of each counted field; asked where that was never done."""
        return {
            # See `field_lengths`.
            field: max(postings / max(count, 1) - 1, 1.0)
            for field, (count, postings) in self._field_figures().items()
        }

    def _field_figures(self) -> dict[Field, tuple[int, int]]:
        """Return for each counted field its documents and postings, as the last request saw."""
        if not self._figures:
            self._ask({})
        return self._figures

    def _ask(self, texts: Mapping[Field, Sequence[str]]) -> list[_VectorDocument]:
        """Return the vectors that each shard makes; the figures of fields are kept."""
        # The figures of a field come with its terms.
        asked = {**texts, **{field: [*texts.get(field, ()), FILLER] for field in COUNTED_FIELDS}}
        document = {field.value: "\n".join(each) for field, each in asked.items()}
        common: dict[str, Any] = {
            "_index": self._index,
            "doc": document,
            "fields": list(document),
            "per_field_analyzer": dict.fromkeys(document, "plain"),
            "term_statistics": True,
            "field_statistics": True,
            "positions": False,
            "offsets": False,
            "payloads": False,
        }
        body = {"docs": [{**common, "routing": routing} for routing in self._routings]}
        request = ClusterRequest(
            "POST",
            f"/_mtermvectors?realtime=false&filter_path={_FILTER}",
            msgspec.json.encode(body),
        )
        documents = self._client.call(request, _VectorAnswer).docs
        for vectors in documents:
            if bytes(vectors.error):
                reason = one_line(bytes(vectors.error).decode("utf-8", "replace"))
                raise EngineError(
                    f"terms of {self._index} cannot be looked up: {reason}; try again"
                )
        self._figures = {field: _sum_figures(documents, field) for field in COUNTED_FIELDS}
        return documents


def _sum_figures(documents: Sequence[_VectorDocument], field: Field) -> tuple[int, int]:
    """Return the documents and the postings of a field in all shards."""
    figures = [each.term_vectors.get(field.value, _NOTHING).field_statistics for each in documents]
    return sum(each.doc_count for each in figures), sum(each.sum_doc_freq for each in figures)


def _is_term(text: str) -> bool:
    return is_sendable(text) and len(text) <= _LONGEST_TERM
