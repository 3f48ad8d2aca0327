"""Highlights: the words of a text that match a query, and the text cut at them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from indexer.search.search_records import Snippet, TextSpan

LETTER = re.compile(r"[^\W_]")
"""A letter or digit, of which words are made."""

_JOINS = frozenset(["", " ", *".'’‘-‐‑–/&_@·:"])
"""What may stand between words that are marked as one: `TP.HCM`, `O'Hara`, `2/9/1945`."""


class Highlight(NamedTuple):
    """A word of a text that matches the query.

    Attributes:
        start, end: its span in the text.
        term: the folded form, or prefix, that it matches.
        exact: whether its diacritics match as well.
        form: its own exact form.
        alternative: it matches a short or long form of what was typed.
    """

    start: int
    end: int
    term: str
    exact: bool
    form: str
    alternative: bool = False


class ScannedText(NamedTuple):
    """A text of an article with all its highlights, and its section's number; 0 is none."""

    section: int
    text: str
    highlights: tuple[Highlight, ...]


def split_at_highlights(text: str, highlights: Sequence[Highlight]) -> Snippet:
    """Split a whole text into highlighted and other spans; joined they are the text again."""
    return split_stretch(text, highlights, 0, len(text))


def are_neighbours(text: str, highlights: Sequence[Highlight]) -> bool:
    """Tell whether no other word stands between highlights that follow one another."""
    return not any(
        LETTER.search(text, first.end, second.start)
        for first, second in zip(highlights, highlights[1:], strict=False)
    )


def has_phrase(text: str, highlights: Sequence[Highlight], forms: Sequence[str]) -> bool:
    """Tell whether highlighted words that are neighbours in a text have these exact forms."""
    for start in range(len(highlights) - len(forms) + 1):
        words = highlights[start : start + len(forms)]
        if tuple(word.form for word in words) == tuple(forms) and are_neighbours(text, words):
            return True
    return False


def joined_spans(text: str, highlights: Iterable[Highlight]) -> list[tuple[int, int]]:
    """Return where highlights stand, neighbours as one."""
    joined: list[tuple[int, int]] = []
    for highlight in highlights:
        if joined and text[joined[-1][1] : highlight.start] in _JOINS:
            joined[-1] = (joined[-1][0], max(joined[-1][1], highlight.end))
        else:
            joined.append((highlight.start, highlight.end))
    return joined


def split_stretch(text: str, highlights: Sequence[Highlight], start: int, end: int) -> Snippet:
    """Split the text from start to end.

    Neighbours with a blank or a joining sign between, and those that overlap, become one span.
    """
    inside = (
        highlight for highlight in highlights if start <= highlight.start and highlight.end <= end
    )
    spans: list[TextSpan] = []
    position = start
    for first, last in joined_spans(text, inside):
        if first > position:
            spans.append(TextSpan(text[position:first]))
        spans.append(TextSpan(text[first:last], True))
        position = last
    if position < end:
        spans.append(TextSpan(text[position:end]))
    return tuple(spans)
