"""Nodes that no kernel answers become Whoosh's own queries, answered by its stock matchers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from whoosh.query import ConstantScoreQuery, FuzzyTerm, NullQuery, Or, Term
from whoosh.query import Query as StockQuery
from whoosh.query import Wildcard as StockWildcard
from whoosh.query.terms import MultiTerm
from whoosh.searching import Searcher

from indexer import query as q
from indexer.vietnamese.letters import fold_canonical
from indexer.whoosh_engine.schema import MARKED, SEPARATOR, text_of

Translated = q.Wildcard | q.Fuzzy
"""The nodes of the query tree that are translated."""

_ANY_LETTER: Final = str.maketrans({"i": "?", "y": "?"})


def stock_query(node: Translated, searcher: Searcher) -> StockQuery:
    """The query of Whoosh's that a node becomes, over the commonest of its terms.

    Raises:
        ValueError: the node asks for what cannot be, whatever the index holds.
    """
    terms = [Term(str(node.field), key) for key in _keys(node, searcher)]
    return ConstantScoreQuery(Or(terms), node.boost) if terms else NullQuery


def expanded(node: Translated, searcher: Searcher) -> list[str]:
    """The commonest of the terms that a node stands for; raises as `stock_query` does."""
    return [text_of(node.field, key.decode()) for key in _keys(node, searcher)]


def _keys(node: Translated, searcher: Searcher) -> list[bytes]:
    """The commonest keys over all segments: Whoosh expands a query for each of them apart."""
    query = _TRANSLATE[type(node)](node)
    counted: Counter[bytes] = Counter()
    for leaf, _ in searcher.leaf_searchers():
        reader = leaf.reader()
        for key in query._btexts(reader):
            key = key if isinstance(key, bytes) else key.encode()
            counted[key] += reader.doc_frequency(str(node.field), key)
    return sorted(counted, key=lambda key: (-counted[key], text_of(node.field, key.decode())))[
        : node.limit
    ]


def _wildcard(node: q.Wildcard) -> StockWildcard:
    """A pattern over keys; in Whoosh's patterns a bracket means a choice of letters."""
    if node.pattern[:1] in ("", "*", "?"):
        raise ValueError("a wildcard must not stand at the beginning of a word")
    pattern = node.pattern
    if node.field in MARKED:
        # Without marks an `y` may be kept as `i`, which only the whole syllable can tell.
        folded = fold_canonical(pattern).translate(_ANY_LETTER)
        pattern = f"{folded}{SEPARATOR}{pattern}"
    return StockWildcard(str(node.field), pattern.replace("[", "[[]"))


def _fuzzy(node: q.Fuzzy) -> FuzzyTerm:
    if node.field in MARKED:
        raise ValueError(f"the field {node.field} keeps marks: ask for fuzzy terms without them")
    if node.distance not in (1, 2):
        raise ValueError(f"no fuzzy terms at a distance of {node.distance}")
    return FuzzyTerm(str(node.field), node.text, maxdist=node.distance, prefixlength=1)


_TRANSLATE: Final[dict[type, Callable[[Any], MultiTerm]]] = {
    q.Wildcard: _wildcard,
    q.Fuzzy: _fuzzy,
}
