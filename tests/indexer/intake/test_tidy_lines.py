"""Lines of texts that need no repair are those that the slow way reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.comparable_words import COMMON_CHARACTERS
from indexer.intake.encodings import MOJIBAKE, repair_mojibake
from indexer.intake.tidy_lines import tidy_lines
from indexer.vietnamese.normalization import canonical

_ALPHABET = COMMON_CHARACTERS.rstrip("\ufffe")


def _repaired(text: str) -> list[str]:
    lines = (" ".join(line.split()) for line in repair_mojibake(text).split("\n"))
    return [line for line in lines if line]


@pytest.mark.parametrize("first", _ALPHABET)
def test_two_characters_in_a_row_are_tidy_only_where_nothing_is_repaired(first: str) -> None:
    assert first == "\0" or canonical(first) == first
    for second in _ALPHABET:
        text = f"một {first}{second} hai"
        if MOJIBAKE.search(text):
            assert tidy_lines(text) is None
        elif (lines := tidy_lines(text)) is not None:
            assert lines == _repaired(text)


@given(st.text(st.sampled_from(" \n\taáưÃ“»…\0") | st.characters(codec="utf-16"), max_size=20))
def test_tidy_lines_are_those_of_the_slow_way(text: str) -> None:
    lines = tidy_lines(text)
    assert lines is None or lines == _repaired(text)


@pytest.mark.parametrize(
    "text", ["a  b", " a", "a ", "a \nb", "a\n b", "a\tb", "a\0", "TiÃªng", "a\xa0b", "á\u0301"]
)
def test_what_may_need_repair_is_left_to_it(text: str) -> None:
    assert tidy_lines(text) is None


def test_common_texts_are_tidy() -> None:
    text = "“Hà Nội”, ngày 3-5:\n\ngiảm ½ – 20 m²…\n"
    assert tidy_lines(text) == ["“Hà Nội”, ngày 3-5:", "giảm ½ – 20 m²…"]
    assert tidy_lines("") == []
