"""Nodes that stand for terms of the index: prefixes, patterns, fuzzy words."""

from __future__ import annotations

from indexer.engine import queries as q
from indexer.opensearch_engine.mapping import EXACT_FIELDS
from indexer.opensearch_engine.phrase_lowering import DslQuery

ExpandedNode = q.Prefix | q.Wildcard | q.Fuzzy
"""Nodes that stand for terms of the index."""


def check_expanded(node: ExpandedNode) -> None:
    """Refuse a pattern or a fuzzy word that no index can answer.

    Raises:
        ValueError: it is one.
    """
    if isinstance(node, q.Wildcard) and node.pattern[:1] in ("", "*", "?"):
        raise ValueError("a wildcard must not stand at the beginning of a word")
    if isinstance(node, q.Fuzzy):
        if node.field in EXACT_FIELDS:
            raise ValueError(f"the field {node.field} is exact: ask a folded one for fuzzy terms")
        if not node.text or node.distance not in (1, 2):
            raise ValueError(f"no fuzzy terms at a distance of {node.distance} from {node.text!r}")


def lower_pair_pattern(node: ExpandedNode) -> DslQuery:
    """Return a node over pairs: the index looks for its terms itself."""
    if isinstance(node, q.Prefix):
        return {"prefix": {node.field.value: {"value": node.text}}}
    if isinstance(node, q.Wildcard):
        return {"wildcard": {node.field.value: {"value": escape_pattern(node.pattern)}}}
    return {
        "fuzzy": {
            node.field.value: {
                "value": node.text,
                "fuzziness": node.distance,
                "prefix_length": 1,
                "max_expansions": node.limit,
                "transpositions": False,
            }
        }
    }


def escape_pattern(pattern: str) -> str:
    """Return a pattern in which a backslash means itself."""
    return pattern.replace("\\", "\\\\")
