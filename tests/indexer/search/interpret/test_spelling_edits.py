"""Edits of a misspelt word, and how likely each slip is."""

from __future__ import annotations

import pytest

from indexer.search.interpret.spelling_edits import (
    confused_syllables,
    edit_weight,
    edits1,
    is_one_edit,
    words_near,
)


@pytest.mark.parametrize(
    ("typed", "likelier", "other"),
    [
        ("ronadlo", "ronaldo", "ronadla"),
        ("messsi", "messi", "messki"),
        ("pitin", "putin", "patin"),
        ("putim", "putin", "nutim"),
    ],
)
def test_a_common_slip_is_likelier(typed: str, likelier: str, other: str) -> None:
    assert edit_weight(typed, likelier) > edit_weight(typed, other)


def test_every_edit_is_one_edit_away() -> None:
    assert all(is_one_edit("toan", edit) for edit in edits1("toan"))


@pytest.mark.parametrize(
    ("typed", "meant"), [("danh", "gianh"), ("che", "tre"), ("gia", "ra"), ("tran", "chan")]
)
def test_onsets_pronounced_alike_are_confused(typed: str, meant: str) -> None:
    assert meant in confused_syllables(typed)


@pytest.mark.parametrize(
    ("typed", "meant", "is_likely"),
    [
        ("hcung", "chung", True),
        ("xhung", "chung", False),
        ("phung", "chung", False),
        ("hhung", "chung", False),
    ],
)
def test_first_letters_are_rarely_wrong_but_swapped(
    typed: str, meant: str, is_likely: bool
) -> None:
    later = edit_weight("cuhng", "chung")
    assert (edit_weight(typed, meant) == later) == is_likely


@pytest.mark.parametrize(
    ("typed", "near"),
    [("to", "ta"), ("ba", "bai"), ("tokio", "tokyo"), ("messsi", "messi")],
)
def test_near_words_are_syllables_or_edits_of_longer_words(typed: str, near: str) -> None:
    assert near in words_near(typed)
    # Of two letters only syllables: `tv` and `ok` are too near to everything.
    assert "tx" not in words_near("to")
    assert words_near("x" * 100) == []
