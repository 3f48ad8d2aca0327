"""Filler phrases are known at the beginning of a query that is about something else."""

from __future__ import annotations

import pytest

from indexer.vietnamese.filler_phrases import filler_length


@pytest.mark.parametrize(
    ("typed", "length"),
    [
        ("cho tôi hỏi giá vàng", 3),
        ("cho toi hoi gia vang", 3),
        ("tin tức mới nhất về ma túy", 5),
        ("xin hỏi giá vàng", 2),
        ("mọi người ơi cho hỏi đi đà lạt", 5),
        ("mn oi cho hoi duong di da lat", 4),
        # One word that is no syllable is enough, one syllable is not.
        ("tin mới nhất về formosa", 4),
        ("cho tôi hỏi vàng", 0),
        ("tin mới nhất về 2017", 0),
        ("cho tôi hỏi", 0),
        ("giá vàng cho tôi hỏi", 0),
        ("cho tội hỏi giá vàng", 0),
        ("", 0),
    ],
)
def test_filler_is_counted_from_the_beginning(typed: str, length: int) -> None:
    assert filler_length(typed.split()) == length
