"""Keystrokes of Telex, VNI and VIQR: what they spell, and when a query is taken for them."""

from collections.abc import Callable, Iterable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.vietnamese.alphabet import TONES, with_tone
from indexer.vietnamese.input_methods import (
    METHODS,
    DecodedKeystrokes,
    Method,
    decode,
    has_diacritic,
)
from indexer.vietnamese.keystrokes import decode_query, suggest_query
from indexer.vietnamese.normalization import fold_canonical
from indexer.vietnamese.spelling_rules import SHAPES
from indexer.vietnamese.syllables import exact_form, folded_form, is_syllable
from tests.paths import DATA
from tests.tone_styles import place_tone

ARCHIVE = (
    "Công an nhân dân Điện Biên phòng, chống tội phạm ma túy Hội nghị đường dây là lạc ai ải "
    "đi Đắk Lắk tại New York virus corona test the best CAND ANTT nhà hòa tin"
)


def rows(name: str, columns: int) -> list[list[str]]:
    lines = (DATA / name).read_text("utf-8").splitlines()
    table = [line.split("\t") for line in lines if not line.startswith("#")]
    return [row for row in table[1:] if len(row) == columns]


def archive(text: str) -> Callable[[str], bool]:
    words = [word.strip(",") for word in text.split()]
    exact = {exact_form(word) for word in words}
    folded = {folded_form(word) for word in words}

    def exists(token: str) -> bool:
        return exact_form(token) in exact if has_diacritic(token) else folded_form(token) in folded

    return exists


def decoded(query: str, text: str = ARCHIVE) -> str | None:
    result = decode_query(query, archive(text))
    return result and result.text


def test_every_vector_decodes_to_its_word() -> None:
    vectors = rows("ime.tsv", 5)
    assert len(vectors) > 1400
    wrong = [
        (keys, word, decode(keys))
        for _, _, typed, expected, _ in vectors
        for keys, word in zip(typed.split(), expected.split(), strict=True)
        if keys != word and place_tone(word) not in {r.word for r in decode(keys)}
    ]
    assert wrong == []


def test_every_vector_is_decoded_by_the_gate_when_the_archive_holds_the_word() -> None:
    for _, _, typed, expected, _ in rows("ime.tsv", 5):
        result = decode_query(typed, archive(expected))
        if typed == expected or result is None:
            # the bare letters are the word itself, or VIQR keys that may as well end a sentence
            letters = "".join(key for key in typed if key not in "'.?(’")
            assert folded_form(letters) == folded_form(expected), typed
        else:
            assert [place_tone(w) for w in result.text.split()] == expected.split()


@pytest.mark.parametrize("word", ["as typed", "with its reading"])
def test_nothing_the_archive_holds_as_typed_is_rewritten(word: str) -> None:
    negatives = [row[1] for row in rows("ime_negative.tsv", 4)]
    assert len(negatives) == 104
    for typed in negatives:
        readings = " ".join(reading.word for reading in decode(typed))
        words = typed if word == "as typed" else f"{typed} {readings}"
        assert decode_query(typed, archive(words)) is None
        assert decode_query(f"công an {typed}", archive(f"{words} công an")) is None


@pytest.mark.parametrize("typed", ["SARS", "USD", "TTATXH", "a05", "pa05", "u23", "virus", "class"])
def test_capitals_codes_and_second_tones_never_decode(typed: str) -> None:
    assert decode_query(typed, archive("công an")) is None


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("dienedj", "điện"),
        ("ddieenj", "điện"),
        ("nguyen64", "nguyễn"),
        ("dien965", "điện"),
        ("tw", "tư"),
        ("nhwngx", "những"),
        ("xooongs", "xoóng"),
        ("ngoeof", "ngoèo"),
        ("thuowr", "thuở"),
        ("quowr", "quở"),
        ("Tooij", "Tội"),
        ("DDUWOWNGF", "ĐƯỜNG"),
        ("gif", "gì"),
        ("giuwx", "giữ"),
        ("quys", "quý"),
        ("yeeu", "yêu"),
        ("la.", "lạ"),
        ("tu’y", "túy"),
    ],
)
def test_decode_takes_diacritics_in_any_order(typed: str, word: str) -> None:
    assert decode(typed)[0].word == word


@pytest.mark.parametrize(
    "typed",
    ["", "an", "tess", "3d", "c++", "công", "jazz", "ssss", "+84", "đ9", "a" * 50, "20", "w"],
)
def test_what_is_not_keystrokes_has_no_syllable(typed: str) -> None:
    assert [reading for reading in decode(typed) if reading.is_syllable and typed != "w"] == []


def test_a_name_is_read_but_not_called_a_syllable() -> None:
    assert not decode("ddawks")[0].is_syllable
    assert decode("ddawks") == (DecodedKeystrokes("telex", "đắk"),)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("coong an nhaan daan", "công an nhân dân"),
        ("co6ng an nha6n da6n", "công an nhân dân"),
        ("co^ng an nha^n da^n", "công an nhân dân"),
        ("co^ng an nha^n da^n.", "công an nhân dân."),
        ("phofng choongs tooij phajm ma tuys", "phòng chống tội phạm ma túy"),
        ('"dduwowngf daay" -title:hoaf', '"đường dây" -title:hòa'),
        ("(ddieenj bieen) OR nhaf 19/12/2022", "(điện biên) OR nhà 19/12/2022"),
        ("CAND ddieenj bieen", "CAND điện biên"),
        ("ddawks lawks", "đắk lắk"),
        ("ma tu'y", "ma túy"),
        ("nha^n la.c", "nhân lạc"),
        ("nha`", "nhà"),
        ("ddie^.n bie^n", "điện biên"),
        ("dda`n.", "đàn."),
        ("ddi.", "đi."),
        ("nhaf hats", "nhà hát"),
    ],
)
def test_a_query_typed_as_keys_is_decoded(typed: str, expected: str) -> None:
    assert decoded(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "cong an nhan dan",
        "công an nhân dân",
        "virus corona test",
        "the best",
        "coong an xyzzy",
        "COONG AN",
        "lac. ai?",
        "don't test",
        "tai New York.",
        "gawms tawks",
        "nhaan " * 65,
        "nhaan" + " " * 2_000,
    ],
)
def test_a_query_is_taken_as_typed(typed: str) -> None:
    assert decoded(typed) is None


def test_a_decoded_query_says_what_was_done_to_each_token() -> None:
    result = decode_query("Nhaan dan!", archive("nhân dân"))
    assert result is not None
    assert (result.method, result.text) == ("telex", "Nhân dan!")
    assert [(t.start, t.end, t.typed, t.word, t.is_decoded) for t in result.tokens] == [
        (0, 5, "Nhaan", "Nhân", True),
        (6, 9, "dan", "dan", False),
    ]


def test_some_unknown_tokens_may_be_let_pass() -> None:
    exists = archive(ARCHIVE)
    assert decode_query("ddieenj bieen xyzzy", exists) is None
    result = decode_query("ddieenj bieen xyzzy", exists, tolerance=0.5)
    assert result is not None
    assert result.text == "điện biên xyzzy"
    assert decode_query("ddieenj xyzzy", exists, tolerance=0.5) is None


def test_a_held_token_is_taken_along_where_its_reading_is_far_more_frequent() -> None:
    counts = {"coong": 3, "công": 900, "an": 800, "las": 60, "lá": 500}
    rewritten = decode_query("coong an nhaan", lambda token: counts.get(token, 0))
    unchanged = decode_query("las nhaan", lambda token: counts.get(token, 0))
    assert rewritten is not None
    assert unchanged is not None
    assert rewritten.text == "công an nhân"
    assert [t.alternative for t in rewritten.tokens] == ["coong", None, None]
    assert unchanged.text == "las nhân"
    assert [t.alternative for t in unchanged.tokens] == ["lá", None]


def test_held_keys_are_only_suggested() -> None:
    exists = archive("coong an công")
    assert decode_query("coong an", exists) is None
    suggestion = suggest_query("coong an", exists)
    assert suggestion is not None
    assert suggestion.text == "công an"
    assert suggest_query("cong an", exists) is None


DIACRITIC_KEYS = {"telex": "aeowwwd", "vni": "6668779", "viqr": "^^^(++d"}
KEY_OF = {method: str.maketrans("âêôăơưđ", keys) for method, keys in DIACRITIC_KEYS.items()}
TONE_KEYS = {"telex": "frxsj", "vni": "23415", "viqr": "`?~'."}


def keystrokes(bare: str, tone: int, method: Method) -> set[str]:
    """Every usual order of keys: the tone at its vowel in both styles or last, diacritics late."""
    letters = fold_canonical(bare)
    own = [
        bare[i].translate(KEY_OF[method]) if bare[i] != letters[i] else "" for i in range(len(bare))
    ]
    typed = [letter + key for letter, key in zip(letters, own, strict=True)]
    struck = ("", *TONE_KEYS[method])[tone]
    late = "".join(own)
    orders = {
        "".join(typed) + struck,
        letters + late + struck,
        letters + struck + late,
        letters + "".join(dict.fromkeys(own)) + struck,  # one horn key is enough for ươ
    }
    shape = SHAPES[bare]
    is_open = shape.rime in ("oa", "oe", "uy")
    for position in {shape.tone_position, shape.tone_position + is_open}:
        orders.add("".join([*typed[: position + 1], struck, *typed[position + 1 :]]))
    return orders


def assert_decoding_agrees_with_spelling(shapes: Iterable[str]) -> None:
    for bare, method, tone in product(shapes, METHODS, range(len(TONES))):
        shape = SHAPES[bare]
        word = with_tone(bare, shape.tone_position, tone)
        for typed in keystrokes(bare, tone, method):
            readings = decode(typed, (method,))
            for reading in (*readings, *decode(typed.upper(), (method,))):
                assert reading.is_syllable is is_syllable(reading.word), (typed, reading)
            complete = {reading.word: reading.is_complete for reading in readings}
            has_keys = typed != word and (method == "telex" or not typed.isalpha())
            if has_keys and is_syllable(word):
                assert complete[word] is shape.takes_tone(tone)


def test_decoding_agrees_with_spelling_on_every_onset_and_every_rime() -> None:
    by_onset = {shape.onset: bare for bare, shape in SHAPES.items()}
    by_rime = {shape.rime: bare for bare, shape in SHAPES.items()}
    assert_decoding_agrees_with_spelling({*by_onset.values(), *by_rime.values()})


@pytest.mark.slow
def test_decoding_agrees_with_spelling_on_every_syllable() -> None:
    assert_decoding_agrees_with_spelling(SHAPES)


@pytest.mark.parametrize("typed", ["a6t", "Wc", "aat", "boot", "vieet", "bo^t"])
def test_a_syllable_without_its_tone_is_decoded_only_if_the_archive_holds_it(typed: str) -> None:
    reading = decode(typed)[0]
    assert (reading.is_syllable, reading.is_complete) == (True, False)
    assert decode_query(typed, archive("công an")) is None
    result = decode_query(typed, archive(reading.word))
    assert result is not None
    assert result.text == reading.word


KEYS = st.text("abcdeghiklmnopqrstuvxywzfjADOW0123456789^(+'`?~. \"-:đế", max_size=24)


@given(KEYS)
def test_decoding_never_raises_and_gives_words(query: str) -> None:
    for token in query.split():
        for reading in decode(token):
            assert reading.is_syllable is is_syllable(reading.word)
            assert reading.word != token
    result = decode_query(query, archive(ARCHIVE), tolerance=1.0)
    if result is not None:
        assert any(token.is_decoded for token in result.tokens)
        assert all(query[token.start : token.end] == token.typed for token in result.tokens)


def test_a_query_typed_as_keys_beyond_doubt_takes_along_what_the_archive_holds_by_chance() -> None:
    counts = {"noo": 3, "nô": 9, "test": 40, "tét": 2}
    assert decode_query("nhieeuf noo leej hown", lambda word: counts.get(word, 0)).text == (
        "nhiều nô lệ hơn"
    )
    assert decode_query("nhieeuf test leej hown", lambda word: counts.get(word, 0)).text == (
        "nhiều test lệ hơn"
    )
    assert decode_query("noo leej", lambda word: counts.get(word, 0)).text == "noo lệ"
