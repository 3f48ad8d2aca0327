"""Highlights are marked together where a reader sees one word, and apart where there are two."""

from __future__ import annotations

import re

import pytest

from indexer.search.present.highlights import Highlight, split_at_highlights


def marked(text: str, *words: str) -> list[str]:
    """Return the marked spans of a text in which these words match."""
    places = [match.span() for match in re.finditer("|".join(map(re.escape, words)), text)]
    highlights = [Highlight(start, end, "", True, "") for start, end in places]
    spans = split_at_highlights(text, highlights)
    assert "".join(span.text for span in spans) == text
    return [span.text for span in spans if span.highlighted]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("ở TP.HCM hôm qua", ("TP", "HCM"), ["TP.HCM"]),
        ("ông O'Hara và O’Hara", ("O", "Hara"), ["O'Hara", "O’Hara"]),
        ("ngày 2/9/1945 ở", ("2", "9", "1945"), ["2/9/1945"]),
        ("tuyến Bắc–Nam dài", ("Bắc", "Nam"), ["Bắc–Nam"]),
        ("số 46/2016/NĐ-CP của", ("46", "2016", "NĐ", "CP"), ["46/2016/NĐ-CP"]),
        ("bò sữa", ("bò", "sữa"), ["bò sữa"]),
        # Other words, the end of a sentence, a list: they stay apart.
        ("TP.HCM", ("HCM",), ["HCM"]),
        ("bò. Sữa", ("bò", "Sữa"), ["bò", "Sữa"]),
        ("bò, sữa", ("bò", "sữa"), ["bò", "sữa"]),
        ("bò - sữa", ("bò", "sữa"), ["bò", "sữa"]),
    ],
)
def test_what_reads_as_one_word_is_marked_as_one(
    text: str, words: tuple[str, ...], expected: list[str]
) -> None:
    assert marked(text, *words) == expected
