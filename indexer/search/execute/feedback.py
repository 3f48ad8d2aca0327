"""Relevance feedback: hits below the first ones are reordered by the words of the best ones.

The words that are typical of the best hits are added to the query (pseudo relevance feedback,
RM3: Abdul-Jaleel et al., UMass at TREC 2004), and the other hits of the window are ordered by
both scores. The first hits keep their places: what a query names exactly stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.engine.records import FeedbackQuery, Hit
from indexer.search.query.syntax import AndNode, SyntaxNode, WordNode

KEPT = 3
"""Hits that keep their places."""

WINDOW = 100
"""Hits that are reordered, from the first."""

_DOCUMENTS = 10
"""Hits whose words are taken."""

_TERMS = 40
"""Words that are taken."""

_SHARE = 0.5
"""The share of the feedback in the new score; .3 and .7 rank as well (`make quality`)."""


def takes_feedback(tree: SyntaxNode | None) -> bool:
    """Tell whether a query is of plain words alone: other conditions are not to be widened."""
    nodes = tree.children if isinstance(tree, AndNode) else (tree,)
    return all(isinstance(node, WordNode) and node.is_plain for node in nodes)


FEEDBACK = FeedbackQuery(WINDOW, _DOCUMENTS, _TERMS, fewest=KEPT + 2)
"""What engines are asked for."""


def reorder_by_feedback(
    hits: Sequence[Hit], feedback: Sequence[float], first: int = 0
) -> tuple[Hit, ...]:
    """Return the hits of a ranking, those below the first ones in the order of both scores.

    Scores stay those of the places, so that they go down as before.

    Args:
        hits: the ranking.
        feedback: the second score of each of the first hits.
        first: how many hits stay above the others, in whatever order.
    """
    window = hits[: min(WINDOW, len(feedback))]
    highest = max(feedback[:_DOCUMENTS], default=0.0)
    if not highest or not window[0].score:
        return tuple(hits)
    scores = [
        (1 - _SHARE) * hit.score / window[0].score + _SHARE * score / highest
        for hit, score in zip(window, feedback, strict=True)
    ]
    order = sorted(range(KEPT, len(window)), key=lambda rank: (rank >= first, -scores[rank]))
    reordered = [
        Hit(window[rank].identifier, hit.score, window[rank].collapsed)
        for rank, hit in zip(order, window[KEPT:], strict=True)
    ]
    return (*window[:KEPT], *reordered, *hits[len(window) :])
