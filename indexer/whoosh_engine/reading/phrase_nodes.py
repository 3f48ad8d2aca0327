"""Phrases as nodes with alternatives at each position."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.engine import queries as q


def trim_phrase(texts: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Return a phrase from its first word to its last: wildcards around it match anything."""
    words = [index for index, alternatives in enumerate(texts) if alternatives]
    return list(texts[words[0] : words[-1] + 1]) if words else []


def multi_phrase(node: q.Phrase) -> q.MultiPhrase:
    """Return a phrase as one with a single alternative at each position."""
    texts = tuple((text,) if text else () for text in node.texts)
    return q.MultiPhrase(node.field, texts, 0, node.boost)
