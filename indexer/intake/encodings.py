"""Encoding detection: byte order mark, UTF-8, the encoding that HTML declares; mojibake repair."""

from __future__ import annotations

import codecs
import re

import ftfy

from archive.errors import IntakeError
from indexer.vietnamese.normalization import canonical

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARATION = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w\-:.]+)", re.IGNORECASE
)
_MOJIBAKE = re.compile(
    "[ÃÄÅÆÂáº»\u0080-\u009f][\u0080-\u00bf\u0152-\u02dc\u2010-\u203a\u20ac\u2122]"
)
"""Two characters that UTF-8 read in a one-byte encoding always shows, and Vietnamese hardly."""


def decode_text(data: bytes, trust_declaration: bool = False) -> str:
    """Return some bytes as canonical text.

    Args:
        data: The bytes of a document.
        trust_declaration: Whether an encoding that HTML or XML declares is to be believed.

    Raises:
        IntakeError: no encoding fits; the message says so.
    """
    return repair_mojibake(_decode(data, trust_declaration))


def repair_mojibake(text: str) -> str:
    """Return the canonical form of a text, UTF-8 that was read in another encoding put right."""
    if _MOJIBAKE.search(text):
        text = ftfy.fix_encoding(text)
    return canonical(text)


def _decode(data: bytes, trust_declaration: bool) -> str:
    encodings = (encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark))
    try:
        return data.decode(next(encodings, "utf-8"))
    except UnicodeDecodeError as error:
        declaration = _DECLARATION.search(data[:4096]) if trust_declaration else None
        if declaration:
            return _decode_as(data, declaration[1].decode("ascii", "replace"))
        raise IntakeError(
            f"is not UTF-8 (byte {error.start}) and does not say what it is; convert it to UTF-8"
        ) from error


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as error:
        raise IntakeError(
            f"declares the unknown encoding {encoding!r}; convert it to UTF-8"
        ) from error
    except UnicodeError as error:
        raise IntakeError(f"is not the {encoding} it declares; convert it to UTF-8") from error
