"""Codecs of the legacy character sets: whole texts, and streams read in pieces."""

from __future__ import annotations

import codecs
import io

import pytest

from indexer.intake.encoding_labels import codec_of
from indexer.intake.legacy.charsets import Charset
from tests.legacy_bytes import encode_legacy

TEXT = "phương pháp ước tính ở huyện mường khương"


@pytest.mark.parametrize(
    ("label", "charset"),
    [
        ("tcvn3", Charset.TCVN3),
        ("ABC", Charset.TCVN3),
        ("x-viet-tcvn3", Charset.TCVN3),
        ("TCVN-5712", Charset.TCVN3),
        ("vni", Charset.VNI),
        ("VISCII", Charset.VISCII),
        ("csVISCII", Charset.VISCII),
        ("x-viet-vps", Charset.VPS),
        ("windows-1258", Charset.WINDOWS_1258),
    ],
)
def test_a_label_is_known(label: str, charset: Charset) -> None:
    codec = codec_of(label)
    assert codec is not None
    text = codecs.decode(encode_legacy(TEXT, charset), codec)
    assert encode_legacy(text, charset) == encode_legacy(TEXT, charset)


@pytest.mark.parametrize("charset", [Charset.TCVN3, Charset.VNI, Charset.VISCII, Charset.VPS])
def test_a_stream_is_read_in_pieces(charset: Charset) -> None:
    data = encode_legacy(TEXT, charset)
    decoder = codecs.getincrementaldecoder(charset)()
    pieces = [decoder.decode(data[position : position + 1]) for position in range(len(data))]
    assert "".join(pieces) + decoder.decode(b"", final=True) == TEXT
    assert io.TextIOWrapper(io.BytesIO(data), encoding=charset).read() == TEXT


def test_nothing_is_written() -> None:
    with pytest.raises(UnicodeError, match="TCVN3"):
        TEXT.encode("tcvn3")
