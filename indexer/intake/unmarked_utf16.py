"""UTF-16 without a byte order mark, told by its zero bytes: half of each letter of ASCII is one."""

from __future__ import annotations

from typing import Final

_HEAD: Final = 2048
"""Bytes that are looked at."""

_FEWEST_UNITS: Final = 32
_LEAST_SHARE: Final = 0.3
"""Share of letters of ASCII, blanks among them: Vietnamese has twice as many."""


def unmarked_utf16(data: bytes) -> str:
    """Return the codec of bytes that are UTF-16 without a mark, empty if they are none."""
    if b"\0" not in data[:_HEAD]:
        return ""
    head = data[: min(_HEAD, len(data)) // 2 * 2]
    first, second = head[::2].count(0), head[1::2].count(0)
    few, many = sorted((first, second))
    units = len(head) // 2
    if few or units < _FEWEST_UNITS or many < _LEAST_SHARE * units:
        return ""
    codec = "utf-16-le" if second == many else "utf-16-be"
    try:
        # A letter may go over the end of what is looked at.
        text = head[:-2].decode(codec)
    except UnicodeDecodeError:
        return ""
    return codec if all(map(_is_of_text, text)) else ""


def _is_of_text(letter: str) -> bool:
    return letter.isprintable() or letter.isspace() or letter in "\u200b\u200c\u200d\u00ad\u2060"
