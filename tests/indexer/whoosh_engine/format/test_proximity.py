"""Windows hold a token of its own for each position; trying every choice gives the same."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.whoosh_engine.format.proximity import rows_of, windows_of


def windows(text: str, positions: str, width: int) -> list[int]:
    """The beginnings of windows over letters: `ab|a` are two positions, `.` is a break."""
    tokens = np.array(list(text))
    masks = [np.isin(tokens, list(letters)) for letters in positions.split("|")]
    return windows_of([(mask, 1) for mask in masks], np.flatnonzero(tokens == "."), width).tolist()


def tried_windows(text: str, positions: str, width: int) -> list[int]:
    places = range(len(text))
    starts = []
    for start in places:
        end = text.find(".", start)
        inside = places[start : min(start + width, len(text) if end < 0 else end)]
        fits = [[p for p in inside if text[p] in letters] for letters in positions.split("|")]
        used = any(text[start] in letters for letters in positions.split("|"))
        choices = itertools.product(*fits)
        if used and any(len(set(choice)) == len(choice) for choice in choices):
            starts.append(start)
    return starts


@pytest.mark.parametrize(
    ("text", "positions", "width", "expected"),
    [
        ("abxa", "a|b", 2, [0]),
        ("abxa", "a|b", 3, [0, 1]),
        ("ba", "a|b", 2, [0]),
        ("a.b", "a|b", 3, []),
        ("axa", "a|a", 2, []),
        ("axa", "a|a", 3, [0]),
        ("ab", "ab|a", 2, [0]),
        ("ba", "ab|a", 2, [0]),
        ("ac", "ab|a", 2, []),
        ("abc", "ab|bc|ca", 3, [0]),
        ("abd", "ab|bc|ca", 3, []),
        ("add", "ab|bc|ca", 3, []),
        ("", "a", 1, []),
    ],
)
def test_windows_hold_a_token_for_each_position(
    text: str, positions: str, width: int, expected: list[int]
) -> None:
    assert windows(text, positions, width) == expected


@given(
    st.text("abcd.", max_size=10),
    st.lists(st.text("abcd", min_size=1, max_size=3), min_size=1, max_size=4).map("|".join),
    st.integers(1, 8),
)
def test_windows_are_those_that_trying_finds(text: str, positions: str, width: int) -> None:
    assert windows(text, positions, width) == tried_windows(text, positions, width)


def test_rows_begin_where_every_position_fits() -> None:
    tokens = np.array(list("abab"))
    assert rows_of([tokens == "a", tokens == "b"]).tolist() == [0, 2]
    assert rows_of([tokens == "b"] * 5).tolist() == []
