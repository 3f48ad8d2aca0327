"""The messages of a mailbox, also of one that is made to cost much."""

from __future__ import annotations

import io
import tracemalloc

import pytest

from indexer.intake.containers import mailbox_members as module
from indexer.intake.containers.mailbox_members import mailbox_members
from indexer.intake.containers.members import Budget

START = b"From a@b.vn Thu Jan  1 00:00:00 2026\n"


def messages(box: bytes) -> list[bytes | None]:
    members = mailbox_members(io.BytesIO(box), Budget(len(box)))
    return [member.stream.read() if member.stream else None for member in members]


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (b"", []),
        (b"Subject: a\n\nb\n", []),
        (START, [b""]),
        (START + b"a\n", [b"a\n"]),
        (START + b"\n", [b"\n"]),
        (START + b"a\n\n" + START + b"b\n\n", [b"a\n", b"b\n"]),
        (START + b"a\r\n\r\n" + START + b"b", [b"a\r\n", b"b"]),
        (START + b"a\n\n\n", [b"a\n\n"]),
        # The time of a sentence has no year.
        (START + b"a\n\nFrom me 10:30 is fine\n", [b"a\n\nFrom me 10:30 is fine\n"]),
        # Behind a line that is not empty it is text.
        (START + b"a\n" + START, [b"a\n" + START]),
        (START + b">From b\n>>From c\n> From d\n", [b"From b\n>From c\n> From d\n"]),
    ],
)
def test_messages_end_where_another_one_begins(box: bytes, expected: list[bytes]) -> None:
    assert messages(box) == expected


def test_a_message_that_is_too_large_is_refused_and_the_next_one_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LARGEST_MESSAGE", 20)
    assert messages(START + b"a" * 9 + b"\n" * 12 + START + b"b\n") == [None, b"b\n"]


def test_lines_of_nothing_take_no_more_memory_than_they_are_long() -> None:
    box = io.BytesIO(START + b"\r\n" * (1 << 19))
    tracemalloc.start()
    try:
        (member,) = mailbox_members(box, Budget(0))
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
    assert member.stream is not None
