"""Wildcard and fuzzy nodes become Whoosh's own queries, answered by its stock matchers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from whoosh.matching import ListMatcher, Matcher, NullMatcher
from whoosh.query import FuzzyTerm
from whoosh.query import Wildcard as StockWildcard
from whoosh.query.terms import MultiTerm
from whoosh.reading import IndexReader
from whoosh.searching import SearchContext, Searcher

from indexer.arrays.string_table import decode_string, encode_string
from indexer.engine import queries as q
from indexer.vietnamese.normalization import fold_canonical
from indexer.whoosh_engine.format.schema import (
    EXACT_FIELDS,
    SEPARATOR,
    WORDS_OF,
    key_of,
    text_of,
)
from indexer.whoosh_engine.format.segment import Segment
from indexer.whoosh_engine.whoosh_api.index import ArrayIndex

ExpandedNode = q.Wildcard | q.Fuzzy
"""The nodes of the query tree that Whoosh expands to terms."""

_MOST_SIDES: Final = 48
"""Words that each pattern of a pair of two patterns is tried as; of one pattern, all."""

_ANY_LETTER: Final = str.maketrans({"i": "?", "y": "?"})


class ChosenTerms(MultiTerm):  # type: ignore[misc]
    """Documents with any of some terms, each with the same score.

    As Whoosh's `MultiTerm` with a constant score, but the terms are chosen for the whole index,
    and their documents put together at once: its `Or` walks a tree of matchers one by one.
    """

    def __init__(self, field: str, keys: Sequence[bytes], score: float) -> None:
        """Match any of the terms with these keys."""
        self.fieldname, self.boost = field, score
        self._keys = keys

    def _btexts(self, ixreader: IndexReader) -> list[bytes]:
        return [key for key in self._keys if (self.fieldname, key) in ixreader]

    def matcher(self, searcher: Searcher, context: SearchContext | None = None) -> Matcher:
        """Return Whoosh's matcher of a list of documents."""
        reader, documents = searcher.reader(), set[int]()
        for key in self._btexts(reader):
            documents.update(reader.postings(self.fieldname, key).all_ids())
        if not documents:
            return NullMatcher()
        return ListMatcher(sorted(documents), all_weights=self.boost)


class StockSearch:
    """Whoosh's searcher over all segments, for the nodes of one request; for one thread."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        """Search some segments; the searcher is made when it is first needed."""
        self._segments = segments
        self._expansions: dict[ExpandedNode, list[bytes]] = {}

    @cached_property
    def _searcher(self) -> Searcher:
        return ArrayIndex(self._segments).searcher()

    def documents(self, node: ExpandedNode, segment_index: int) -> list[int]:
        """Return the documents of a segment that match a node.

        Raises:
            ValueError: the node asks for what no index can answer.
        """
        query = ChosenTerms(str(node.field), self._keys(node), node.boost)
        leaf, _ = self._searcher.leaf_searchers()[segment_index]
        return list(query.matcher(leaf, leaf.boolean_context()).all_ids())

    def terms(self, node: ExpandedNode) -> list[str]:
        """Return the commonest terms that a node expands to; raises as `documents` does."""
        return [text_of(node.field, decode_string(key)) for key in self._keys(node)]

    def _keys(self, node: ExpandedNode) -> list[bytes]:
        keys = self._expansions.get(node)
        if keys is None:
            keys = self._expansions[node] = self._expand(node)
        return keys

    def _expand(self, node: ExpandedNode) -> list[bytes]:
        """Return the commonest keys over all segments: Whoosh expands a query for each apart."""
        if isinstance(node, q.Wildcard) and node.field in WORDS_OF and " " in node.pattern:
            return self._expand_pair(node)
        query = _wildcard(node) if isinstance(node, q.Wildcard) else _fuzzy(node)
        counts: Counter[bytes] = Counter()
        for leaf, _ in self._searcher.leaf_searchers():
            reader = leaf.reader()
            try:
                for key in query._btexts(reader):
                    key = key if isinstance(key, bytes) else encode_string(key)
                    counts[key] += reader.doc_frequency(str(node.field), key)
            except UnicodeEncodeError:  # lone surrogates, which Whoosh does not encode
                return []
        text = {key: text_of(node.field, decode_string(key)) for key in counts}
        return sorted(counts, key=lambda key: (-counts[key], text[key]))[: node.limit]

    def _expand_pair(self, node: q.Wildcard) -> list[bytes]:
        """Return the commonest pairs of a pattern: each side is expanded among the words.

        There are a hundred pairs for each word: to walk all that begin with a letter takes long.
        """
        field, sides = WORDS_OF[node.field], node.pattern.split(" ", 1)
        is_pattern = [bool({"*", "?"} & set(side)) for side in sides]
        limit = _MOST_SIDES if all(is_pattern) else node.limit
        firsts, seconds = (
            self.terms(q.Wildcard(field, side, limit=limit)) if expanded else [side]
            for side, expanded in zip(sides, is_pattern, strict=True)
        )
        pairs = {
            encode_string(key_of(node.field, f"{first} {second}")): f"{first} {second}"
            for first in firsts
            for second in seconds
        }
        counts: Counter[bytes] = Counter()
        for leaf, _ in self._searcher.leaf_searchers():
            reader, name = leaf.reader(), str(node.field)
            for key in pairs:
                if (name, key) in reader:
                    counts[key] += reader.doc_frequency(name, key)
        return sorted(counts, key=lambda key: (-counts[key], pairs[key]))[: node.limit]


def _wildcard(node: q.Wildcard) -> StockWildcard:
    """Return a pattern over keys; in Whoosh's patterns a bracket means a choice of letters."""
    if node.pattern[:1] in ("", "*", "?"):
        raise ValueError("a wildcard must not stand at the beginning of a word")
    pattern = node.pattern
    if node.field in EXACT_FIELDS:
        # A folded `y` may be kept as `i`, which only the whole syllable can tell.
        folded = fold_canonical(pattern).translate(_ANY_LETTER)
        pattern = f"{folded}{SEPARATOR}{pattern}"
    return StockWildcard(str(node.field), pattern.replace("[", "[[]"))


def _fuzzy(node: q.Fuzzy) -> FuzzyTerm:
    if node.field in EXACT_FIELDS:
        raise ValueError(f"the field {node.field} is exact: ask for fuzzy terms in a folded one")
    if not node.text or node.distance not in (1, 2):
        raise ValueError(f"no fuzzy terms at a distance of {node.distance} from {node.text!r}")
    return FuzzyTerm(str(node.field), node.text, maxdist=node.distance, prefixlength=1)
