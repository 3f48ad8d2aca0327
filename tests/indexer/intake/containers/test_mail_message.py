"""Senders of e-mails: their names, and headers that are made to break the reading of them."""

from __future__ import annotations

import pytest

from indexer.intake.containers.mail_message import read_mail
from indexer.intake.legacy.charsets import Charset
from tests.legacy_bytes import encode_legacy

TEXT = "Hội chợ khai mạc vào sáng nay ở thị trấn. " * 8


@pytest.mark.parametrize(
    ("header", "authors"),
    [
        ("An <an@bao.vn>", ("An",)),
        ("an@bao.vn (Nguyen An)", ("Nguyen An",)),
        ("(" * 3000 + "An <an@bao.vn>", ("An",)),
        ("An (" + "(" * 3000, ("An",)),
        ("An (Tin <an@bao.vn>", ("An (Tin",)),
        ("Nguyen, An <an@bao.vn>", ("Nguyen, An",)),
        ("Bao Tin [TP.HCM] <tin@bao.vn>", ("Bao Tin [TP.HCM]",)),
        ("An <an@bao.vn>, Ba <ba@bao.vn>", ("An", "Ba")),
        ("An", ("An",)),
        ("<an@bao.vn>", ("an@bao.vn",)),
        ("", ()),
    ],
    ids=[
        "name",
        "comment",
        "brackets before",
        "brackets behind",
        "bracket left open",
        "comma",
        "square brackets",
        "two",
        "no address",
        "no name",
        "empty",
    ],
)
def test_a_sender_is_read_however_its_header_is_written(
    header: str, authors: tuple[str, ...]
) -> None:
    data = f"From: {header}\nSubject: Tin\nContent-Type: text/plain; charset=utf-8\n\n{TEXT}\n"
    assert read_mail(data.encode(), "thu.eml").authors == authors


@pytest.mark.parametrize(
    ("header", "author"),
    [
        ("an@bao.vn (Nguyễn Văn An)", "Nguyễn Văn An"),
        ('"Trần Thị Bưởi" <buoi@bao.vn>', "Trần Thị Bưởi"),
        ("=?utf-8?B?VHLhuqdu?= Văn Tổ <to@bao.vn>", "Trần Văn Tổ"),
        ("Phòng =?iso-8859-1?Q?b=E1o?= <to@bao.vn>", "Phòng báo"),
        # Bytes of one letter in two encoded words.
        ("=?utf-8?B?VHLhug==?= =?utf-8?B?p24=?= <tran@bao.vn>", "Trần"),
        ("=?utf-8?Q?chưa xong <an@bao.vn>", "=?utf-8?Q?chưa xong"),
    ],
)
def test_letters_that_no_header_may_have_are_read(header: str, author: str) -> None:
    subject = f"Tin của {header.partition(' <')[0]}"
    data = f"From: {header}\nSubject: {subject}\nContent-Type: text/plain\n\n{TEXT}\n"
    article = read_mail(data.encode(), "thu.eml")
    assert article.authors == (author,)
    assert "\ufffd" not in article.title
    assert "=?utf-8?B" not in article.title


def test_a_name_in_an_old_encoding_is_read() -> None:
    sender = encode_legacy("Nguyễn Thị Phương Thảo", Charset.TCVN3)
    data = b"From: " + sender + b" <thao@bao.vn>\nSubject: Tin\n\n" + TEXT.encode()
    assert read_mail(data, "thu.eml").authors == ("Nguyễn Thị Phương Thảo",)
