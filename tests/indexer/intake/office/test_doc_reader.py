"""Word documents of 97 to 2003: fonts, fields, tables, notes, and what cannot be read."""

from __future__ import annotations

import random

import pytest

from archive.errors import IntakeError, UnreadableError
from archive.records import Article
from indexer.intake.legacy.charsets import Charset
from indexer.intake.office.doc_reader import read_doc
from tests.indexer.intake.office.made_word_97 import WordRun, compound_file, made_doc
from tests.legacy_bytes import encode_legacy

FONTS = ("Times New Roman", ".VnTime", "VNI-Times")


def tcvn3(text: str) -> str:
    return encode_legacy(text, Charset.TCVN3).decode("latin-1")


def paragraphs(article: Article) -> list[str]:
    return [text for section in article.sections for text in section.paragraphs]


def read(*runs: WordRun, **options: int) -> list[str]:
    return paragraphs(read_doc(made_doc(runs, FONTS, **options), "a.doc"))


def test_every_font_has_its_own_letters() -> None:
    assert read(
        WordRun(tcvn3("phương pháp ước tính") + "\r", 1),
        WordRun("chuyển đổi giá bán\r", 0, is_wide=True),
        WordRun(encode_legacy("phương pháp ước\r", Charset.VNI).decode("latin-1"), 2),
    ) == ["phương pháp ước tính", "chuyển đổi giá bán", "phương pháp ước"]


def test_the_font_of_the_first_style_is_that_of_runs_without_one() -> None:
    assert read(WordRun(tcvn3("nghị\r")), style_font=1) == ["nghị"]
    assert read(WordRun(tcvn3("nghị\r"))) == [tcvn3("nghị")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mot.\rHai.\r", ["Mot.", "Hai."]),
        ("A\x0bB\x0cC\r", ["A", "B", "C"]),
        ("A\x1eB\x1fC\x01\x08D\r", ["A-BCD"]),
        ("xem \x13HYPERLINK x\x14trang\x15.\r", ["xem trang."]),
        ("xem \x13A \x13B\x14c\x15\x14d\x15.\r", ["xem d."]),
        ("\x15\x14a\x13b\r", ["a"]),
        ("Ten\x07So\x07\x07Lua\x0712\x07\x07Het.\r", ["Ten So", "Lua 12", "Het."]),
        ("Ten\x07Mot\rhai\x07\x07.\r", ["Ten", "Mot", "hai", "."]),
        ("A\x07", ["A"]),
    ],
)
def test_control_characters_are_obeyed(text: str, expected: list[str]) -> None:
    assert read(WordRun(text)) == expected
    assert read(WordRun(text, is_wide=True)) == expected


def test_deleted_words_are_left_out_and_notes_read() -> None:
    assert read(
        WordRun("Muc cu "),
        WordRun("muoi", is_deleted=True),
        WordRun("hai muoi.\r"),
        WordRun("Ghi chu.\r"),
        notes=9,
    ) == ["Muc cu hai muoi.", "Ghi chu."]


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (made_doc([WordRun("a b")], flags=0x300), "encrypted"),
        (made_doc([WordRun("a b")], version=104), "unsupported"),
        (compound_file({"WordDocument": b"\xdc\xa5" + bytes(99)}), "unsupported"),
        (made_doc([WordRun("a b")])[:1500], "damaged"),
        (b"", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000, "damaged"),
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, state: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        read_doc(data, "a.doc")
    assert raised.value.state == state


def test_a_document_without_words_is_refused() -> None:
    with pytest.raises(IntakeError, match="no words"):
        read(WordRun("\r\r"))


def test_damaged_bytes_raise_nothing_else() -> None:
    whole = made_doc([WordRun("Mot hai ba.\r", 1), WordRun("Bon nam\r", is_wide=True)], FONTS)
    chance = random.Random(3)
    for _ in range(400):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 12)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            read_doc(bytes(damaged[: chance.randrange(600, len(damaged))]), "a.doc")
        except IntakeError:
            continue
