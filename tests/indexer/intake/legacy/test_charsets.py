"""The tables of the legacy character sets, against vectors that two other programs agree on."""

from __future__ import annotations

import unicodedata

import pytest

from indexer.intake.legacy.charsets import Charset, decode_bytes, decode_characters
from tests.legacy_bytes import CharsetVector, charset_vectors


@pytest.mark.parametrize(
    "vector", charset_vectors(), ids=lambda vector: f"{vector.charset}-{vector.data.hex()[:40]}"
)
def test_every_vector_is_read(vector: CharsetVector) -> None:
    text = decode_bytes(vector.data, vector.charset)
    assert unicodedata.normalize("NFC", text) == vector.text


@pytest.mark.parametrize(
    ("charset", "shown", "text"),
    [
        # What programs show that know no such font.
        (Charset.TCVN3, "C«ng an “nh©n d©n” – 5 €", "Công an “nhân dân” – 5 €"),
        (Charset.TCVN3, "t\xad t\xadëng", "tư tưởng"),
        (Charset.VNI, "Aùnh saùng, AÙNH SAÙNG", "Ánh sáng, ÁNH SÁNG"),
        (Charset.VNI, "höôùng öôùc", "hướng ước"),
        (Charset.VNI, "caø pheâ “ngon”", "cà phê “ngon”"),
        (Charset.VISCII, "Vi®t Nam", "Việt Nam"),
        (Charset.VPS, "ti‰ng Vi\u0152t", "tiếng Việt"),
        (Charset.WINDOWS_1258, "tiêìng Viêòt ð", "tiếng Việt đ"),
        (Charset.VNI, "", ""),
        (Charset.TCVN3, "中文 đọc ở", "中文 đọc ở"),
    ],
)
def test_text_that_was_read_as_windows_1252_is_read_again(
    charset: Charset, shown: str, text: str
) -> None:
    assert unicodedata.normalize("NFC", decode_characters(shown, charset)) == text


@pytest.mark.parametrize("charset", Charset)
@pytest.mark.parametrize("piece", ["a", "aâ", "\xd4", "\xad", "\x00", "ôô", "ö\xf8"])
def test_long_runs_of_one_piece_are_read(charset: Charset, piece: str) -> None:
    assert decode_characters(piece * 20_000, charset)
