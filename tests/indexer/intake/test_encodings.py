"""Encodings as browsers read them: labels, single bad bytes, and an encoding that is known."""

from __future__ import annotations

import pytest

from archive.errors import IntakeError
from indexer.intake.encoding_labels import codec_of
from indexer.intake.encodings import decode_text

TEXT = "Cầu mới ở xã Hòa Bình đã mở cho người đi bộ qua lại từ sáng nay."


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("iso-8859-1", "cp1252", "“the bridge” is new – it’s open"),
        ("latin1", "cp1252", "“the bridge” is new – it’s open"),
        ("us-ascii", "cp1252", "“the bridge” is new – it’s open"),
        ("ISO-8859-9", "cp1254", "köprü “açık” — şimdi"),
        ("gb2312", "gbk", "镕基 新桥 開放"),
        ("shift_jis", "cp932", "①橋が開いた"),
        ("ks_c_5601-1987", "cp949", "똠방각하 다리"),
        ("windows-1258", "cp1258", "Câu Hoa ăn"),
        ("koi8-r", "koi8-r", "мост открыт"),
        ("x-cp1251", "cp1251", None),
    ],
)
def test_a_declared_label_is_read_as_browsers_read_it(
    label: str, codec: str, text: str | None
) -> None:
    if text is None:
        assert codec_of(label) is None
        return
    head = f"<meta charset={label}>".encode("ascii")
    decoded = decode_text(head + text.encode(codec), trust_declaration=True)
    assert (decoded.text.partition(">")[2], decoded.replaced) == (text, 0)


@pytest.mark.parametrize(
    "label", ["rot13", "hex", "undefined", "idna", "zlib", "no-such", "", "\0"]
)
def test_a_label_of_no_text_encoding_is_unknown(label: str) -> None:
    assert codec_of(label) is None


@pytest.mark.parametrize("head", ["", "<meta charset=utf-8>", "<meta charset=utf-16>"])
def test_a_bad_byte_in_utf8_is_replaced_and_counted(head: str) -> None:
    data = head.encode() + TEXT.encode().replace("xã".encode(), b"x\xc3")
    decoded = decode_text(data, trust_declaration=True)
    assert decoded.text == head + TEXT.replace("xã", "x\ufffd")
    assert decoded.replaced == 1


def test_the_sign_of_replacement_itself_is_not_counted() -> None:
    assert decode_text("Cầu \ufffd mới".encode()).replaced == 0
    assert (
        decode_text("Cầu \ufffd mới ở xã Hòa Bình đã mở cửa để đi".encode() * 9 + b"\xc3").replaced
        == 1
    )


@pytest.mark.parametrize("head", ["", "<meta charset=utf-8>"])
def test_a_text_in_another_encoding_is_refused_and_not_replaced(head: str) -> None:
    data = head.encode() + ("một câu dài, đúng là có dấu: àáâãèéêìíòóôõùú " * 9).encode(
        "cp1252", "ignore"
    )
    with pytest.raises(IntakeError, match="--encoding"):
        decode_text(data, trust_declaration=True)


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [("windows-1258", "cp1258"), ("utf-16le", "utf-16-le"), ("latin1", "cp1252")],
)
def test_an_encoding_that_is_said_comes_before_the_declared_one(encoding: str, codec: str) -> None:
    text = "Câu “Hoa” mâm"
    data = f"<meta charset=utf-8>{text}".encode(codec)
    assert decode_text(data, True, encoding).text == f"<meta charset=utf-8>{text}"


def test_an_unknown_encoding_that_is_said_is_named() -> None:
    with pytest.raises(IntakeError, match="klingon"):
        decode_text(TEXT.encode(), encoding="klingon")
