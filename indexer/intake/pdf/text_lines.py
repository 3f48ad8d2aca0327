"""The lines of a PDF page: their texts in the order of the page, and where they stand."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator

import msgspec
import pypdfium2.raw as pdfium

HYPHEN = "\ufffe"
"""The sign that PDFium puts in the place of a hyphen at a line's end, and of the break itself."""

_BREAK = re.compile(rf"[\r\n]+|{HYPHEN}[\r\n]*")
_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")


class TextLine(msgspec.Struct, frozen=True):
    """One line of a page; lengths are in points, from the page's lower left corner.

    Attributes:
        text: Its text, with the hyphen at its end.
        left: Where its first character begins.
        right: Where its last character ends.
        baseline: The height of its baseline.
        size: The size of its first character's font; 0 where it is unknown.
        start: The number of its first character on the page.
        end: The number after its last character.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    start: int = 0
    end: int = 0

    @property
    def ends_in_hyphen(self) -> bool:
        """Whether its last word may go on in the next line."""
        return len(self.text) > 1 and self.text[-1] in "-\u00ad\u2010" and self.text[-2] != " "


class LineReader:
    """A reader of the lines of one page after another; its buffers are used again."""

    def __init__(self) -> None:
        self._x, self._y, self._right, self._unused = (ctypes.c_double() for _ in range(4))
        self._origin = ctypes.byref(self._x), ctypes.byref(self._y)
        unused = ctypes.byref(self._unused)
        self._box = unused, ctypes.byref(self._right), unused, unused
        self._has_same_places = False

    def lines(self, text_page: pdfium.FPDF_TEXTPAGE) -> list[TextLine]:
        """Return the lines of a page that hold more than blanks."""
        text = page_text(text_page)
        has_pairs = bool(_BEYOND_BMP.search(text))
        # Every character has one code unit then, and none is without text.
        count = pdfium.FPDFText_CountChars(text_page)
        self._has_same_places = not has_pairs and len(text) == count
        lines = []
        for start, end, is_hyphenated in _line_spans(text):
            whole = text[start:end]
            stripped = whole.strip()
            if not stripped:
                continue
            first = start + len(whole) - len(whole.lstrip())
            last = first + len(stripped) - 1
            if has_pairs:
                first, last = (len(text[:n].encode("utf-16-le")) // 2 for n in (first, last))
            shown = stripped + "-" if is_hyphenated else stripped
            lines.append(self._line(text_page, shown, first, last))
        return lines

    def _line(self, text_page: pdfium.FPDF_TEXTPAGE, text: str, first: int, last: int) -> TextLine:
        """Measure the line between two places of the page's text."""
        start, end = first, last
        if not self._has_same_places:
            start = pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, first)
            end = pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, last)
        pdfium.FPDFText_GetCharOrigin(text_page, start, *self._origin)
        pdfium.FPDFText_GetCharBox(text_page, end, *self._box)
        size = pdfium.FPDFText_GetFontSize(text_page, start)
        left, right, baseline = self._x.value, self._right.value, self._y.value
        return TextLine(text, left, right, baseline, size, start, end + 1)


def page_text(text_page: pdfium.FPDF_TEXTPAGE) -> str:
    """Return the text of a page as PDFium puts it together."""
    count = pdfium.FPDFText_CountChars(text_page)
    if count <= 0:
        return ""
    units = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(text_page, 0, count, units)
    return bytes(units)[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")


def _line_spans(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield start and end of every line of a text, and whether a hyphen ended it."""
    start = 0
    for end_of_line in _BREAK.finditer(text):
        yield start, end_of_line.start(), end_of_line[0].startswith(HYPHEN)
        start = end_of_line.end()
    yield start, len(text), False
