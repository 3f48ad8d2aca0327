"""Outlook messages: subject, sender, date, body of each kind, and attachments that are named."""

from __future__ import annotations

import random
import struct
from datetime import UTC, datetime

import pytest

from archive.errors import IntakeError
from archive.records import Article
from indexer.intake.legacy.charsets import Charset
from indexer.intake.office.outlook_message import read_msg
from indexer.intake.office.packed_rtf import unpack_rtf
from tests.indexer.intake.office.made_word_97 import compound_file
from tests.legacy_bytes import encode_legacy

SENT = datetime(2023, 2, 16, 1, 30, tzinfo=UTC)


def properties(**values: int) -> bytes:
    tags = {"sent": 0x00390040, "code_page": 0x3FFD0003}
    entries = (struct.pack("<LLQ", tags[name], 0, value) for name, value in values.items())
    return bytes(32) + b"".join(entries)


def made_msg(texts: dict[str, bytes | str], **values: int) -> bytes:
    streams = {"__properties_version1.0": properties(**values)}
    for name, text in texts.items():
        data = text.encode("utf-16-le") if isinstance(text, str) else text
        streams[f"__substg1.0_{name}"] = data
    return compound_file(streams)


def paragraphs(article: Article) -> list[str]:
    return [text for section in article.sections for text in section.paragraphs]


def test_a_message_is_an_article() -> None:
    ticks = int((SENT - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
    texts: dict[str, bytes | str] = {
        "0037001F": "Báo cáo tháng",
        "0C1A001F": "Người Gửi",
        "1035001F": "<m1@example.vn>",
        "1000001F": "Kính gửi kho,\r\nxin gửi báo cáo.",
    }
    article = read_msg(made_msg(texts, sent=ticks), "a.msg")
    assert (article.title, article.authors) == ("Báo cáo tháng", ("Người Gửi",))
    assert (article.external_id, article.published) == ("<m1@example.vn>", SENT)
    assert paragraphs(article) == ["Kính gửi kho,", "xin gửi báo cáo."]


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("1000001E", "Xin gửi báo cáo.".encode(), "Xin gửi báo cáo."),
        ("1000001E", encode_legacy("xin gửi báo cáo", Charset.TCVN3), "xin gửi báo cáo"),
        ("10130102", "<p>Xin gửi <b>báo cáo</b>.</p>".encode(), "Xin gửi báo cáo."),
        ("10090102", struct.pack("<LL4sL", 0, 99, b"MELA", 0) + rb"{\rtf1 Xin gui.}", "Xin gui."),
    ],
)
def test_a_body_of_each_kind_is_read(name: str, data: bytes, expected: str) -> None:
    assert paragraphs(read_msg(made_msg({name: data}), "a.msg")) == [expected]


def test_a_code_page_counts_where_the_bytes_are_no_other() -> None:
    data = "Отчёт готов".encode("cp1251")
    article = read_msg(made_msg({"0037001F": "X", "1000001E": data}, code_page=1251), "a.msg")
    assert paragraphs(article) == ["Отчёт готов"]


def test_a_message_without_words_is_refused() -> None:
    with pytest.raises(IntakeError, match="no words"):
        read_msg(made_msg({}), "a.msg")


def test_packed_rtf_is_unpacked() -> None:
    # `{\rtf1 aa` as one reference into the dictionary and letters, then the end.
    packed = bytes([0b00001001, 0x00, 0x04]) + b"aa" + bytes([0x0D, 0x20])
    whole = struct.pack("<LL4sL", len(packed) + 12, 8, b"LZFu", 0) + packed
    assert unpack_rtf(whole) == b"{\\rtf1aa"


@pytest.mark.parametrize("data", [b"", b"a" * 16, struct.pack("<LL4sL", 0, 1 << 31, b"LZFu", 0)])
def test_packed_rubbish_is_empty(data: bytes) -> None:
    assert unpack_rtf(data) == b""


def test_damaged_bytes_raise_nothing_else() -> None:
    whole = made_msg({"0037001F": "Mot hai ba", "1000001F": "Bon nam sau."}, sent=1 << 62)
    chance = random.Random(5)
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 12)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            read_msg(bytes(damaged[: chance.randrange(600, len(damaged))]), "a.msg")
        except IntakeError:
            continue
