"""Runs of text in legacy fonts, decided for every font of a document."""

from __future__ import annotations

import pytest

from indexer.intake.legacy.charsets import Charset
from indexer.intake.legacy.font_runs import FontName, decode_runs
from tests.legacy_bytes import encode_legacy


def tcvn3(text: str) -> str:
    return encode_legacy(text, Charset.TCVN3).decode("latin-1")


def vni(text: str) -> str:
    return encode_legacy(text, Charset.VNI).decode("cp1252")


@pytest.mark.parametrize(
    ("font", "charset", "draws_capitals"),
    [
        (".VnTime", Charset.TCVN3, False),
        (".VnTimeH", Charset.TCVN3, True),
        (".vntimeh", Charset.TCVN3, True),
        ("ABCDEF+.VnTimeH,Bold", Charset.TCVN3, True),
        ("#2EVnArial#20NarrowH-BoldItalic", Charset.TCVN3, True),
        ('".VnArial Narrow"', Charset.TCVN3, False),
        (".VnSouthern", Charset.TCVN3, False),
        (".VnBlack", Charset.TCVN3, False),
        ("VNI-Times", Charset.VNI, False),
        ("VNI-Helve-Condense", Charset.VNI, False),
        ("VPS Times", Charset.VPS, False),
        ("VNtimes new roman", Charset.VPS, False),
        ("VnTime", Charset.TCVN3, False),
        ("Times New Roman", None, False),
        ("Vinhan", None, False),
        ("ABC Sans", None, False),
        ("", None, False),
        ("," * 20_000, None, False),
    ],
)
def test_a_font_tells_its_character_set_by_its_name(
    font: str, charset: Charset | None, draws_capitals: bool
) -> None:
    name = FontName(font)
    assert (name.charset, name.draws_capitals) == (charset, draws_capitals)


def test_every_font_is_decided_by_itself() -> None:
    decoded = decode_runs(
        [
            (".VnTime", tcvn3("Phương pháp ước tính ")),
            ("Times New Roman", "của tổ chức FAO, giá bán "),
            ("VNI-Times", vni("pháp ước")),
            (".VnTimeH", tcvn3("nghị định")),
            ("", "giá bán và cá tháng ba"),
        ]
    )
    assert decoded.texts == (
        "Phương pháp ước tính ",
        "của tổ chức FAO, giá bán ",
        "pháp ước",
        "NGHỊ ĐỊNH",
        "giá bán và cá tháng ba",
    )
    assert decoded.charsets == (Charset.TCVN3, Charset.VNI)


@pytest.mark.parametrize(
    "runs",
    [
        # The name of the font alone proves nothing.
        [(".VnTime", "Giấy nộp tiền"), (".VnTime", "công an, giá bán")],
        [(".VnTime", "công an, giá bán")],
        [(".VnTime", "café à la carte")],
        [(".VnTimeH", "in plain English")],
        [("Arial", "giá bán và cá tháng ba"), ("", "hãng Mercedes")],
        [("Arial", "công an"), (".VnTime", "Tiếng Việt")],
        [("", "")],
        [],
    ],
)
def test_unicode_text_stays_whatever_its_font_is_called(runs: list[tuple[str, str]]) -> None:
    decoded = decode_runs(runs)
    assert decoded.texts == tuple(text for _, text in runs)
    assert not decoded.charsets


def test_what_reads_either_way_follows_the_other_fonts_of_its_set() -> None:
    runs = [
        (".VnTime", tcvn3("Nghị định của Chính phủ")),
        (".VnArial", tcvn3("giỏ bỏn")),
        (".VnTimeH", "chung"),
    ]
    assert decode_runs(runs).texts == ("Nghị định của Chính phủ", "giỏ bỏn", "CHUNG")


def test_text_without_a_font_follows_the_document_with_one_word() -> None:
    runs = [(".VnTime", tcvn3("Nghị định của Chính phủ")), ("", tcvn3("Điều 1"))]
    assert decode_runs(runs).texts[1] == "Điều 1"


def test_text_without_any_telling_font_is_decoded_with_two_words() -> None:
    assert decode_runs([("", tcvn3("nghị định"))]).texts == ("nghị định",)
    assert decode_runs([("", tcvn3("nghị"))]).texts == (tcvn3("nghị"),)


def test_letters_in_the_private_use_area_are_read() -> None:
    moved = "".join(
        chr(0xF000 + ord(letter)) if ord(letter) > 127 else letter for letter in tcvn3("đường phố")
    )
    assert decode_runs([(".VnTime", moved)]).texts == ("đường phố",)


def test_hyphens_of_a_pdf_are_letters_only_there() -> None:
    run = (".VnTime", tcvn3("Phương pháp đường 2003 - 2004").replace("\xad", "-"))
    assert decode_runs([run]).texts == ("Ph-ơng pháp đ-ờng 2003 - 2004",)
    assert decode_runs([run], lost_soft_hyphens=True).texts == ("Phương pháp đường 2003 - 2004",)


def test_many_runs_of_many_fonts_are_bounded() -> None:
    runs = [(f".Vn{number}", "\xb5" * 20) for number in range(2_000)]
    assert len(decode_runs(runs + [("", "a\xb5" * 20_000)]).texts) == 2_001
