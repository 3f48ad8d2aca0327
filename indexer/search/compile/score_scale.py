"""The scale of a query's scores: a whole query may count less than another beside it."""

from __future__ import annotations

from msgspec.structs import replace

from indexer.engine.queries import (
    And,
    AndMaybe,
    AndNot,
    Coverage,
    Fuzzy,
    InSection,
    MultiPhrase,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
    Wildcard,
)

_BOOSTED = Term | Phrase | MultiPhrase | Prefix | Wildcard | Fuzzy


def scale_scores(query: Query, factor: float) -> Query:
    """Return a query that matches the same and whose words score `factor` times as much."""
    if isinstance(query, _BOOSTED):
        return replace(query, boost=query.boost * factor)
    if isinstance(query, And | Or):
        children = tuple(scale_scores(child, factor) for child in query.children)
        return replace(query, children=children)
    if isinstance(query, AndMaybe):
        preferred = scale_scores(query.preferred, factor)
        return AndMaybe(scale_scores(query.required, factor), preferred)
    if isinstance(query, AndNot):
        return replace(query, required=scale_scores(query.required, factor))
    if isinstance(query, InSection | Coverage):
        return replace(query, query=scale_scores(query.query, factor))
    return query
