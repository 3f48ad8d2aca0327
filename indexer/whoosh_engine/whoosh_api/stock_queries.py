"""Wildcard and fuzzy nodes become Whoosh's own queries, answered by its stock matchers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from whoosh.matching import ListMatcher, Matcher, NullMatcher
from whoosh.query import FuzzyTerm
from whoosh.query import Query as StockQuery
from whoosh.query import Wildcard as StockWildcard
from whoosh.query.terms import MultiTerm
from whoosh.reading import IndexReader
from whoosh.searching import SearchContext, Searcher

from indexer.engine import queries as q
from indexer.vietnamese.normalization import fold_canonical
from indexer.whoosh_engine.format.schema import EXACT_FIELDS, SEPARATOR, text_of

ExpandedNode = q.Wildcard | q.Fuzzy
"""The nodes of the query tree that Whoosh expands to terms."""

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


def stock_query(node: ExpandedNode, searcher: Searcher) -> StockQuery:
    """Return Whoosh's query for a node, over the commonest of its terms.

    Raises:
        ValueError: the node asks for what no index can answer.
    """
    return ChosenTerms(str(node.field), _commonest_keys(node, searcher), node.boost)


def expanded_terms(node: ExpandedNode, searcher: Searcher) -> list[str]:
    """Return the commonest terms that a node expands to; raises as `stock_query` does."""
    return [text_of(node.field, key.decode()) for key in _commonest_keys(node, searcher)]


def _commonest_keys(node: ExpandedNode, searcher: Searcher) -> list[bytes]:
    """Return the commonest keys over all segments: Whoosh expands a query for each apart."""
    query = _TRANSLATE[type(node)](node)
    counts: Counter[bytes] = Counter()
    for leaf, _ in searcher.leaf_searchers():
        reader = leaf.reader()
        for key in query._btexts(reader):
            key = key if isinstance(key, bytes) else key.encode()
            counts[key] += reader.doc_frequency(str(node.field), key)
    return sorted(counts, key=lambda key: (-counts[key], text_of(node.field, key.decode())))[
        : node.limit
    ]


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
    if node.distance not in (1, 2):
        raise ValueError(f"no fuzzy terms at a distance of {node.distance}")
    return FuzzyTerm(str(node.field), node.text, maxdist=node.distance, prefixlength=1)


_TRANSLATE: Final[dict[type, Callable[[Any], MultiTerm]]] = {
    q.Wildcard: _wildcard,
    q.Fuzzy: _fuzzy,
}
