"""Detection of legacy character sets: found in whole documents, never in Unicode text."""

from __future__ import annotations

import pytest

from indexer.intake.legacy.charset_detection import (
    SAMPLE_LENGTH,
    detect_in_bytes,
    detect_in_text,
    holds_unicode_letter,
)
from indexer.intake.legacy.charsets import Charset
from tests.legacy_bytes import encode_legacy

TEXT = "phương pháp ước tính được thử ở huyện mường khương, đủ dấu ngã, nặng, hỏi, sắc, huyền"
FOREIGN = [
    "L'été dernier, les élèves ont préféré étudier près de la forêt où l'on a un théâtre.",
    "Die Straße führt über die Brücke nach München, wo schöne Häuser für Gäste sind.",
    "El niño comió una manzana en la montaña y volvió a su pequeña habitación.",
    "Naïve café résumé – “quoted” text costs £20 or €30, see §5 and ©2020 ½ price.",
    "São Paulo não é a capital, mas a região tem milhões de indústrias avançadas.",
    "Smørrebrød på en hylde, Kåre spiste blåbær; Þór drakk kaffi í Reykjavík.",
]


def as_shown(data: bytes) -> str:
    return "".join(
        bytes([byte]).decode("cp1252", "replace").replace("\ufffd", chr(byte)) for byte in data
    )


@pytest.mark.parametrize("charset", Charset)
def test_bytes_of_each_set_are_told(charset: Charset) -> None:
    assert detect_in_bytes(encode_legacy(TEXT, charset)) is charset


@pytest.mark.parametrize("charset", Charset)
def test_text_that_shows_those_bytes_is_told(charset: Charset) -> None:
    assert detect_in_text(as_shown(encode_legacy(TEXT, charset))) is charset


@pytest.mark.parametrize("text", FOREIGN)
def test_other_languages_are_left_alone(text: str) -> None:
    assert detect_in_bytes(text.encode("cp1252")) is None
    assert detect_in_text(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "giá bán",
        "giá bán và cá tháng ba",
        "công an",
        "hãng Mercedes",
        "các nhà báo có tên là Lê Thông và Hoàng Hà",
        "ông bà, cô chú, anh chú, gia công, hai tháng",
        "nghị định của giá bán",
        "thương\xadmại inter\xadnet",
        "Nhà máy cân bò — bán giá 5 € và 3 £",
        "a\u0301 gia\u0301",
        "gói gém cho em,",
        "8,5m² này là nhà",
        "có nhêìu màn tung",
        "Poli, Loïc Ravenel và",
        "BT-50 AT 4×2 2.2L 699 BT-50 AT 4×4 và 4x4²",
        "– Aguero – Cavani – Suarez, ANTT – TTATXH –",
        "",
        "only ASCII",
    ],
)
def test_unicode_text_is_never_changed(text: str) -> None:
    assert detect_in_text(text) is None


@pytest.mark.parametrize("charset", Charset)
def test_a_long_text_is_told_from_its_parts(charset: Charset) -> None:
    onsets, rimes = "b đ h l m n s t th tr ch nh".split(), "ướng ầng ộng ảnh ằng ời ấu ủi".split()
    words = [onset + rime for onset in onsets for rime in rimes] * 3
    # Two thirds are Vietnamese: too few to convince.
    foreign = [f"Straße{number}ü" for number in range(len(words) // 2)]
    assert detect_in_text(as_shown(encode_legacy(" ".join(words), charset))) is charset
    assert detect_in_text(as_shown(" ".join([*words, *foreign]).encode("utf-8"))) is None
    assert detect_in_text(" ".join(foreign)) is None


def test_one_word_is_no_proof() -> None:
    assert detect_in_text("nghÞ") is None
    assert detect_in_text("nghÞ ®Þnh") is Charset.TCVN3


def test_acronyms_are_no_wrong_words() -> None:
    assert detect_in_bytes(encode_legacy("ĐT và CSĐT, BGDĐT báo cáo", Charset.VNI)) is Charset.VNI


def test_a_unicode_letter_anywhere_in_the_sample_settles_it() -> None:
    garbled = as_shown(encode_legacy(TEXT, Charset.TCVN3))
    assert detect_in_text(garbled + " ệ") is None
    assert detect_in_text(garbled + " 中") is None


@pytest.mark.parametrize(
    ("text", "expected"), [("é ü þ “x” € •", False), ("ạ", True), ("e\u0323", True), ("日", True)]
)
def test_letters_beyond_windows_1252_are_seen(text: str, expected: bool) -> None:
    assert holds_unicode_letter(text) is expected


@pytest.mark.parametrize("piece", ["\xb5", "a\xb5", "\xe1 ", "\x80\x81", "§", "\xad", "\0", "aâ"])
def test_hostile_runs_are_bounded(piece: str) -> None:
    detect_in_text(piece * 20_000)
    detect_in_bytes(piece.encode("latin-1", "replace") * 20_000)


def test_the_sample_is_the_beginning() -> None:
    data = encode_legacy(TEXT, Charset.TCVN3)
    assert detect_in_bytes(data + b" " * SAMPLE_LENGTH + b"\xff\xfe" * 1000) is Charset.TCVN3
