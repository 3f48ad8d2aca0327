"""Ordinals: numbers after words such as `quý` and `khóa`, in figures, Roman numerals or words.

Only after those words is `I`, `V` or `X` a number: elsewhere it is a letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from indexer.vietnamese.syllables import exact_form, folded_form

_HEADS = (
    "quý",
    "thế kỷ",
    "khóa",
    "đại hội",
    "chương",
    "lần thứ",
    "họp thứ",
    "quân khu",
    "giai đoạn",
    "cấp",
    "hạng",
    "loại",
)
_CONGRESS = "đại hội"
_CONGRESS_WORDS = 8
"""Words after `đại hội` among which its number may stand: *Đại hội đại biểu … lần thứ XII*."""

_WORDS = ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười")
_IN_WORDS = {word: number for number, word in enumerate(_WORDS, 1)} | {"nhất": 1, "bốn": 4}
_HEADS_OF_WORDS = frozenset({"quý", "lần thứ"})
"""Heads after which a number may be in words: *quý ba*, *lần thứ hai*."""

_ROMAN = re.compile(r"(?=[ivx])(x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_UNITS = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_ROMAN_UNITS |= {"vi": 6, "vii": 7, "viii": 8, "ix": 9}
_SYLLABLES = frozenset({"i", "v", "x", "vi", "xi"})
"""Roman numerals that are also letters or syllables: they are numbers only beside their head."""


class Ordinal(NamedTuple):
    """An ordinal among the words of a text: its first word, the one after its last, its term."""

    start: int
    end: int
    term: str


def _forms(text: str) -> tuple[str, ...]:
    return tuple(exact_form(form) for form in dict.fromkeys((text, folded_form(text))))


_HEADS_BY_WORD = {form: head for head in _HEADS for form in _forms(head.split(" ")[-1])} | {
    form: "" for form in _forms("thứ")
}
ORDINAL_WORDS = frozenset(_HEADS_BY_WORD)
"""The last words of heads (exact forms), with and without diacritics."""

_TERM = re.compile(
    rf"(?:{'|'.join(''.join(map(folded_form, head.split(' '))) for head in _HEADS)})\d+"
)


def find_ordinal(words: Sequence[str], position: int) -> Ordinal | None:
    """Return the ordinal whose head ends at a position in a text of exact forms, if any."""
    head = _head_at(words, position) if words[position] in ORDINAL_WORDS else ""
    if not head:
        return None
    start = position - head.count(" ")
    end, number = _number_after(words, position, head)
    if not number:
        return None
    return Ordinal(start, end, f"{head.replace(' ', '')}{number}")


def is_ordinal(term: str) -> bool:
    """Tell whether a folded term may be that of an ordinal."""
    return _TERM.fullmatch(term) is not None


def _head_at(words: Sequence[str], position: int) -> str:
    """Return the head that ends at a position; empty if there is none."""
    head = _HEADS_BY_WORD[words[position]]
    first, _, second = head.partition(" ")
    if head and not second:
        return head
    before = folded_form(words[position - 1]) if position else ""
    if not head:
        return {"lan": "lần thứ", "hop": "họp thứ"}.get(before, "")
    return head if folded_form(first) == before else ""


def _number_after(words: Sequence[str], position: int, head: str) -> tuple[int, int]:
    """Return the index after a number that follows a head, and the number; 0 if none does."""
    following = words[position + 1 : position + 1 + _CONGRESS_WORDS]
    for place, word in enumerate(following[: None if head == _CONGRESS else 1]):
        beside_head = not place or folded_form(following[place - 1]) == "thu"
        # Without diacritics `quy ba` may as well be *quý bà*.
        is_marked = beside_head and not words[position].isascii()
        number = _number(word, head if is_marked else "")
        if number and (beside_head or not (word.isdecimal() or word in _SYLLABLES)):
            return position + place + 2, number
    return position, 0


def _number(word: str, head: str) -> int:
    """Return the number that a word is in figures, Roman numerals or words; 0 if it is none."""
    if word.isdecimal():
        return int(word) if len(word) <= 2 else 0
    if head in _HEADS_OF_WORDS and word in _IN_WORDS:
        return _IN_WORDS[word]
    roman = _ROMAN.fullmatch(word)
    return 10 * len(roman[1]) + _ROMAN_UNITS[roman[2]] if roman else 0
