"""Paragraphs from the lines of a page: by indents, gaps, sizes and last lines that are short.

Words that a hyphen at a line's end parts are joined; the hyphen stays between two syllables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from indexer.intake.pdf.text_lines import TextLine
from indexer.vietnamese.syllables import is_syllable

_WIDE_GAP = 1.35
"""Times the usual distance of lines above which a paragraph ends."""

_INDENT = 0.8
"""Times the size of the letters by which a first line is indented."""

_SHORT = 0.85
"""Share of a column's width below which a line may be the last of its paragraph."""

_OTHER_SIZE = 0.12
"""Share by which the sizes of a heading and of a text differ."""

_SENTENCE_ENDS = tuple(".!?:;…")
_CLOSING = "\"'”’»)]"
_LIST_ITEM = re.compile(
    r"(?:[-–—•●○▪+*]\s|\(?\d{1,3}[.)]\s|\(?[a-zđ][.)]\s|(?:Điều|Chương|Mục) \d)"
)
_GOES_ON = tuple(",-–—(/&")
_LAST_WORD = re.compile(r"[^\W\d_]{1,60}$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")


@dataclass(slots=True)
class _Column:
    """Lines below one another, and the edges of the widest."""

    lines: list[TextLine] = field(default_factory=list)
    left: float = float("inf")
    right: float = float("-inf")

    def add(self, line: TextLine) -> None:
        """Add a line below the others."""
        self.lines.append(line)
        self.left = min(self.left, line.left)
        self.right = max(self.right, line.right)


def build_paragraphs(lines: Sequence[TextLine]) -> list[str]:
    """Return the paragraphs of a page's lines, in their order."""
    paragraphs: list[str] = []
    previous: TextLine | None = None
    for column in _columns(lines):
        leading = _leading(column)
        for line in column.lines:
            if previous is not None and paragraphs and not _begins(previous, line, column, leading):
                paragraphs[-1] = join_lines(paragraphs[-1], line.text)
            else:
                paragraphs.append(line.text)
            previous = line
    return paragraphs


def join_lines(text: str, following: str) -> str:
    """Return a text and the line that follows it, a word parted by a hyphen joined."""
    if len(text) < 2 or text[-1] not in "-\u00ad\u2010" or text[-2] == " ":
        return f"{text} {following}"
    first, second = _LAST_WORD.search(text[:-1]), _FIRST_WORD.match(following)
    if first is None or second is None:
        return text + following
    has_hyphen = first.start() > 0 and text[first.start() - 1] == "-"
    are_syllables = is_syllable(first[0]) and is_syllable(second[0])
    if has_hyphen or are_syllables or following[0].isupper():
        return f"{text[:-1]}-{following}"
    return text[:-1] + following


def continues(text: str, following: str) -> bool:
    """Tell whether a paragraph goes on in the first one of the next column or page."""
    if _ends_sentence(text) or _LIST_ITEM.match(following):
        return False
    return following[:1].islower() or text[-1:] in ",-"


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)


def _columns(lines: Sequence[TextLine]) -> list[_Column]:
    """Part the lines where one stands above its forerunner or beside it."""
    columns: list[_Column] = []
    for line in lines:
        last = columns[-1].lines[-1] if columns else None
        if last is None or line.baseline >= last.baseline - 0.2 * max(last.size, 1):
            columns.append(_Column())
        columns[-1].add(line)
    return columns


def _leading(column: _Column) -> float:
    """Return the usual distance between two lines of a column."""
    pairs = zip(column.lines, column.lines[1:], strict=False)
    distances = [upper.baseline - lower.baseline for upper, lower in pairs]
    return median(distances) if distances else 0.0


def _begins(previous: TextLine, line: TextLine, column: _Column, leading: float) -> bool:
    """Tell whether a line begins a paragraph."""
    if previous is not column.lines[0] and line is column.lines[0]:
        return not continues(previous.text, line.text)
    size = max(previous.size, line.size, 1.0)
    if abs(previous.size - line.size) > _OTHER_SIZE * size:
        return True
    distance = previous.baseline - line.baseline
    if distance > _WIDE_GAP * max(leading, size):
        return True
    is_end = _ends_sentence(previous.text)
    if _LIST_ITEM.match(line.text) and (is_end or previous.right < column.right - size):
        return True
    if line.left > previous.left + _INDENT * size and line.left > column.left + _INDENT * size:
        return is_end or not line.text[0].islower()
    if previous.text.endswith(_GOES_ON):
        return False
    width = column.right - column.left
    is_short = previous.right < column.left + _SHORT * width
    return is_short and (is_end or not line.text[0].islower())
