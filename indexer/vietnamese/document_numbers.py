"""Numbers of legal documents: `13/2023/NĐ-CP`, `1956/QĐ-TTg`, `35/2018/QH14`, `05-CT/TW`.

Those of official letters (`1234/TCT-CS`) have no kind in them; words before them prove them.

One number is written in many ways: with blanks, with other dashes (`13 /2023/NĐ – CP`), without
diacritics or capitals in a query (`13/2023/nd-cp`), with or without a zero before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_DASH: Final = r"[ \xa0]{0,2}[-–—‑‐−][ \xa0]{0,2}"
_SLASH: Final = r"[ \xa0]{0,2}/[ \xa0]{0,2}"
_YEAR: Final = r"(?:1[89]|20)\d\d"
_KINDS: Final = (
    "TTLT|TT|NĐ|ND|QĐ|QD|NQLT|NQ|QH\\d{0,2}|UBTVQH\\d{0,2}|PL|CT|CĐ|CD|CV|TB|KH|HD|BC|TTr|VBHN|L|LCT|SL"
    "|HĐBT|HDBT|HĐND|HDND|UBND|SYT|VP|GP|GM|ĐA|DA|PA|CTr|QC|QCVN|TCVN|HSST|HSPT|DS|KDTM"
)
_ISSUERS: Final = r"[A-ZĐ][A-Za-zĐđ&.]{0,14}\d{0,3}"
_NUMBER: Final = re.compile(
    rf"(?P<serial>\d(?<![\w/.,-].)\d{{0,4}}[a-zA-Z]?)(?:"
    rf"{_SLASH}(?P<year>{_YEAR}){_SLASH}(?P<symbol>[A-ZĐ]{{1,8}}\d{{0,3}}(?:{_DASH}{_ISSUERS}){{0,4}})"
    rf"|{_SLASH}(?P<plain>(?:{_KINDS})(?:{_DASH}{_ISSUERS}){{1,4}}|VBHN)"
    rf"|{_DASH}(?P<party>(?:CT|NQ|QĐ|KL|HD|TB|QC|KH|CV|TT){_SLASH}[A-ZĐ]{{2,8}})"
    r")(?![\w/])"
)
_LETTER_NUMBER: Final = (
    rf"(?P<number>\d{{1,5}}[a-zA-Z]?{_SLASH}[A-ZĐ]{{2}}[A-Za-zĐđ]{{0,8}}(?:{_DASH}{_ISSUERS}){{1,3}})"
    r"(?![\w/])"
)
_LETTER: Final = re.compile(
    r"(?:\b[Ss]ố|\bSỐ|\b[Vv]ăn bản|\b[Cc]ông văn|\bCV)[ \xa0]{0,2}:?[ \xa0]{0,2}" + _LETTER_NUMBER
)
_NEXT_LETTER: Final = re.compile(
    r"(?:[ \xa0]ngày[ \xa0]\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{4})?)?"
    r"(?:[ \xa0]?[,;]|[ \xa0](?:và|cùng|hoặc|hay))[ \xa0]{1,2}" + _LETTER_NUMBER
)
"""A letter's number behind that of another, whose words prove both."""

_SYMBOL: Final = re.compile(r"/[ \xa0]{0,2}[A-ZĐ]")
"""The part of a number that every written one has, and most texts with a date have not."""

_TYPED: Final = re.compile(
    rf"(?<![\w/.,-])\d{{1,5}}[a-zA-Z]?(?:"
    rf"{_SLASH}{_YEAR}{_SLASH}(?:{_KINDS})(?:{_DASH}[a-zđ&.]{{1,15}}\d{{0,3}}){{0,4}}"
    rf"|{_SLASH}(?:{_KINDS})(?:{_DASH}[a-zđ&.]{{1,15}}\d{{0,3}}){{1,4}}"
    rf"|{_DASH}(?:CT|NQ|QĐ|QD|KL|HD){_SLASH}tw"
    rf"|{_SLASH}[a-zđ]{{2,10}}(?:{_DASH}[a-zđ&.]{{2,15}}\d{{0,3}}){{1,3}}"
    r")(?![\w/])",
    re.IGNORECASE,
)
_BLANKS: Final = re.compile(r"[ \xa0]+")
_DASHES: Final = re.compile(r"[–—‑‐−]")


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """The number of a legal document in a text.

    Attributes:
        text: The number as it is best written: without blanks, with plain dashes.
        start: Offset in the text.
        end: Offset after it.
    """

    text: str
    start: int
    end: int


def find_document_numbers(text: str) -> list[DocumentNumber]:
    """Return the numbers of legal documents in a text, as newspapers and documents write them."""
    if not _SYMBOL.search(text):
        return []
    numbers = [_number(match) for match in _NUMBER.finditer(text)]
    ends = {number.end for number in numbers}
    numbers += [letter for letter in _find_letters(text) if letter.end not in ends]
    return sorted(numbers, key=lambda number: number.start)


def _find_letters(text: str) -> Iterator[DocumentNumber]:
    """Yield the numbers of letters that words prove, and those in a row with them."""
    for match in _LETTER.finditer(text):
        following: re.Match[str] | None = match
        while following:
            yield _number(following, "number")
            following = _NEXT_LETTER.match(text, following.end())


def find_typed_numbers(text: str) -> list[DocumentNumber]:
    """Return the numbers of legal documents in a query, whatever their diacritics and case."""
    return [_number(match) for match in _TYPED.finditer(text)]


def _number(match: re.Match[str], group: str | int = 0) -> DocumentNumber:
    return DocumentNumber(_plain(match[group]).rstrip("."), match.start(group), match.end(group))


def _plain(number: str) -> str:
    return _DASHES.sub("-", _BLANKS.sub("", number))
