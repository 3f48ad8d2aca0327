"""Lines of texts that need no repair, as most do: told by the class of each character, in bytes.

A text of common characters alone is canonical. What is left to see is whether two of them in a
row are UTF-8 that was read in another encoding, and where blanks are doubled or at an end.
"""

from __future__ import annotations

import codecs
from typing import Final

from archive.comparable_words import COMMON_BYTES, COMMON_CHARACTERS
from indexer.intake.encodings import MOJIBAKE

_PLAIN: Final = "."
_BLANK: Final = " "
_FIRST: Final = "1"
_SECOND: Final = "2"
_REPAIRED: Final = "?"
_REPAIRED_CLASSES: Final = (b"?", b"12", b"  ")
"""Classes, alone and in a row, of what is repaired."""


def tidy_lines(text: str) -> list[str] | None:
    """Return the lines of a text that are not empty; None where something may need repair.

    Nothing does in canonical text without mojibake, in which all blanks are single spaces between
    words.
    """
    try:
        codes, _ = codecs.charmap_encode(text, "strict", COMMON_BYTES)
    except UnicodeEncodeError:
        return None
    classes = codes.translate(_CLASSES)
    if any(repaired in classes for repaired in _REPAIRED_CLASSES):
        return None
    lines = text.split("\n")
    is_trimmed = list(map(str.strip, lines)) == lines
    return [line for line in lines if line] if is_trimmed else None


def _class_of(character: str) -> str:
    if character in " \n":
        return _BLANK if character == " " else _PLAIN
    if character.isspace() or not character.isprintable():
        return _REPAIRED
    is_first = MOJIBAKE.fullmatch(f"{character}\u0080") is not None
    is_second = MOJIBAKE.fullmatch(f"Ã{character}") is not None
    if is_first and is_second:
        return _REPAIRED
    return _FIRST if is_first else _SECOND if is_second else _PLAIN


_CLASSES: Final = "".join(map(_class_of, COMMON_CHARACTERS)).encode("ascii")
