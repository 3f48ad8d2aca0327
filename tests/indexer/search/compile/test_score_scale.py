"""Scaling keeps what a query matches and multiplies what its words score."""

from __future__ import annotations

import pytest

from indexer.analysis.fields import Field
from indexer.engine.queries import (
    And,
    AndMaybe,
    AndNot,
    InSection,
    MatchAll,
    MultiPhrase,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
)
from indexer.search.compile.score_scale import scale_scores

ONE, HALF = Term(Field.FOLDED, "an", 1.0), Term(Field.FOLDED, "an", 0.5)


@pytest.mark.parametrize(
    ("query", "scaled"),
    [
        (ONE, HALF),
        (Phrase(Field.FOLDED, ("a",), 3.0), Phrase(Field.FOLDED, ("a",), 1.5)),
        (Prefix(Field.FOLDED, "a"), Prefix(Field.FOLDED, "a", 0.5)),
        (
            MultiPhrase(Field.EXACT, (("a",),), boost=0.0),
            MultiPhrase(Field.EXACT, (("a",),), boost=0.0),
        ),
        (And((ONE, MatchAll())), And((HALF, MatchAll()))),
        (Or((ONE,), 0.3, (1.0,)), Or((HALF,), 0.3, (1.0,))),
        (AndMaybe(ONE, ONE), AndMaybe(HALF, HALF)),
        (AndNot(ONE, ONE), AndNot(HALF, ONE)),
        (InSection(("a",), ONE), InSection(("a",), HALF)),
    ],
)
def test_every_word_is_scaled(query: Query, scaled: Query) -> None:
    assert scale_scores(query, 0.5) == scaled
