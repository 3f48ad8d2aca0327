"""The dictionary of exact words beside an index: forms of folded words, words of a pattern.

It has no frequencies: the index itself is asked for those, so that the dictionary is right
however often and in whatever order words are put in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

import msgspec

from indexer.engine import queries as q
from indexer.opensearch_engine.cluster_client import ClusterClient
from indexer.opensearch_engine.expanded_nodes import (
    ExpandedNode,
    check_expanded,
    escape_pattern,
)
from indexer.opensearch_engine.mapping import EXACT_FIELDS, WORDS_OF
from indexer.opensearch_engine.phrase_lowering import is_sendable
from indexer.opensearch_engine.search_answers import SearchTarget
from indexer.opensearch_engine.whole_dictionary import WholeDictionary

MOST_WORDS: Final = 10_000
"""Words that one look-up gives; the first that were put in come first."""

_WORDS_AT_ONCE: Final = 100
"""Folded words of one search; one has some dozens of forms."""

_FUZZY_EXPANSIONS: Final = 1000


class ExactWordDictionary:
    """The exact words of an index."""

    def __init__(self, client: ClusterClient, name: str) -> None:
        """Read the dictionary of a name."""
        self._target = SearchTarget(client, name)
        self._whole = WholeDictionary(self._target, MOST_WORDS)

    def all_forms(self) -> Mapping[str, Sequence[str]]:
        """Return every folded word with its exact ones; none where they are too many to read."""
        return self._whole.forms()

    def exact_forms(self, folded: Sequence[str]) -> dict[str, list[str]]:
        """Return for each folded word the exact words that are, or were, in a document."""
        forms: dict[str, list[str]] = {text: [] for text in folded}
        asked = [text for text in forms if is_sendable(text)]
        bodies = [
            _body({"terms": {"folded": asked[start : start + _WORDS_AT_ONCE]}})
            for start in range(0, len(asked), _WORDS_AT_ONCE)
        ]
        for row in chain.from_iterable(self._rows(bodies)):
            forms[row["folded"]].append(row["exact"])
        return forms

    def matching_words(self, nodes: Sequence[ExpandedNode]) -> Mapping[ExpandedNode, list[str]]:
        """Return for each node the words of its kind that it may stand for.

        Raises:
            ValueError: a node asks for what no index can answer.
        """
        for node in nodes:
            check_expanded(node)
        asked = [node for node in nodes if node.field not in WORDS_OF and _has_text(node)]
        rows = self._rows([_body(_node_query(node)) for node in asked])
        return {
            node: list(dict.fromkeys(row[_key(node)] for row in words))
            for node, words in zip(asked, rows, strict=True)
        }

    def _rows(self, bodies: Sequence[Mapping[str, Any]]) -> list[list[dict[str, str]]]:
        if not bodies:
            return []
        return [
            [
                {name: str(values[0]) for name, values in hit.fields.items()}
                for hit in answer.hits.hits
            ]
            for answer in self._target.search(bodies)
        ]


def dictionary_line(word: str, folded: str, identifier: str) -> bytes:
    """Return the lines of a bulk request that put a word in, unless it is there."""
    head = {"create": {"_id": identifier}}
    return b"\n".join(map(msgspec.json.encode, (head, {"exact": word, "folded": folded}))) + b"\n"


def _body(query: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "query": {"constant_score": {"filter": query}},
        "size": MOST_WORDS,
        "sort": ["_doc"],
        "track_total_hits": False,
        "_source": False,
        "docvalue_fields": ["exact", "folded"],
    }


def _key(node: ExpandedNode) -> str:
    """Return whether a node's terms are exact words or folded ones."""
    return "exact" if node.field in EXACT_FIELDS else "folded"


def _has_text(node: ExpandedNode) -> bool:
    return is_sendable(node.pattern if isinstance(node, q.Wildcard) else node.text)


def _node_query(node: ExpandedNode) -> dict[str, Any]:
    key = _key(node)
    if isinstance(node, q.Prefix):
        return {"prefix": {key: {"value": node.text}}}
    if isinstance(node, q.Wildcard):
        return {"wildcard": {key: {"value": escape_pattern(node.pattern)}}}
    fuzzy = {"value": node.text, "fuzziness": node.distance, "prefix_length": 1}
    return {"fuzzy": {key: {**fuzzy, "max_expansions": _FUZZY_EXPANSIONS, "transpositions": False}}}
