"""Texts that every database keeps: without NUL and lone surrogates."""

from __future__ import annotations

import pytest

from archive.storable_texts import storable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("báo/bài-1.txt 😀", "báo/bài-1.txt 😀"),
        ("a\0b", "a\ufffdb"),
        ("bá\0o", "bá\ufffdo"),
        ("b\udcc3o.txt", "b\ufffdo.txt"),
        ("\ud83d\ude00", "😀"),
        ("\ud83d", "\ufffd"),
    ],
)
def test_what_no_database_keeps_is_replaced(text: str, expected: str) -> None:
    assert storable(text) == expected
    assert storable(storable(text)) == storable(text)
    storable(text).encode()
