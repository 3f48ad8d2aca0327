"""Numbers in words, as they are spoken and written."""

from __future__ import annotations

import pytest

from indexer.vietnamese.number_words import number_in_words, numbered_thing


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("mười", 10),
        ("Mười lăm", 15),
        ("hai mươi", 20),
        ("hai mươi mốt", 21),
        ("hai mốt", 21),
        ("hăm ba", 23),
        ("ba mươi tư", 34),
        ("năm", 5),
        ("một trăm linh năm", 105),
        ("ba trăm", 300),
        ("một nghìn chín trăm bốn mươi lăm", 1945),
        ("một chín bốn lăm", 1945),
        ("hai nghìn không trăm hai mươi hai", 2022),
        ("hai ngàn lẻ hai", 2002),
        ("hai nghìn", 2000),
        ("hai không hai hai", 2022),
        ("", None),
        ("mươi", None),
        ("một mươi", None),
        ("mười mười", None),
        ("trăm năm", None),
        ("hai nghìn người", None),
    ],
)
def test_a_number_in_words_is_read(words: str, number: int | None) -> None:
    assert number_in_words(words) == number


@pytest.mark.parametrize(
    ("words", "other"),
    [
        ("quận một", "1"),
        ("quận 10", "mười"),
        ("lop hai", "2"),
        ("tầng ba", "3"),
        # A bare thing may be another one, so that its figure has no word.
        ("lop 2", ""),
        ("lớp 0", ""),
        ("lớp 11", ""),
        ("lớp 100", ""),
        ("lớp hai2", ""),
        ("tập một", ""),
        ("một quận", ""),
        (" ", ""),
    ],
)
def test_a_thing_is_numbered_in_words_and_figures(words: str, other: str) -> None:
    first, second = words.split(" ")
    assert numbered_thing(first, second) == other
