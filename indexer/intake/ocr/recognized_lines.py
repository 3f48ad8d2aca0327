"""The lines of a page that a program recognised, and how certain it is of their words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import groupby
from statistics import median
from typing import NamedTuple

import msgspec

from indexer.intake.pdf.text_lines import TextLine

_COLUMNS = 12
_WORD_LEVEL = "5"
_MOST_WORDS = 50_000
_LARGE = 1.4
"""Times the usual height of words that those of a heading have."""


class RecognizedLine(msgspec.Struct, frozen=True, array_like=True):
    """One line: its text, its edges in pixels from the left and from the top, its words' height."""

    text: str
    left: float
    right: float
    bottom: float
    height: float


class RecognizedWords(msgspec.Struct, frozen=True):
    """The words of one page.

    Attributes:
        lines: Its lines in the order of reading.
        confidence: Per cent of certainty, the mean over its letters; 0 without words.
        height: The page's height in pixels.
    """

    lines: tuple[RecognizedLine, ...] = ()
    confidence: int = 0
    height: float = 0.0

    @property
    def text_lines(self) -> list[TextLine]:
        """The lines as those of a text layer, from the lower left corner."""
        usual = median(line.height for line in self.lines) if self.lines else 0.0
        return [
            TextLine(
                text=line.text,
                left=line.left,
                right=line.right,
                baseline=self.height - line.bottom,
                # Marks above and below make words of one size differ in height.
                size=line.height if line.height > _LARGE * usual else usual,
            )
            for line in self.lines
        ]


class _PlacedWord(NamedTuple):
    line: tuple[str, ...]
    left: int
    top: int
    width: int
    height: int
    confidence: float
    text: str


def read_table(table: str) -> RecognizedWords:
    """Return the words of a page from the table (TSV) of tesseract."""
    rows = [row.split("\t", _COLUMNS - 1) for row in table.split("\n")]
    words = [word for row in rows[:_MOST_WORDS] if (word := _word(row))]
    page = next((row for row in rows if row[0] == "1" and len(row) == _COLUMNS), None)
    letters = sum(len(word.text) for word in words)
    certainty = sum(word.confidence * len(word.text) for word in words)
    return RecognizedWords(
        lines=tuple(_lines(words)),
        confidence=round(certainty / letters) if letters else 0,
        height=float(page[9]) if page and page[9].isdigit() else 0.0,
    )


def _word(row: list[str]) -> _PlacedWord | None:
    """Return the word of a row; None for a row of another level, or one that holds none."""
    if len(row) != _COLUMNS or row[0] != _WORD_LEVEL:
        return None
    text = unicodedata.normalize("NFC", row[11]).strip()
    try:
        left, top, width, height = (int(number) for number in row[6:10])
        confidence = float(row[10])
    except ValueError:
        return None
    return (
        _PlacedWord(tuple(row[2:5]), left, top, width, height, confidence, text) if text else None
    )


def _lines(words: list[_PlacedWord]) -> Iterator[RecognizedLine]:
    for _, group in groupby(words, key=lambda word: word.line):
        line = list(group)
        yield RecognizedLine(
            text=" ".join(word.text for word in line),
            left=min(word.left for word in line),
            right=max(word.left + word.width for word in line),
            bottom=median(word.top + word.height for word in line),
            height=median(word.height for word in line),
        )
