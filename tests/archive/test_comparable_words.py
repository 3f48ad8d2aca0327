"""Words as texts are compared are the same by bytes as by the pattern of words."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.comparable_words import COMMON_CHARACTERS, comparable_words

_ALPHABET = COMMON_CHARACTERS.rstrip("\ufffe")


def _by_pattern(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold()))


@pytest.mark.parametrize("character", [*_ALPHABET, "\ufffe", "ß", "İ", "\xa0", "字", "\u0301"])
def test_every_character_is_read_as_the_pattern_reads_it(character: str) -> None:
    for text in (character, f"a{character}b", f"Đà {character} Nẵng", f"{character}{character}"):
        assert comparable_words(text) == _by_pattern(text)


@given(st.text(st.sampled_from(_ALPHABET) | st.characters(codec="utf-16"), max_size=60))
def test_every_text_is_read_as_the_pattern_reads_it(text: str) -> None:
    assert comparable_words(text) == _by_pattern(text)


@given(st.text(st.sampled_from(_ALPHABET), max_size=30))
def test_common_characters_are_composed_whatever_stands_beside_them(text: str) -> None:
    assert unicodedata.is_normalized("NFC", text)


def test_there_is_a_byte_for_every_common_character() -> None:
    assert len(COMMON_CHARACTERS) == 256
    assert len({*_ALPHABET}) == len(_ALPHABET)
    vowels = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    letters = {unicodedata.normalize("NFC", vowel + tone) for vowel in vowels for tone in tones}
    assert letters | {"đ", "Đ"} <= {*_ALPHABET}


def test_punctuation_case_and_breaks_make_no_difference() -> None:
    text = "“Hà Nội”,\tngày 3-5:\n HÀ NỘI; giảm ½ – 20 m²!"
    assert comparable_words(text) == "hà nội ngày 3 5 hà nội giảm ½ 20 m²"
