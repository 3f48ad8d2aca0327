"""Syllables, tone placement and the one index term of words that are written in two ways."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from viet_text_tools import normalize_diacritics

from indexer.vietnamese.alphabet import TONES, WITH_TONE, with_tone
from indexer.vietnamese.normalization import canonical
from indexer.vietnamese.spelling_rules import SHAPES
from indexer.vietnamese.syllables import (
    exact_form,
    folded_form,
    is_bare_syllable,
    is_syllable,
    may_be_read,
)
from tests.paths import DATA
from tests.tone_styles import place_tone

VECTORS = DATA / "tone.tsv"


def tone_vectors() -> list[list[str]]:
    rows = [line.split("\t") for line in VECTORS.read_text("utf-8").splitlines()]
    return [row for row in rows if len(row) == 5 and row[0] != "class"]


def every_syllable() -> list[str]:
    tones = range(len(TONES))
    return [
        with_tone(bare, shape.tone_position, tone)
        for (bare, shape), tone in product(SHAPES.items(), tones)
        if not shape.stopped or tone in (4, 5)
    ]


def test_every_tone_vector_in_both_styles() -> None:
    vectors = tone_vectors()
    assert len(vectors) == 800
    placed = [(place_tone(row[1]), place_tone(row[1], "new")) for row in vectors]
    assert placed == [(row[2], row[3]) for row in vectors]
    assert all(len({exact_form(form) for form in row[1:4]}) == 1 for row in vectors)


def test_tone_placement_agrees_with_an_independent_library_on_every_syllable() -> None:
    # no word with a tone ends in -uya (khuya has none), and the library's rule for it differs
    syllables = [word for word in every_syllable() if folded_form(word)[-3:] != "uya"]
    differ = {
        word
        for word in syllables
        if (place_tone(word), place_tone(word, "new"))
        != (normalize_diacritics(word), normalize_diacritics(word, new_style=True))
    }
    assert len(syllables) > 15_000
    assert differ == set()


@pytest.mark.parametrize(
    "word",
    ["nghiêng", "quyển", "giếng", "gìn", "gì", "ý", "ổ", "Việt", "VIÊT", "tan", "hoăc", "hoặc",
     "khuya", "quới", "thuỷên", "uống", "yêu", "quốc"],
)  # fmt: skip
def test_a_written_syllable_is_one(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize(
    "word",
    ["", "đ", "đường1", "duong", "Đắk", "Pleiku", "Niño", "hòá", "tèt", "nghà", "cí", "gêm",
     "ủy-ban", "công an", "đt"],
)  # fmt: skip
def test_what_breaks_a_rule_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("duong", True),
        ("NGUYEN", True),
        ("mot", True),
        ("hello", False),
        ("đi", False),
        ("", False),
    ],
)
def test_a_bare_syllable_has_no_diacritics(word: str, bare: bool) -> None:
    assert is_bare_syllable(word) is bare


@pytest.mark.parametrize(
    ("form", "read"),
    [("sdt", False), ("hdqt", False), ("so", True), ("ly", True), ("with", True), ("", False)],
)
def test_a_short_form_has_no_vowel(form: str, read: bool) -> None:
    assert may_be_read(form) is read


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("Hoà", "hòa"),
        ("THUÝ", "thúy"),
        ("khoẻ", "khỏe"),
        ("uỷ", "ủy"),
        ("thuỷên", "thuyển"),
        ("kĩ", "kỹ"),
        ("lí", "lý"),
        ("quí", "quý"),
        ("qúy", "quý"),
        ("sỹ", "sĩ"),
        ("mỳ", "mì"),
        ("tỉ", "tỷ"),
        ("đy", "đi"),
        ("gì", "gì"),
        ("y", "y"),
        ("í", "í"),
        ("thúi", "thúi"),
        ("tai", "tai"),
        ("tay", "tay"),
        ("Đắk", "đắk"),
        ("Pleiku", "pleiku"),
        ("Niño", "niño"),
        ("İ", "i"),
        ("", ""),
    ],
)
def test_all_ways_to_write_a_syllable_have_one_exact_form(word: str, term: str) -> None:
    assert exact_form(word) == term


@pytest.mark.parametrize(
    "words",
    ["kỹ kĩ ky ki KI", "sỹ sĩ sy si", "lý lí ly li", "quý quí quy qui", "mỹ mĩ my mi", "đi dy di",
     "nghĩ nghỹ nghi"],
)  # fmt: skip
def test_i_and_y_have_one_folded_form(words: str) -> None:
    assert len({folded_form(word) for word in words.split()}) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [("tai", "tay"), ("thui", "thuy"), ("y", "i"), ("sa", "xa"), ("da", "gia"), ("tra", "cha")],
)
def test_different_words_stay_apart(first: str, second: str) -> None:
    assert exact_form(first) != exact_form(second)
    assert folded_form(first) != folded_form(second)


def test_every_syllable_is_its_own_exact_form_up_to_i_and_y() -> None:
    for word in every_syllable():
        term = exact_form(word)
        assert is_syllable(word)
        assert term.replace("y", "i").translate(str.maketrans("ỳỷỹýỵ", "ìỉĩíị")) == (
            word.replace("y", "i").translate(str.maketrans("ỳỷỹýỵ", "ìỉĩíị"))
        )
        assert exact_form(place_tone(word, "new").upper()) == term


TOKENS = st.one_of(
    st.sampled_from(sorted(SHAPES)),
    st.text(sorted(WITH_TONE.values()) + list("đĐbcghklmnpqrstvxİſßî"), max_size=8),
    st.text(max_size=8),
)


@given(TOKENS, TOKENS)
def test_the_folded_form_is_a_function_of_the_exact_form(first: str, second: str) -> None:
    first, second = canonical(first), canonical(second)
    for token in (first, first.upper(), first.title(), first + second):
        token = canonical(token)
        term = exact_form(token)
        assert folded_form(term) == folded_form(token)
        assert exact_form(term) == term
        assert folded_form(folded_form(token)) == folded_form(token)
        assert len(term) == len(folded_form(token)) == len(token)


@given(TOKENS)
def test_placing_a_tone_twice_changes_nothing(token: str) -> None:
    token = canonical(token)
    assert place_tone(place_tone(token, "new"), "old") == place_tone(token, "old")
    assert place_tone(place_tone(token)) == place_tone(token)
    assert len(place_tone(token)) == len(token)
