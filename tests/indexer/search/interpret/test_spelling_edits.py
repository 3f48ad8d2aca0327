"""Edits of a misspelt word, and how likely each slip is."""

from __future__ import annotations

import pytest

from indexer.search.interpret.spelling_edits import (
    confused_syllables,
    edit_weight,
    edits1,
    is_one_edit,
    may_be_meant,
    slip_weight,
    words_near,
)
from indexer.vietnamese.syllables import is_bare_syllable


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


def test_keys_are_neighbours_beside_each_other_and_in_the_next_row() -> None:
    def plausible(meant: str) -> str:
        weights = {
            typed: edit_weight(f"k{typed}n", f"k{meant}n")
            for typed in "abcdefghijklmnopqrstuvwxyz"
            if typed != meant
        }
        likeliest = max(weights.values())
        return "".join(typed for typed, weight in weights.items() if weight == likeliest)

    assert [plausible(meant) for meant in "gqpm"] == ["bfhtvy", "aw", "lo", "jkn"]


@pytest.mark.parametrize(
    ("typed", "meant", "weight"),
    [
        ("messsi", "messi", 1.0),
        ("mesi", "messi", 1.0),
        ("messki", "messi", 0.5),
        ("mssi", "messi", 0.5),
        ("meski", "messi", 0.15),
        ("mesdi", "messi", 0.5),
        ("mesis", "messi", 1.0),
        ("emssi", "messi", 1.0),
        ("nessi", "messi", 0.1),
        ("zessi", "messi", 0.03),
        ("essi", "messi", 0.1),
        ("mmessi", "messi", 1.0),
        ("xmessi", "messi", 0.1),
    ],
)
def test_every_slip_has_its_likelihood(typed: str, meant: str, weight: float) -> None:
    assert edit_weight(typed, meant) == pytest.approx(weight)


@pytest.mark.parametrize(
    ("typed", "meant", "weight"),
    [
        ("sử", "xử", 1.0),
        ("quang", "quan", 1.0),
        ("dành", "giành", 1.0),
        ("gia", "đã", 0.2 * 0.5),
        ("đã", "rã", 0.2 * 0.5 * 0.3),
        ("quan", "quạn", 1.0),
        ("các", "cát", 1.0),
        ("bán", "bám", 0.5),
        ("bắn", "bằm", 0.5),
        ("bẹn", "bịn", 0.15 * 0.3),
        ("ben", "bịn", 0.15),
        ("bẹn", "bên", 1.0),
    ],
)
def test_a_letter_with_diacritics_is_hardly_struck_by_mistake(
    typed: str, meant: str, weight: float
) -> None:
    assert slip_weight(typed, meant) == pytest.approx(weight)


@pytest.mark.parametrize(
    ("word", "is_meant"),
    [("ba", True), ("tv", False), ("tna", False), ("joe", True), ("ii", False), ("tnab", True)]
    + [("jo", False), ("wto", True), ("xyz", True), ("abc", False)],
)
def test_short_words_are_meant_where_they_are_syllables_or_foreign(
    word: str, is_meant: bool
) -> None:
    assert may_be_meant(word) == is_meant


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("toan", "toan", True),
        ("toan", "toản", True),
        ("toan", "taon", True),
        ("toan", "tona", True),
        ("toan", "tan", True),
        ("tan", "toan", True),
        ("toan", "toanh", True),
        ("toan", "tean", True),
        ("toan", "teen", False),
        ("toan", "naot", False),
        ("toan", "ton", True),
        ("toan", "tn", False),
        ("toan", "toanhh", False),
        ("abcd", "badc", False),
    ],
)
def test_one_edit_is_an_insertion_a_deletion_a_substitution_or_a_swap(
    first: str, second: str, is_one: bool
) -> None:
    assert is_one_edit(first, second) == is_one == is_one_edit(second, first)


def test_words_of_a_letter_or_two_are_near_to_syllables_alone() -> None:
    for typed in ("x", "xj"):
        assert words_near(typed)
        assert all(map(is_bare_syllable, words_near(typed)))
    assert not all(map(is_bare_syllable, words_near("xjk")))


@pytest.mark.parametrize(
    ("typed", "meant", "times"),
    [
        # A letter twice, for once, or swapped, is twice as likely as another one more.
        ("messsi", "messi", 2),
        ("mesi", "messi", 2),
        ("messi", "messis", 1),
        ("messi", "messii", 2),
        ("messki", "messi", 1),
        # The first letter has none before it that it could repeat.
        ("nan", "an", 0.2),
        ("man", "an", 0.2),
        ("an", "nan", 0.2),
        ("aan", "an", 2),
    ],
)
def test_a_slip_is_so_many_times_as_likely_as_any_letter_more(
    typed: str, meant: str, times: float
) -> None:
    assert edit_weight(typed, meant) == pytest.approx(times * edit_weight("messki", "messi"))
