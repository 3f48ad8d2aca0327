"""Senders of e-mails: their names, and headers that are made to break the reading of them."""

from __future__ import annotations

import pytest

from indexer.intake.containers.mail_message import read_mail

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
