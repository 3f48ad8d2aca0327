"""Numbers in words, as they are spoken and written."""

from __future__ import annotations

import pytest

from indexer.vietnamese.number_words import number_in_words


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
