"""A word that the archive does not hold is repaired to the likeliest one near it."""

from __future__ import annotations

import pytest

from indexer.search.interpret.repairs import Stretch
from indexer.search.interpret.word_repair import WordEdit, WordRepairer, neighbours
from tests.counted_texts import CountedTexts, stretches_of, tokens_of


def edit(counts: dict[str, int], typed: str, position: int = 0, frequency: int = 0) -> WordEdit:
    repairer = WordRepairer(CountedTexts(counts, 1000))
    return repairer.find_edit(stretches_of(typed), position, frequency)


@pytest.mark.parametrize(
    ("counts", "typed", "frequency", "text"),
    [
        # A word that occurs, beside others: their counts decide.
        ({"ronaldo sút": 51, "ronadlo sút": 1}, "ronadlo sút", 1, "ronaldo"),
        ({"ronaldo sút": 50, "ronadlo sút": 1}, "ronadlo sút", 1, ""),
        ({"ronaldo": 51}, "ronadlo sút", 1, ""),
        ({"ronaldo sút": 50, "ronaldo": 9, "ronadlo sút": 1}, "ronadlo sút", 1, ""),
        ({"toan tính": 900, "taon tính": 1}, "taon tính", 1, ""),
        # Alone only a usual slip for a word that is much commoner.
        ({"ronaldo": 101}, "ronadlo", 1, "ronaldo"),
        ({"ronaldo": 51}, "ronadlo", 1, "ronaldo"),
        ({"ronaldo": 50}, "ronadlo", 1, ""),
        ({"facebook": 51}, "facbook", 1, "facebook"),
        ({"ronaldo": 900}, "rbnaldo", 1, ""),
        # A word that does not occur is any word near it; a syllable is none alone.
        ({"ronaldo": 1}, "rbnaldo", 0, "ronaldo"),
        ({"bão": 9}, "bảo", 0, ""),
        ({"bào": 9}, "bao", 0, ""),
        ({"bán": 9}, "ban", 0, ""),
        ({"bán": 9}, "bac", 0, ""),
        ({"bán xe": 9}, "bac xe", 0, "bán"),
        ({"xe bán": 9}, "bac xe", 0, ""),
        ({"toàn": 9}, "taon", 0, "toàn"),
        ({"ba": 9}, "b", 0, ""),
        ({"a" * 30: 9}, "a" * 29, 0, "a" * 30),
        ({"a" * 30: 9}, "a" * 31, 0, ""),
        ({}, "ronadlo", 0, ""),
    ],
)
def test_enough_has_to_speak_for_another_word(
    counts: dict[str, int], typed: str, frequency: int, text: str
) -> None:
    assert edit(counts, typed, frequency=frequency).text == text


@pytest.mark.parametrize(
    ("counts", "typed", "frequency", "is_clear"),
    [
        ({"ronaldo": 101}, "ronadlo", 1, True),
        ({"ronaldo": 100}, "ronadlo", 1, False),
        ({"ronaldo": 202}, "ronadlo", 2, True),
        ({"ronaldo": 200}, "ronadlo", 2, False),
        ({"facebook": 900}, "facbook", 1, False),
        ({"facebook": 1}, "facbook", 0, True),
        ({"facebook mới": 51, "facbook mới": 1}, "facbook mới", 1, True),
    ],
)
def test_a_word_that_occurs_is_replaced_only_where_the_slip_is_sure(
    counts: dict[str, int], typed: str, frequency: int, is_clear: bool
) -> None:
    found = edit(counts, typed, frequency=frequency)
    assert found.text
    assert found.is_clear is is_clear


@pytest.mark.parametrize(
    ("counts", "typed", "position", "expected"),
    [
        # A likelier slip counts as much as more articles; no word at all weighs nothing.
        ({"ronaldo": 20, "ronadla": 100}, "ronadlo", 0, WordEdit("ronaldo", 20, 1.0, False)),
        ({"ronaldo": 30, "ronadla": 100}, "ronadlo", 0, WordEdit("ronaldo", 30, 1.0, True)),
        ({"ronaldo": 14, "ronadla": 100}, "ronadlo", 0, WordEdit("ronadla", 100, 0.15, False)),
        ({"lãng mạn": 5, "lãng mạna": 20}, "lãng mạnn", 1, WordEdit("mạn", 5, 1.0, False)),
        ({"lãng mạn": 7, "lãng mạna": 20}, "lãng mạnn", 1, WordEdit("mạn", 7, 1.0, True)),
        ({}, "ronadlo", 0, WordEdit("", 0, 0.0, True)),
        ({"putin": 90, "patin": 100, "petin": 9}, "potin", 0, WordEdit("patin", 100, 0.15, False)),
        # One article with a neighbour says more than 99 without.
        ({"putin nói": 1, "patin": 99}, "potin nói", 0, WordEdit("putin", 1, 0.15, True)),
        ({"nói putin": 1, "patin": 99}, "nói potin", 1, WordEdit("putin", 1, 0.15, True)),
        ({"putin": 99, "patin": 100}, "potin", 0, WordEdit("patin", 100, 0.15, False)),
        ({"putin": 50, "patin": 100}, "potin", 0, WordEdit("patin", 100, 0.15, True)),
        # Two neighbours together say ten times as much as each by itself.
        (
            {"hôm putin nói": 1, "hôm patin": 9},
            "hôm potin nói",
            1,
            WordEdit("putin", 1, 0.15, True),
        ),
        (
            {"hôm putin nói": 1, "hôm patin": 21},
            "hôm potin nói",
            1,
            WordEdit("patin", 21, 0.15, False),
        ),
        # With diacritics around, forms beside the neighbours as typed come first.
        ({"phức tạp": 3, "phúc": 50}, "phucc tạp", 0, WordEdit("phức", 53, 1.0, True)),
        ({"phức tạp": 3, "phúc tạp": 4}, "phucc tạp", 0, WordEdit("phúc", 7, 1.0, False)),
        ({"phức tạp": 3, "phúc tạp": 6}, "phucc tạp", 0, WordEdit("phúc", 9, 1.0, True)),
        ({"phức tạp": 3, "phúc tạp": 6}, "phứcc tạp", 0, WordEdit("phức", 9, 1.0, True)),
        ({"lãng mạn": 3, "màn": 50}, "lãng mạnn", 1, WordEdit("mạn", 53, 1.0, True)),
        # Without, the usual form.
        ({"phúc": 3, "phức": 4}, "phucc", 0, WordEdit("phức", 7, 1.0, True)),
        ({"phúc": 3, "phức": 4}, "phúcc", 0, WordEdit("phúc", 7, 1.0, True)),
        ({"phúc": 3}, "phứcc", 0, WordEdit()),
        ({"phức tạp": 3, "phúc": 50}, "phucc tap", 0, WordEdit("phức", 53, 1.0, True)),
        ({"tin vui": 2, "tin": 1, "tim": 9}, "vui tinn", 1, WordEdit("tin", 3, 1.0, True)),
    ],
)
def test_the_likeliest_word_is_meant(
    counts: dict[str, int], typed: str, position: int, expected: WordEdit
) -> None:
    assert edit(counts, typed, position) == expected


@pytest.mark.parametrize(
    ("counts", "typed", "text"),
    [
        # Of forms that stand beside the neighbour equally often the commoner one is meant.
        ({"trung cộng": 5, "trúng cộng": 5, "trúng": 200}, "trug cộng", "trúng"),
        ({"trung cộng": 5, "trúng cộng": 5, "trung": 200}, "trug cộng", "trung"),
        # One neighbour speaks for a word by itself, two together ten times as much.
        ({"trung cộng": 6, "trúng cộng": 5, "trúng": 800}, "trug cộng", "trúng"),
        ({"cờ trung cộng": 6, "cờ trúng cộng": 5, "trúng": 800}, "cờ trug cộng", "trung"),
    ],
)
def test_of_forms_beside_the_neighbours_the_likeliest_is_meant(
    counts: dict[str, int], typed: str, text: str
) -> None:
    assert edit(counts, typed, position=typed.split().index("trug")).text == text


@pytest.mark.parametrize(
    ("position", "preceding", "following"),
    [(0, [], ["ba"]), (1, ["hai"], ["sáu"]), (2, ["năm"], [])],
)
def test_neighbours_are_the_nearest_words_of_the_stretches_beside(
    position: int, preceding: list[str], following: list[str]
) -> None:
    texts = ("một hai", "ba bốn năm", "sáu bảy")
    stretches = [Stretch(0, 0, text, tokens_of(text)) for text in texts]
    sides = neighbours(stretches, position)
    assert [[token.exact for token in side] for side in sides] == [preceding, following]
