"""The reader of Word documents of Word 97 to 2003 (DOC)."""

from __future__ import annotations

from archive.records import Article, Origin
from indexer.intake.office.text_blocks import (
    LINE_BREAK,
    DocumentHead,
    RunBlock,
    article_of,
    row_blocks,
)
from indexer.intake.office.word_97 import read_word_97

READER = "doc"
READER_VERSION = 2

_FIELD_START, _FIELD_RESULT, _FIELD_END = "\x13", "\x14", "\x15"
_CELL_END = "\x07"
_PARAGRAPH_ENDS = frozenset("\r\x0c\x0e")
_SIGNS = {"\x0b": LINE_BREAK, "\x1e": "-", "\xa0": " ", "\t": " "}
_SPECIAL = frozenset(map(chr, range(0x20))) | {"\xa0"}


def read_doc(data: bytes, source: str, _encoding: str = "") -> Article:
    """Read the article in a Word document of 97 to 2003.

    Raises:
        UnreadableError: it is damaged, encrypted, or older.
        IntakeError: it holds no words.
    """
    builder = DocBlockBuilder()
    for font, text in read_word_97(data).runs:
        builder.add(font, text)
    return article_of(builder.finish(), DocumentHead(), Origin(source, READER, READER_VERSION))


class DocBlockBuilder:
    """A builder of blocks from runs whose control characters end paragraphs, cells and fields."""

    def __init__(self) -> None:
        self._blocks: list[RunBlock] = []
        self._block = RunBlock()
        self._cell: list[RunBlock] = []
        self._cells: list[list[RunBlock]] = []
        self._fields: list[bool] = []
        self._codes = 0

    def add(self, font: str, text: str) -> None:
        """Add a run."""
        start = 0
        for place, sign in enumerate(text):
            if sign in _SPECIAL:
                self._add_words(font, text[start:place])
                start = place + 1
                self._add_sign(font, sign)
        self._add_words(font, text[start:])

    def finish(self) -> list[RunBlock]:
        """Return the blocks."""
        self._end_row()
        self._end_paragraph()
        return self._blocks

    def _add_words(self, font: str, words: str) -> None:
        if not self._codes:
            self._block.add(font, words)

    def _add_sign(self, font: str, sign: str) -> None:
        if sign == _FIELD_START:
            self._fields.append(True)
            self._codes += 1
        elif sign == _FIELD_RESULT and self._fields:
            self._codes -= self._fields[-1]
            self._fields[-1] = False
        elif sign == _FIELD_END and self._fields:
            self._codes -= self._fields.pop()
        elif sign in _PARAGRAPH_ENDS:
            self._end_row_before_text()
        elif sign == _CELL_END:
            self._end_cell()
        elif sign in _SIGNS:
            self._add_words(font, _SIGNS[sign])

    def _end_cell(self) -> None:
        """End a cell; a second end without words between ends the row."""
        if self._block.runs:
            self._cell.append(self._block)
            self._block = RunBlock()
        if self._cell:
            self._cells.append(self._cell)
            self._cell = []
        else:
            self._end_row()

    def _end_row_before_text(self) -> None:
        """End a paragraph: of a cell, if a row has begun, else of the text."""
        if self._cells:
            self._cell += [self._block] if self._block.runs else []
            self._block = RunBlock()
        else:
            self._end_paragraph()

    def _end_row(self) -> None:
        if self._cells:
            self._blocks += row_blocks(self._cells)
        self._blocks += self._cell
        self._cells, self._cell = [], []

    def _end_paragraph(self) -> None:
        if self._block.runs:
            self._blocks.append(self._block)
        self._block = RunBlock()
