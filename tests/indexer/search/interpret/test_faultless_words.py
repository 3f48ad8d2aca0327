"""Tests of the words of a query that no repair of its spelling touches."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.search.interpret.faultless_words import opposing_starts
from indexer.search.interpret.repairs import Stretch


@pytest.mark.parametrize(
    ("typed", "starts"),
    [
        ("MU vs Chelsea", {3}),
        ("mu vs chelsea", {3}),
        ("chelsea vs mu", {8}),
        ("Lan vs em", {4}),
        ("nói chuyện vs bạn", set()),
        # It stands between two words.
        ("vs Chelsea", set()),
        ("MU vs", set()),
        ("MU và Chelsea", set()),
    ],
)
def test_what_opposes_names_is_no_short_form(typed: str, starts: set[int]) -> None:
    tokens = Analyzer().tokens(typed)
    stretches = [
        Stretch(token.start, token.end, typed[token.start : token.end], (token,))
        for token in tokens
    ]
    assert opposing_starts(stretches) == starts
