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
        ("(" * 3000 + "An <an@bao.vn>", ("An <an@bao.vn>",)),
        ("An (" + "(" * 3000, ("An",)),
    ],
    ids=["name", "comment", "brackets before", "brackets behind"],
)
def test_a_sender_is_read_however_deep_its_brackets_are(
    header: str, authors: tuple[str, ...]
) -> None:
    data = f"From: {header}\nSubject: Tin\nContent-Type: text/plain; charset=utf-8\n\n{TEXT}\n"
    assert read_mail(data.encode(), "thu.eml").authors == authors
