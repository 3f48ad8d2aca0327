"""Terms of several words: numbers, dates, abbreviations and names across punctuation or blanks.

Terms are returned as written; the caller brings them into their exact form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from indexer.vietnamese.syllables import exact_form, folded_form

_SEPARATORS = re.compile(r"[.\-–'’]")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+(?:,(\d+))?|(?:,\d{3})+(?:\.(\d+))?)")
_DECIMAL = re.compile(r"(\d+)[.,](\d+)")
_DATE = re.compile(r"(\d{1,2})([/\-.])(\d{1,2})\2(\d{4})")
_MONTH = re.compile(r"(\d{1,2})[/\-](\d{4})")
_LEGAL = re.compile(r"\d+(?:/\d{4})?/[^\W\d_]{2,}(?:[\-–][^\W_]+)*")
_DOTTED = re.compile(r"[^\W\d_]{1,5}(?:\.[^\W\d_]{1,8})+")
_HYPHENED = re.compile(r"[^\W\d_]+(?:(?:[\-–'’][^\W\d_]+)+(?:[\-–]\d{1,4})?|[\-–]\d{1,4})")
_FIGURES = re.compile(r"(\d{1,3})([/\-–])(\d{1,3})")
_AMPERSAND = re.compile(r"[^\W_]{1,8}(?:&[^\W_]{1,8})+")
_PHONE = re.compile(r"0\d{1,3}(?:[.\-]\d{2,4}){2,3}")
_SIGNED = re.compile(r"\d+(?:\.\d+)?%|[^\W\d_]+\+\+|[^\W\d_]#")
_DAY_WORDS = frozenset({"ngày", "ngay"})
_MONTH_WORDS = frozenset({"tháng", "thang"})
_YEAR_WORDS = frozenset({"năm", "nam"})
_CITY_WORDS = frozenset({"tp", "tx", "tt"})
_ORDINAL_HEADS = ("quý", "kỷ", "khóa", "hội", "chương")
_HEAD_WORDS = {
    form: head
    for head in _ORDINAL_HEADS
    for form in (exact_form(head), exact_form(folded_form(head)))
}
"""Words before an ordinal: only after them is `I`, `V` or `X` a number."""
_ROMAN = re.compile(r"(?=[ivx])(x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_UNITS = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_ROMAN_UNITS |= {"vi": 6, "vii": 7, "viii": 8, "ix": 9}
_ORDINAL_TERM = re.compile(rf"(?:{'|'.join(map(folded_form, _ORDINAL_HEADS))})\d+")
_PERCENT_WORD = "phần"
SPANNING = _DAY_WORDS | _MONTH_WORDS | _CITY_WORDS | {*_HEAD_WORDS, _PERCENT_WORD}
"""Words (exact forms) at which a term that spans several words may begin."""


def spanned_words(first: str) -> int:
    """Return the number of words that a term spans from its first word, an exact form."""
    if first in _CITY_WORDS or first in _HEAD_WORDS:
        return 2
    return 6 if first in _DAY_WORDS else 4 if first in _MONTH_WORDS else 1


def number_term(chunk: str) -> str:
    """Return a number in plain figures: `1.088` is 1088, `16,67` is 16.67; empty if it is none."""
    grouped = _GROUPED.fullmatch(chunk)
    if grouped:
        fraction = grouped[1] or grouped[2] or ""
        integer = chunk[: len(chunk) - len(fraction) - 1] if fraction else chunk
        digits = integer.replace(".", "").replace(",", "")
        return f"{digits}.{fraction}" if fraction else digits
    decimal = _DECIMAL.fullmatch(chunk)
    return f"{decimal[1]}.{decimal[2]}" if decimal else ""


def joined_terms(chunk: str) -> list[str]:
    """Return the extra terms of a chunk with inner punctuation."""
    dated = _DATE.fullmatch(chunk)
    if dated:
        return _date_terms(int(dated[4]), int(dated[3]), int(dated[1]))
    month = _MONTH.fullmatch(chunk)
    if month:
        return _date_terms(int(month[2]), int(month[1]), None)
    figures = _FIGURES.fullmatch(chunk)
    if figures:
        return _figure_terms(int(figures[1]), figures[2], int(figures[3]))
    if _AMPERSAND.fullmatch(chunk):
        return [chunk]
    if _PHONE.fullmatch(chunk):
        return [_SEPARATORS.sub("", chunk)]
    if _LEGAL.fullmatch(chunk):
        return [chunk.replace("–", "-")]
    if _HYPHENED.fullmatch(chunk) or (_DOTTED.fullmatch(chunk) and chunk.isupper()):
        return [_SEPARATORS.sub("", chunk)]
    return []


def signed_term(word: str, sign: str) -> str:
    """Return a word with the sign after it (`30%`, `C++`, `C#`); empty if they are no term."""
    return word + sign if _SIGNED.fullmatch(word + sign) else ""


def _figure_terms(first: int, sign: str, second: int) -> list[str]:
    """Return the terms of two figures: a day of a month (`30/4`, `30-4`), a score or a range."""
    terms = [] if sign == "/" else [f"{first}-{second}"]
    if sign == "/" or (1 <= first <= 31 and 1 <= second <= 12):
        terms.append(f"{first}/{second}")
    return terms


def _ordinal(word: str) -> int:
    """Return the number of an ordinal in figures or in Roman numerals, 0 if it is none."""
    if word.isdecimal():
        return int(word) if len(word) <= 2 else 0
    roman = _ROMAN.fullmatch(word)
    return 10 * len(roman[1]) + _ROMAN_UNITS[roman[2]] if roman else 0


def _date_terms(year: int, month: int, day: int | None) -> list[str]:
    """Return a day and its month in ISO 8601; none if there is no such day."""
    if not (1 <= month <= 12 and 1000 <= year <= 2999):
        return []
    year_month = f"{year:04}-{month:02}"
    if day is None:
        return [year_month]
    try:
        return [date(year, month, day).isoformat(), year_month]
    except ValueError:
        return []


def spanning_terms(words: Sequence[str], positions: Sequence[int]) -> list[tuple[int, str]]:
    """Return the extra terms that span several words from a position: dates in words, `TP HCM`.

    Args:
        words: The exact forms of a text.
        positions: Indices of the words in `SPANNING`.

    Returns:
        (position of the first word, term) of each.
    """
    extras: list[tuple[int, str]] = []
    for first in positions:
        if words[first] in _HEAD_WORDS:
            number = _ordinal(words[first + 1]) if first + 1 < len(words) else 0
            extras += [(first, f"{_HEAD_WORDS[words[first]]}{number}")] if number else []
        elif words[first] == _PERCENT_WORD:
            figure = words[first - 1] if first and words[first + 1 : first + 2] == ["trăm"] else ""
            extras += [(first - 1, term)] if (term := signed_term(figure, "%")) else []
        elif words[first] not in _CITY_WORDS:
            extras += [(first, extra) for extra in _spelled_date(words[first : first + 6])]
        elif first + 1 < len(words) and words[first + 1].isalpha() and len(words[first + 1]) <= 5:
            extras.append((first, words[first] + words[first + 1]))
    return extras


def may_span(term: str) -> bool:
    """Tell whether a folded term may be one that `spanning_terms` returns."""
    if term.endswith("%") or _ORDINAL_TERM.fullmatch(term):
        return True
    return "-" in term or (term.startswith(tuple(_CITY_WORDS)) and term not in _CITY_WORDS)


def _spelled_date(words: Sequence[str]) -> list[str]:
    """Return the terms of `ngày 19 tháng 12 năm 2022` or `tháng 12 năm 2022` at the first word."""
    day = None
    if words[0] in _DAY_WORDS:
        if len(words) < 6 or not words[1].isdecimal():
            return []
        day, words = int(words[1][:4]), words[2:]
    if len(words) < 4 or words[0] not in _MONTH_WORDS or words[2] not in _YEAR_WORDS:
        return []
    if not (words[1].isdecimal() and words[3].isdecimal()):
        return []
    return _date_terms(int(words[3][:5]), int(words[1][:4]), day)
