"""The record of a legal document, and the key that all ways of writing its number share."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_BETWEEN = re.compile(r"\s+")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_ZEROS = re.compile(r"\A0+(?=\d)")


@dataclass(frozen=True, slots=True)
class LegalDocument:
    """The head and the signature of a legal document.

    Attributes:
        number: Its number, `13/2023/NĐ-CP`.
        kind: `Nghị định`, `Luật` …; empty where unknown.
        issuer: The body that issued it, as it is written; empty where unknown.
        signed: The date of its head in ISO 8601; empty where none is stated.
        signer: The name below it; empty where none is there.
        subject: The words below its kind (`Quy định …`).
    """

    number: str
    kind: str = ""
    issuer: str = ""
    signed: str = ""
    signer: str = ""
    subject: str = ""


def comparable_number(number: str) -> str:
    """Return what all ways of writing a document number have in common: `13/2023/nd-cp`."""
    number = _DASHES.sub("-", _BETWEEN.sub("", number))
    letters = unicodedata.normalize("NFD", number).casefold().replace("đ", "d")
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _ZEROS.sub("", bare)
