"""Snippets: they end inside no word, and inside no unit that is highlighted."""

from __future__ import annotations

import pytest

from indexer.search.present.highlights import Highlight, ScannedText
from indexer.search.present.snippets import SNIPPET_LENGTH, RankedSnippet, SnippetCutter
from tests.factories import article


def highlights_of(text: str, *words: str) -> tuple[Highlight, ...]:
    """Highlight every occurrence of some words."""
    starts = sorted(
        (start, word)
        for word in words
        for start in range(len(text))
        if f" {text} ".startswith(f" {word} ", start)
    )
    return tuple(Highlight(start, start + len(word), word, True, word) for start, word in starts)


def cut(text: str, *words: str) -> RankedSnippet:
    """Return the best snippet of a text."""
    scanned = ScannedText(1, text, highlights_of(text, *words))
    return SnippetCutter(frozenset()).best_snippets(article("Tin", text), [scanned])[0]


@pytest.mark.parametrize("distance", range(160, 230))
def test_a_snippet_parts_no_unit(distance: int) -> None:
    between = ("chữ " * 100)[: distance - distance % 4]
    text = f"{between}công an nhân dân {between}công an nhân dân {between}"
    snippet = cut(text, "công", "an", "nhân", "dân").snippet
    marked = [span.text for span in snippet if span.highlighted]
    assert marked
    assert set(marked) == {"công an nhân dân"}
    shown = "".join(span.text for span in snippet).strip("… ")
    assert not {"côn", "nhâ", "dâ"} & set(shown.split())
    assert len(shown) <= SNIPPET_LENGTH + 2 * len("công an nhân dân")


def test_a_row_without_end_is_cut() -> None:
    snippet = cut("an " * 2000, "an").snippet
    assert len("".join(span.text for span in snippet)) < 2 * SNIPPET_LENGTH
