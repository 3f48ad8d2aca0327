"""Plain stock Whoosh, reading: each node becomes {document: score}, then they combine."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.matching import NullMatcher
from whoosh.reading import TermNotFound
from whoosh.scoring import BM25F
from whoosh.searching import Searcher
from whoosh.support.levenshtein import levenshtein

from indexer.analysis.fields import Field
from indexer.engine import queries as q
from indexer.engine.queries import Column, Query, Sort
from indexer.engine.records import (
    EngineQuery,
    EngineResult,
    EngineStatus,
    FacetCounts,
    Hit,
    TermCount,
)
from indexer.whoosh_engine.format.index_manifest import read_manifest
from indexer.whoosh_engine.format.schema import (
    EXACT_FIELDS,
    FIELDS_WITH_POSITIONS,
    exact_key,
    key_of,
    key_prefix,
    schema,
    text_of,
)
from indexer.whoosh_engine.whoosh_api.version_check import check_whoosh
from tests.oracle.stock_writer import FORMAT, open_segments, records_name

Scores = dict[int, float]
"""Document number -> score."""


class OutOfTimeError(Exception):
    """The budget of a request is used up."""


class Leaf:
    """One segment, asked by one thread."""

    def __init__(self, searcher: Searcher, records: list[dict[str, Any]], deadline: float) -> None:
        """Ask a leaf searcher, whose documents have these records."""
        self._searcher, self._records, self._deadline = searcher, records, deadline

    def live(self) -> Iterator[int]:
        """The numbers of the documents that are not deleted."""
        numbers: Iterator[int] = self._searcher.reader().all_doc_ids()
        return numbers

    def evaluate(self, node: Query) -> Scores:
        """The documents that match, with their scores."""
        if time.monotonic() > self._deadline:
            raise OutOfTimeError
        evaluate = _EVALUATE[type(node)]
        return evaluate(self, node)

    def matcher(self, field: Field, text: str) -> Any:
        """Whoosh's matcher of one term."""
        try:
            return self._searcher.postings(field.value, key_of(field, text).encode())
        except TermNotFound:
            return NullMatcher()

    def term(self, node: q.Term) -> Scores:
        """The BM25 score of every document with the term."""
        found: Scores = {}
        matcher = self.matcher(node.field, node.text)
        while matcher.is_active():
            found[matcher.id()] = matcher.score() * node.boost
            matcher.next()
        return found

    def positions(self, field: Field, text: str) -> dict[int, list[int]]:
        """Where the term stands in each document."""
        if field not in FIELDS_WITH_POSITIONS:
            raise ValueError(f"the field {field} keeps no positions")
        found: dict[int, list[int]] = {}
        matcher = self.matcher(field, text)
        while matcher.is_active():
            found[matcher.id()] = matcher.value_as("positions")
            matcher.next()
        return found

    def starts(self, field: Field, texts: Sequence[str]) -> dict[int, set[int]]:
        """Where the phrase begins in each document; empty texts stand for any one term."""
        found: dict[int, set[int]] | None = None
        for offset, text in enumerate(texts):
            if text:
                here = {
                    number: {at - offset for at in positions}
                    for number, positions in self.positions(field, text).items()
                }
                if found is not None:
                    here = {number: found[number] & here[number] for number in found & here.keys()}
                found = here
        return {number: at for number, at in (found or {}).items() if at}

    def phrase(self, node: q.Phrase) -> Scores:
        """The scores of the terms, for documents where they follow one another."""
        words = [text for text in node.texts if text]
        scores = self.all(q.And(tuple(q.Term(node.field, text, node.boost) for text in words)))
        return {number: scores[number] for number in self.starts(node.field, node.texts)}

    def prefix(self, node: q.Prefix) -> Scores:
        """The boost for every document with one of the terms."""
        parent = self._searcher.get_parent()
        terms = [r.text for r in begun_terms(parent, node.field, node.text, node.limit)]
        return {n: node.boost for text in terms for n in self.term(q.Term(node.field, text))}

    def expanded(self, node: q.Wildcard | q.Fuzzy) -> Scores:
        """The boost for every document with one of the commonest terms that are alike."""
        parent = self._searcher.get_parent()
        field, exact = node.field, node.field in EXACT_FIELDS
        if isinstance(node, q.Wildcard):
            pattern = re.escape(node.pattern).replace(r"\*", ".*").replace(r"\?", ".")
            alike = re.compile(pattern).fullmatch
        else:
            if exact:
                raise ValueError("no fuzzy terms with marks")

            def alike(text: str) -> object:
                near = levenshtein(node.text, text) <= node.distance
                return near and text[:1] == node.text[:1]

        every = begun_terms(parent, field, "", 1 << 30)
        terms = [reading.text for reading in every if alike(reading.text)][: node.limit]
        return {n: node.boost for text in terms for n in self.term(q.Term(field, text))}

    def all(self, node: q.And) -> Scores:
        """Sums over documents that match every child."""
        if not node.children:
            return {}
        found = [self.evaluate(child) for child in node.children]
        shared = set(found[0]).intersection(*found[1:])
        return {number: sum(scores[number] for scores in found) for number in shared}

    def any(self, node: q.Or) -> Scores:
        """Sums over documents that match enough children."""
        total: Scores = {}
        times: Counter[int] = Counter()
        for child in node.children:
            for number, score in self.evaluate(child).items():
                total[number] = total.get(number, 0.0) + score
                times[number] += 1
        return {n: score for n, score in total.items() if times[n] >= node.minimum_should_match}

    def best(self, node: q.DisjunctionMax) -> Scores:
        """The highest score of a child."""
        best: Scores = {}
        for child in node.children:
            for number, score in self.evaluate(child).items():
                best[number] = max(score, best.get(number, score))
        return best

    def prefer(self, node: q.AndMaybe) -> Scores:
        """The required score, with the preferred one added where there is one."""
        added = self.evaluate(node.preferred)
        return {n: s + added.get(n, 0.0) for n, s in self.evaluate(node.required).items()}

    def without(self, node: q.AndNot) -> Scores:
        """What is wanted and not unwanted."""
        unwanted = self.evaluate(node.excluded)
        return {n: s for n, s in self.evaluate(node.required).items() if n not in unwanted}

    def constant(self, test: Callable[[dict[str, Any]], bool]) -> Scores:
        """Score 1 for the documents whose record passes."""
        return {number: 1.0 for number in self.live() if test(self._records[number])}

    def between(self, node: q.InRange) -> Scores:
        """Documents of a range of time."""
        if node.column is not Column.PUBLISHED:
            raise ValueError(f"the column {node.column} has no order")
        low = -(1 << 63) if node.low is None else node.low
        high = 1 << 63 if node.high is None else node.high
        return self.constant(lambda r: r["published"] is not None and low <= r["published"] < high)

    def having(self, node: q.HasValue) -> Scores:
        """Documents with one of the values."""
        if node.column is Column.PUBLISHED:
            raise ValueError("the column published has no values to choose from")
        values = {value for value in node.values if value}
        return self.constant(lambda record: not values.isdisjoint(record[node.column]))

    def within(self, node: q.InSection) -> Scores:
        """The best score of a section of the person."""
        found: Scores = {}
        for number, starts in self.starts(Field.PERSON, node.person).items():
            for first, last, low, high in self._records[number]["spans"]:
                if any(first <= at < last for at in starts):
                    scores = Inside(self, low, high).evaluate(node.query)
                    if number in scores:
                        found[number] = max(scores[number], found.get(number, scores[number]))
        return found


class Inside(Leaf):
    """One segment of which only the positions in [low, high) of the text count."""

    def __init__(self, leaf: Leaf, low: int, high: int) -> None:
        """Look at a part of every document."""
        super().__init__(leaf._searcher, leaf._records, leaf._deadline)
        self._low, self._high = low, high

    def term(self, node: q.Term) -> Scores:
        """A term inside; a pair is looked for as a phrase, but scores as the pair it is."""
        fields = {Field.PAIRS: Field.FOLDED, Field.EXACT_PAIRS: Field.EXACT}
        field = fields.get(node.field, node.field)
        inside = self.starts(field, node.text.split(" ") if field != node.field else [node.text])
        scores = super().term(node)
        return {number: scores[number] for number in inside if number in scores}

    def starts(self, field: Field, texts: Sequence[str]) -> dict[int, set[int]]:
        """Where the phrase begins, if all of it is inside."""
        if field not in (Field.FOLDED, Field.EXACT):
            return {}
        low, high = self._low, self._high - len(texts)
        found = {
            number: {at for at in starts if low <= at <= high}
            for number, starts in super().starts(field, texts).items()
        }
        return {number: starts for number, starts in found.items() if starts}

    def within(self, node: q.InSection) -> Scores:
        """A section holds no other section."""
        raise ValueError("one Within cannot stand inside another")


_EVALUATE: dict[type, Callable[[Any, Any], Scores]] = {
    q.Term: lambda leaf, node: leaf.term(node),
    q.Phrase: lambda leaf, node: leaf.phrase(node),
    q.Prefix: lambda leaf, node: leaf.prefix(node),
    q.Wildcard: lambda leaf, node: leaf.expanded(node),
    q.Fuzzy: lambda leaf, node: leaf.expanded(node),
    q.And: Leaf.all,
    q.Or: Leaf.any,
    q.DisjunctionMax: Leaf.best,
    q.AndMaybe: Leaf.prefer,
    q.AndNot: Leaf.without,
    q.InSection: lambda leaf, node: leaf.within(node),
    q.MatchAll: lambda leaf, _: leaf.constant(lambda record: True),
    q.MatchNone: lambda leaf, _: {},
    q.InRange: Leaf.between,
    q.HasValue: Leaf.having,
}


def begun_terms(searcher: Searcher, field: Field, prefix: str, limit: int) -> list[TermCount]:
    """The commonest terms that begin so."""
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

    def _searcher(self) -> Searcher:
        storage = FileStorage(str(self._folder), supports_mmap=False)
        segments = open_segments(self._folder, self._manifest)
        reader = FileIndex._reader(storage, schema(), segments, 0)
        return Searcher(reader, weighting=BM25F(B=0.75, K1=1.2))

    def _leaves(self, searcher: Searcher, deadline: float) -> list[Leaf]:
        if not self._records:
            return []
        leaves = searcher.leaf_searchers()
        pairs = zip(leaves, self._records, strict=True)
        return [Leaf(leaf, records, deadline) for (leaf, _), records in pairs]

    def search(self, request: EngineQuery) -> EngineResult:
        """Answer one question; see `indexer.engine.api.Engine`."""
        deadline = time.monotonic() + (1e9 if request.budget is None else request.budget)
        complete, counts = True, [0] * len(request.counts)
        found: list[tuple[float, dict[str, Any]]] = []
        with self._searcher() as searcher:
            for leaf in self._leaves(searcher, deadline):
                try:
                    scores = leaf.evaluate(request.query)
                    within = [leaf.evaluate(query).keys() for query in request.filters]
                    keep = set(scores).intersection(*within)
                    found += [(scores[number], leaf._records[number]) for number in keep]
                    for at, query in enumerate(request.counts):
                        counts[at] += len(set(leaf.evaluate(query)).intersection(*within))
                except OutOfTimeError:
                    complete = False
        return EngineResult(
            total=len(found),
            hits=_hits(request, found),
            counts=tuple(counts),
            facets=tuple(_facet(request, column, found) for column in request.facets),
            complete=complete,
        )

    def document_frequencies(self, field: Field, texts: Sequence[str]) -> list[int]:
        """See `indexer.engine.api.Engine`."""
        keys = [key_of(field, text).encode() for text in texts]
        with self._searcher() as searcher:
            return [searcher.reader().doc_frequency(field.value, key) for key in keys]

    def exact_forms(self, folded: str) -> list[TermCount]:
        """See `indexer.engine.api.Engine`."""
        field = Field.EXACT_PAIRS if " " in folded else Field.EXACT
        with self._searcher() as searcher:
            terms = begun_terms(searcher, field, "", 1 << 30)
        return [each for each in terms if exact_key(each.text).startswith(f"{folded}\x1f")]

    def documents(self) -> Iterator[tuple[str, int]]:
        """See `indexer.engine.api.Engine`."""
        with self._searcher() as searcher:
            for leaf in self._leaves(searcher, 1e12):
                for number in leaf.live():
                    record = leaf._records[number]
                    yield record["identifier"], record["version"]

    def status(self) -> EngineStatus:
        """See `indexer.engine.api.Engine`."""
        manifest = self._manifest
        return EngineStatus(manifest.documents, manifest.sequence, manifest.analyzer)

    def close(self) -> None:
        """See `indexer.engine.api.Engine`."""


def _hits(request: EngineQuery, found: list[tuple[float, dict[str, Any]]]) -> tuple[Hit, ...]:
    def order(item: tuple[float, dict[str, Any]]) -> tuple[bool, float, str]:
        score, record = item
        published, sign = record["published"], 1 if request.sort is Sort.OLDEST else -1
        if request.sort is Sort.RELEVANCE:
            return False, -round(score, 6), record["identifier"]
        return published is None, sign * (published or 0), record["identifier"]

    scored = request.sort is Sort.RELEVANCE
    page = sorted(found, key=order)[request.offset : request.offset + request.limit]
    return tuple(Hit(record["identifier"], score if scored else 0.0) for score, record in page)


def _facet(
    request: EngineQuery, column: Column, found: list[tuple[float, dict[str, Any]]]
) -> FacetCounts:
    if column is Column.PUBLISHED:
        raise ValueError("the column published has no values to count")
    counted = Counter(value for _, record in found for value in record[column])
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return FacetCounts(column, tuple(ordered[: request.facet_size]))
