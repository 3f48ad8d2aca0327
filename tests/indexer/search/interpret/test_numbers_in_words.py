"""Numbers in words are read as figures where the archive numbers things so."""

from __future__ import annotations

import pytest

from indexer.search.interpret.numbers_in_words import with_figures
from indexer.search.query.syntax import AcronymNode
from tests.counted_texts import CountedTexts, words_of


@pytest.mark.parametrize(
    ("counts", "typed", "things"),
    [
        ({"quận 3": 1}, "quận ba", ["quận 3"]),
        ({"tầng 4": 1}, "ở tầng bốn xã", ["tầng 4"]),
        ({"quận 3": 1, "lớp 2": 1}, "quận ba lớp hai", ["quận 3", "lớp 2"]),
        ({"quận 3": 1}, "quận bà", []),
        ({"quận 3": 1}, "quận 3", []),
        ({"quận 3": 1}, "+quận ba", []),
        ({"quận 4": 1}, "quận ba", []),
        # What stands before a figure and numbers nothing (quân 3) is another word.
        ({"quân 3": 9, "quận 3": 1}, "quan ba", ["quận 3"]),
        ({"quân 3": 9}, "quan ba", []),
        # Bare words are two others (quan bà) unless far more articles have the figure.
        ({"quận 3": 10, "quan bà": 3}, "quan ba", ["quận 3"]),
        ({"quận 3": 9, "quan bà": 3}, "quan ba", []),
        ({"quận 3": 9, "quan bà": 3}, "quận ba", ["quận 3"]),
    ],
)
def test_a_number_in_words_is_the_figure_that_the_archive_writes(
    counts: dict[str, int], typed: str, things: list[str]
) -> None:
    nodes, notices = with_figures(words_of(typed), CountedTexts(counts, 1000))
    assert [notice.text for notice in notices] == things
    read = [node.alternatives for node in nodes if isinstance(node, AcronymNode)]
    assert read == [(tuple(thing.split(" ")),) for thing in things]
