"""The fonts in the lines of a PDF page, and the letters that legacy fonts drew."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from itertools import groupby

import msgspec
import pypdfium2.raw as pdfium

from indexer.intake.legacy.charset_detection import holds_unicode_letter
from indexer.intake.legacy.charsets import Charset
from indexer.intake.legacy.font_runs import decode_runs
from indexer.intake.pdf.text_lines import TextLine

_BEYOND_ASCII = re.compile("[\x80-\U0010ffff]")
_SYMBOL_IN_WORD = re.compile(r"[\xa1-\xbf\xd7\xf7](?:[a-z]|(?<=[^\W\d_].))")
_LONGEST_NAME = 200

Run = tuple[str, str]
"""A font and a text."""


class FontReader:
    """A reader of the fonts of one document; asking for them costs more than reading the text."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}

    def runs(self, text_page: pdfium.FPDF_TEXTPAGE, line: TextLine) -> list[Run]:
        """Return the runs of a line; of one whose characters are not its letters, one run."""
        letters = line.text[: line.end - line.start]
        fonts = [self._font_name(text_page, place) for place in range(line.start, line.end)]
        if len(letters) != len(fonts):
            return [(fonts[0] if fonts else "", line.text)]
        # Blanks between runs, and a hyphen at the end, are in no font.
        for place in range(1, len(fonts)):
            fonts[place] = fonts[place] or fonts[place - 1]
        pairs = zip(fonts, letters, strict=True)
        runs = [
            (font, "".join(letter for _, letter in same))
            for font, same in groupby(pairs, key=lambda pair: pair[0])
        ]
        font, text = runs[-1]
        return [*runs[:-1], (font, text + line.text[len(letters) :])]

    def _font_name(self, text_page: pdfium.FPDF_TEXTPAGE, place: int) -> str:
        """Return the name of the font of a character; empty for one that PDFium put in."""
        drawn = pdfium.FPDFText_GetTextObject(text_page, place)
        font = pdfium.FPDFTextObj_GetFont(drawn) if drawn else None
        if not font:
            return ""
        address = ctypes.cast(font, ctypes.c_void_p).value or 0
        name = self._names.get(address)
        if name is None:
            buffer = ctypes.create_string_buffer(_LONGEST_NAME)
            pdfium.FPDFFont_GetBaseFontName(font, buffer, _LONGEST_NAME)
            name = self._names[address] = buffer.value.decode("utf-8", "replace")
        return name


def may_be_legacy(lines: Sequence[TextLine]) -> bool:
    """Tell whether lines may hold letters that a legacy font drew."""
    text = "\n".join(line.text for line in lines)
    if not _BEYOND_ASCII.search(text):
        return False
    return not holds_unicode_letter(text) or bool(_SYMBOL_IN_WORD.search(text))


def decode_lines(
    pages: list[list[TextLine]], runs: dict[int, list[list[Run]]]
) -> tuple[list[list[TextLine]], tuple[Charset, ...]]:
    """Return the pages with the letters of legacy fonts decoded, and their character sets.

    Args:
        pages: The lines of every page.
        runs: The runs of every line, by the numbers of those pages that may need it.
    """
    every: list[Run] = []
    places: list[tuple[int, int]] = []
    for number, lines in enumerate(pages):
        for place, line in enumerate(lines):
            own = runs[number][place] if number in runs else [("", line.text)]
            every += own
            places += [(number, place)] * len(own)
    decoded = decode_runs(every, lost_soft_hyphens=True)
    if not decoded.charsets:
        return pages, ()
    texts: dict[tuple[int, int], str] = {}
    for where, text in zip(places, decoded.texts, strict=True):
        texts[where] = texts.get(where, "") + text
    pages = [
        [
            msgspec.structs.replace(line, text=texts[number, place])
            for place, line in enumerate(lines)
        ]
        for number, lines in enumerate(pages)
    ]
    return pages, decoded.charsets
