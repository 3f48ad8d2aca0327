"""Plain stock Whoosh, reading: the reference that answers are compared with."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from indexer.analysis.fields import Field
from indexer.engine.queries import (
    AndMaybe,
    Column,
    HasIdentifier,
    MatchNone,
    Or,
    Sort,
    Term,
)
from indexer.engine.records import (
    EngineQuery,
    EngineResult,
    EngineStatus,
    FacetCounts,
    FeedbackQuery,
    Hit,
    TermCount,
    TermFigures,
    TermLookup,
    TermWeight,
)
from indexer.whoosh_engine.format.index_manifest import read_manifest
from indexer.whoosh_engine.format.schema import (
    exact_key,
    key_of,
    schema,
)
from indexer.whoosh_engine.whoosh_api.version_check import check_whoosh
from tests.oracle.stock_evaluators import LeafEvaluator, OutOfTimeError, terms_with_prefix
from tests.oracle.stock_writer import FORMAT, open_segments, records_name


class StockEngine:
    """The reference implementation of `indexer.engine.api.Engine`."""

    def __init__(self, folder: Path) -> None:
        """Open the index in a folder; see `indexer.engine_factory.open_engine`."""
        check_whoosh()
        self._manifest = read_manifest(folder, FORMAT)
        self._folder = folder
        segments = open_segments(self._folder, self._manifest)
        self._records = [
            json.loads((folder / records_name(segment)).read_bytes()) for segment in segments
        ]

    def searcher(self) -> Searcher:
        storage = FileStorage(str(self._folder), supports_mmap=False)
        segments = open_segments(self._folder, self._manifest)
        reader = FileIndex._reader(storage, schema(), segments, 0)
        return Searcher(reader, weighting=BM25F(B=0.75, K1=1.2))

    def _leaves(self, searcher: Searcher, deadline: float) -> list[LeafEvaluator]:
        if not self._records:
            return []
        leaves = searcher.leaf_searchers()
        pairs = zip(leaves, self._records, strict=True)
        return [LeafEvaluator(leaf, records, deadline) for (leaf, _), records in pairs]

    def search(self, request: EngineQuery) -> EngineResult:
        """See `indexer.engine.api.Engine`."""
        result = self._search(request)
        for number, query in enumerate(request.fallbacks, 1):
            if result.total:
                break
            result = replace(self._search(replace(request, query=query)), fallback=number)
        if request.feedback is None or not result.complete:
            return result
        feedback = self._score_feedback(request.feedback, result.hits[: request.feedback.window])
        return replace(result, feedback=feedback)

    def _search(self, request: EngineQuery) -> EngineResult:
        deadline = time.monotonic() + (1e9 if request.budget is None else request.budget)
        complete, counts = True, [0] * len(request.counts)
        matches: list[tuple[float, dict[str, Any]]] = []
        with self.searcher() as searcher:
            for leaf in self._leaves(searcher, deadline):
                try:
                    scores = leaf.evaluate(request.query)
                    within = [leaf.evaluate(query).keys() for query in request.filters]
                    keep = set(scores).intersection(*within)
                    matches += [(scores[number], leaf.records[number]) for number in keep]
                    for index, query in enumerate(request.counts):
                        counts[index] += len(set(leaf.evaluate(query)).intersection(*within))
                except OutOfTimeError:
                    complete = False
        return EngineResult(
            total=len(matches),
            hits=_hits(request, matches),
            counts=tuple(counts),
            facets=tuple(_facet(request, column, matches) for column in request.facets),
            complete=complete,
        )

    def document_frequencies(self, field: Field, texts: Sequence[str]) -> list[int]:
        """See `indexer.engine.api.Engine`."""
        keys = [key_of(field, text).encode() for text in texts]
        with self.searcher() as searcher:
            return [searcher.reader().doc_frequency(field.value, key) for key in keys]

    def exact_forms(self, folded: str) -> list[TermCount]:
        """See `indexer.engine.api.Engine`."""
        field = Field.EXACT_PAIRS if " " in folded else Field.EXACT
        with self.searcher() as searcher:
            terms = terms_with_prefix(searcher, field, "", 1 << 30)
        return [term for term in terms if exact_key(term.text).startswith(f"{folded}\x1f")]

    def look_up(self, lookup: TermLookup) -> TermFigures:
        """See `indexer.engine.api.Engine`."""
        counted = EngineQuery(MatchNone(), counts=tuple(lookup.counts), limit=0)
        return TermFigures(
            {
                field: self.document_frequencies(field, texts)
                for field, texts in lookup.frequencies.items()
            },
            list(map(self.exact_forms, lookup.forms)),
            self.search(counted).counts,
        )

    @contextmanager
    def snapshot(self) -> Iterator[StockEngine]:
        """See `indexer.engine.api.Engine`."""
        yield self

    def _score_feedback(self, request: FeedbackQuery, hits: Sequence[Hit]) -> tuple[float, ...]:
        terms = self._expansion_terms(request.weigh(hits), request.terms)
        if not terms:
            return ()
        words = Or(tuple(Term(Field.EXACT, term.text, term.weight) for term in terms))
        names = tuple(hit.identifier for hit in hits)
        query = AndMaybe(HasIdentifier(names), words)
        scored = self.search(EngineQuery(query, limit=len(names))).hits
        scores = {hit.identifier: hit.score - 1 for hit in scored}  # 1 is for the identifier
        return tuple(scores[name] for name in names)

    def _expansion_terms(self, weights: Mapping[str, float], limit: int) -> list[TermWeight]:
        """See `indexer.engine.api.Engine`."""
        shares: Counter[str] = Counter()
        with self.searcher() as searcher:
            for leaf in self._leaves(searcher, 1e12):
                for number in leaf.live_documents():
                    record = leaf.records[number]
                    for word in record["words"]:
                        weight = weights.get(record["identifier"], 0.0)
                        shares[word] += weight / len(record["words"])
            total = searcher.doc_count_all()
            known = self.document_frequencies(Field.EXACT, list(shares))
            terms = [
                TermWeight(word, share * searcher.idf(Field.EXACT.value, exact_key(word).encode()))
                for (word, share), count in zip(shares.items(), known, strict=True)
                if share and 1 < count <= total * 0.1
            ]
        return sorted(terms, key=lambda term: (-term.weight, term.text))[:limit]

    def documents(self) -> Iterator[tuple[str, int]]:
        """See `indexer.engine.api.Engine`."""
        with self.searcher() as searcher:
            for leaf in self._leaves(searcher, 1e12):
                for number in leaf.live_documents():
                    record = leaf.records[number]
                    yield record["identifier"], record["version"]

    def status(self) -> EngineStatus:
        """See `indexer.engine.api.Engine`."""
        manifest = self._manifest
        return EngineStatus(manifest.documents, manifest.sequence, manifest.analyzer)

    def close(self) -> None:
        """See `indexer.engine.api.Engine`."""


def _hits(request: EngineQuery, matches: list[tuple[float, dict[str, Any]]]) -> tuple[Hit, ...]:
    def order(item: tuple[float, dict[str, Any]]) -> tuple[bool, float, str]:
        score, record = item
        published, sign = record["published"], 1 if request.sort is Sort.OLDEST else -1
        if request.sort is Sort.RELEVANCE:
            return False, -round(score, 6), record["identifier"]
        return published is None, sign * (published or 0), record["identifier"]

    scored = request.sort is Sort.RELEVANCE
    page = sorted(matches, key=order)[request.offset : request.offset + request.limit]
    return tuple(Hit(record["identifier"], score if scored else 0.0) for score, record in page)


def _facet(
    request: EngineQuery, column: Column, matches: list[tuple[float, dict[str, Any]]]
) -> FacetCounts:
    if column is Column.PUBLISHED:
        raise ValueError("the column published has no values to count")
    counted = Counter(value for _, record in matches for value in record[column])
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return FacetCounts(column, tuple(ordered[: request.facet_size]))
