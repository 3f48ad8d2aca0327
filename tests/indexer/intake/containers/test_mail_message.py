"""Senders of e-mails: their names, and headers that are made to break the reading of them."""

from __future__ import annotations

import pytest

from archive.records import Article
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


def dated(*headers: str) -> Article:
    """Return the article of a message with some headers."""
    return read_mail("\r\n".join(("Subject: x", *headers, "", TEXT)).encode(), "a.eml")


@pytest.mark.parametrize(
    ("header", "sent"),
    [
        ("Mon, 19 Dec 2022 17:02:00 +0700", "2022-12-19T17:02:00+07:00"),
        ("19 Dec 22 10:02 GMT", "2022-12-19T10:02:00+00:00"),
        ("Mon, 19 Dec 2022 10:02:00 -0000", "2022-12-19T10:02:00+00:00"),
        ("Mon Dec 19 17:02:00 2022", "2022-12-19T17:02:00+07:00"),
        ("Monday, December 19, 2022 5:02 PM", "2022-12-19T17:02:00+07:00"),
        ("19 Dec 2022 5:02 PM", "2022-12-19T17:02:00+07:00"),
        ("2022-12-19T10:02:00Z", "2022-12-19T10:02:00+00:00"),
        ("19/12/2022 17:02", "2022-12-19T17:02:00+07:00"),
        ("19 thg 12, 2022 17:02", "2022-12-19T17:02:00+07:00"),
        ("Mon, 19 Dec 122 17:02:00 +0700", "2022-12-19T17:02:00+07:00"),
        ("=?utf-8?q?Mon=2C_19_Dec_2022_17=3A02=3A00_+0700?=", "2022-12-19T17:02:00+07:00"),
    ],
)
def test_dates_are_read_as_programs_write_them(header: str, sent: str) -> None:
    article = dated(f"Date: {header}")
    assert article.published is not None
    assert (article.published.isoformat(), article.account) == (sent, None)


def test_a_day_alone_is_no_clock() -> None:
    article = dated("Date: 19/12/2022")
    assert (str(article.published)[:10], article.published_precision) == ("2022-12-19", "day")


SERVERS = (
    "Received: from b by c; Mon, 19 Dec 2022 10:03:00 +0000",
    "Received: from a by b (x; y);\r\n Mon, 19 Dec 2022 17:02:00 +0700 (ICT)",
    "Received: from a",
)


@pytest.mark.parametrize(
    ("headers", "unread"), [((), ()), (("Date: hôm nay",), ("hôm nay",)), (("Date:",), ())]
)
def test_without_a_date_it_is_when_the_first_server_had_it(
    headers: tuple[str, ...], unread: tuple[str, ...]
) -> None:
    article = dated(*headers, *SERVERS)
    assert article.published is not None
    assert article.published.isoformat() == "2022-12-19T17:02:00+07:00"
    assert (article.account.unread_dates if article.account else ()) == unread


@pytest.mark.parametrize("header", ["Mon, 32 Dec 2022 17:02:00 +0700", "hôm nay", "9" * 5000])
def test_a_date_that_is_none_is_named(header: str) -> None:
    article = dated(f"Date: {header}")
    assert article.published is None
    assert article.account
    assert article.account.unread_dates == (header[:100],)


def parted(*parts: bytes) -> bytes:
    """Return a message of several parts."""
    head = b"Subject: x\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
    return head + b"".join(b"--B\r\n" + part + b"\r\n" for part in parts) + b"--B--\r\n"


PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"


def test_of_several_texts_each_says_which_it_is() -> None:
    attached = b"Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF-1.4"
    article = read_mail(parted(PLAIN + b"Mot", attached, PLAIN + b"Hai"), "a.eml")
    assert [(section.locator, section.paragraphs) for section in article.sections] == [
        ("phần 1", ("Mot",)),
        ("phần 2", ("Hai",)),
    ]
    assert [section.locator for section in read_mail(parted(PLAIN + b"Mot"), "a.eml").sections] == [
        ""
    ]


def test_bytes_that_are_no_letters_are_counted() -> None:
    article = read_mail(parted(PLAIN + TEXT.encode() + b"\xe1\xba"), "a.eml")
    assert article.account
    assert article.account.replaced == 1
