"""Terms of several words: numbers, dates, abbreviations and names across punctuation or blanks.

Terms are returned as written; the caller brings them into their exact form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

_SEPARATORS = re.compile(r"[.\-–'’]")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+(?:,(\d+))?|(?:,\d{3})+(?:\.(\d+))?)")
_DECIMAL = re.compile(r"(\d+)[.,](\d+)")
_DATE = re.compile(r"(\d{1,2})([/\-.])(\d{1,2})\2(\d{4})")
_MONTH = re.compile(r"(\d{1,2})[/\-](\d{4})")
_LEGAL = re.compile(r"\d+(?:/\d{4})?/[^\W\d_]{2,}(?:[\-–][^\W_]+)*")
_DOTTED = re.compile(r"[^\W\d_]{1,5}(?:\.[^\W\d_]{1,8})+")
_HYPHENED = re.compile(r"[^\W\d_]+(?:(?:[\-–'’][^\W\d_]+)+(?:[\-–]\d{1,4})?|[\-–]\d{1,4})")
_DAY_WORDS = frozenset({"ngày", "ngay"})
_MONTH_WORDS = frozenset({"tháng", "thang"})
_YEAR_WORDS = frozenset({"năm", "nam"})
_CITY_WORDS = frozenset({"tp", "tx", "tt"})
SPANNING = _DAY_WORDS | _MONTH_WORDS | _CITY_WORDS
"""Words (exact forms) at which a term that spans several words may begin."""


def spanned_words(first: str) -> int:
    """Return the number of words that a term spans from its first word, an exact form."""
    if first in _CITY_WORDS:
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
    if _LEGAL.fullmatch(chunk):
        return [chunk.replace("–", "-")]
    if _HYPHENED.fullmatch(chunk) or (_DOTTED.fullmatch(chunk) and chunk.isupper()):
        return [_SEPARATORS.sub("", chunk)]
    return []


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
        if words[first] not in _CITY_WORDS:
            extras += [(first, extra) for extra in _spelled_date(words[first : first + 6])]
        elif first + 1 < len(words) and words[first + 1].isalpha() and len(words[first + 1]) <= 5:
            extras.append((first, words[first] + words[first + 1]))
    return extras


def may_span(term: str) -> bool:
    """Tell whether a folded term may be one that `spanning_terms` returns."""
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
