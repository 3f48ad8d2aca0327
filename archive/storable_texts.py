"""Texts that every database keeps as they are: without NUL and without halves of letters."""

from __future__ import annotations

_REPLACEMENT = "\ufffd"


def storable(text: str) -> str:
    """Return a text with U+FFFD in the place of NUL and of lone surrogates.

    Both come from file names and addresses that no text decodes; UTF-8 has no surrogates, and
    PostgreSQL no NUL.
    """
    if text.isascii():
        return text.replace("\0", _REPLACEMENT) if "\0" in text else text
    octets = text.replace("\0", _REPLACEMENT).encode("utf-16-le", "surrogatepass")
    return octets.decode("utf-16-le", "replace")
