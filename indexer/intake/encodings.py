"""Bytes to canonical text: byte order marks, UTF-8, what HTML declares, and mojibake repaired."""

from __future__ import annotations

import codecs
import re

import ftfy

from archive.errors import IntakeError
from indexer.vietnamese.normalization import canonical

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w\-:.]+)", re.IGNORECASE
)
_MOJIBAKE = re.compile(
    "[ÃÄÅÆÂáº»\u0080-\u009f][\u0080-\u00bf\u0152-\u02dc\u2010-\u203a\u20ac\u2122]"
)
"""Two characters that UTF-8 read in a one-byte encoding always shows, and Vietnamese hardly."""


def decode(data: bytes, declared: bool = False) -> str:
    """The text of some bytes in the canonical form.

    Args:
        data: the bytes.
        declared: whether an encoding that HTML or XML declares is to be believed.

    Raises:
        IntakeError: no encoding fits; the message says so.
    """
    return repaired(_decoded(data, declared))


def repaired(text: str) -> str:
    """The canonical form, with UTF-8 that was read in another encoding put right."""
    if _MOJIBAKE.search(text):
        text = ftfy.fix_encoding(text)
    return canonical(text)


def _decoded(data: bytes, declared: bool) -> str:
    try:
        for mark, encoding in _MARKS:
            if data.startswith(mark):
                return data.decode(encoding)
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        name = _declared(data) if declared else ""
        if name:
            return _decoded_as(data, name)
        raise IntakeError(
            f"is not UTF-8 (byte {error.start}) and does not say what it is; convert it to UTF-8"
        ) from error


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:4096])
    return found[1].decode("ascii", "replace") if found else ""


def _decoded_as(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except LookupError as error:
        raise IntakeError(f"declares the unknown encoding {name!r}; convert it to UTF-8") from error
    except UnicodeError as error:
        raise IntakeError(f"is not the {name} it declares; convert it to UTF-8") from error
