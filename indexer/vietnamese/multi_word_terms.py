"""Terms of several words: numbers, dates, abbreviations and names across punctuation or blanks.

Terms are returned as written; the caller brings them into their exact form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from indexer.vietnamese.ordinals import ORDINAL_WORDS, find_ordinal, is_ordinal
from indexer.vietnamese.syllables import folded_form, is_bare_syllable

_SEPARATORS = re.compile(r"[.\-–'’]")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+(?:,(\d+))?|(?:,\d{3})+(?:\.(\d+))?)")
_DECIMAL = re.compile(r"(\d+)[.,](\d+)")
_DATE = re.compile(r"(\d{1,2})([/\-.])(\d{1,2})\2(\d{4})")
_MONTH = re.compile(r"(\d{1,2})[/\-](\d{4})")
_LEGAL = re.compile(r"\d+(?:/\d{4})?/[^\W\d_]{2,}(?:[\-–][^\W_]+)*")
_DOTTED = re.compile(r"[^\W\d_]{1,5}(?:\.[^\W\d_]{1,8})+")
_HYPHENED = re.compile(r"[^\W\d_]+(?:(?:[\-–'’][^\W\d_]+)+(?:[\-–]\d{1,4})?|[\-–]\d{1,4})")
_FIGURES = re.compile(r"(\d{1,3})(/|[\-–]| [\-–] )(\d{1,3})")
_DOTTED_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})")
_AMPERSAND = re.compile(r"[^\W_]{1,8}(?:&[^\W_]{1,8})+")
_PHONE = re.compile(r"0\d{1,3}(?:[.\-]\d{2,4}){2,3}")
_PHONE_NUMBER = re.compile(r"0\d{8,10}")
_MOST_PHONE_GROUPS = 5
_PHONE_GROUPS = ((4, 7), (3, 6), (3, 7), (4, 8), (2, 6))
"""Where people part phone numbers: 0912 345 678, 091 234 5678, 024 3826 1234."""

SIGNS = "%+#"
"""Signs after a word that make another term of it."""

_SIGNED = re.compile(r"\d+(?:\.\d+)?%|[^\W\d_]+\+\+|[^\W_]{1,12}\+|[^\W\d_]#")
_WHOLE = re.compile(r"(?!\d{4}-\d\d$)[\d\-/%.+]+|(?:.+&)?[^&](?:&.+)?")
_DAY_WORDS = frozenset({"ngày", "ngay"})
_HOUR_WORDS = frozenset({"sáng", "trưa", "chiều", "tối", "đêm", "hôm", "mùng"})
"""Words before a day, as `ngày` is: `chiều 12.7`."""

MONTH_WORDS = frozenset({"tháng", "thang"})
_YEAR_WORDS = frozenset({"năm", "nam"})
CITY_WORDS = frozenset({"tp", "tx", "tt"})
"""Short forms of words before a city's, that make one term with it."""

_PERCENT_WORDS = frozenset({"phần", "phan"})
_HUNDRED = frozenset({"trăm", "tram"})
SPANNING = _DAY_WORDS | _HOUR_WORDS | MONTH_WORDS | CITY_WORDS | _PERCENT_WORDS | ORDINAL_WORDS
"""Words (exact forms) that tell of a term that spans several words."""

LONGEST_SPAN = 10
"""Words of the longest such term."""


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


def _date_terms(year: int, month: int, day: int | None) -> list[str]:
    """Return a day and its month in ISO 8601, and the day as `30/4`; none if there is no such."""
    if not (1 <= month <= 12 and 1000 <= year <= 2999):
        return []
    year_month = f"{year:04}-{month:02}"
    if day is None:
        return [year_month]
    try:
        return [date(year, month, day).isoformat(), year_month, f"{day}/{month}"]
    except ValueError:
        return []


def spanning_terms(words: Sequence[str], positions: Sequence[int]) -> list[tuple[int, str]]:
    """Return the extra terms of several words: dates in words, `TP HCM`, `quý I`, `30 phần trăm`.

    Args:
        words: The exact forms of a text.
        positions: Indices of the words in `SPANNING`.

    Returns:
        (position of the first word, term) of each.
    """
    found: list[tuple[int, str]] = []
    for position in positions:
        start, _, terms = _span_at(words, position)
        if terms:
            found += [(start, term) for term in terms]
    return found


def leading_span(words: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """Return how many words from the first make a term together, and it; 0 if none do."""
    words = words[:LONGEST_SPAN]
    spans = [_span_at(words, place) for place, word in enumerate(words) if word in SPANNING]
    terms = [(end, tuple(terms)) for start, end, terms in spans if terms and not start]
    return max(terms, default=(0, ()))


def leading_day(words: Sequence[str]) -> tuple[int, tuple[str, ...], int] | None:
    """Return how many words from the first are a day in words, its terms, and its figure's place.

    In a query `ngày` before it may be left out: `19 tháng 12 năm 2022`.
    """
    place = int(bool(words) and words[0] in _DAY_WORDS)
    spelled = words[place : place + 6]
    if not (spelled and spelled[0].isdecimal()):
        return None
    length, terms = _spelled_date(["ngày", *spelled[:5]])
    # `3 tháng 10 ngày` is a time, no day.
    is_duration = words[place + length - 1 : place + length] in (["ngày"], ["ngay"])
    return (place + length - 1, tuple(terms), place) if terms and not is_duration else None


def leading_phone(words: Sequence[str]) -> tuple[int, str]:
    """Return how many groups of figures from the first are a phone number, and it; 0 if none."""
    for length in range(_MOST_PHONE_GROUPS, 1, -1):
        number = "".join(words[:length])
        groups = words[:length]
        is_parted = len(groups) == length and all(2 <= len(group) <= 4 for group in groups)
        if is_parted and _PHONE_NUMBER.fullmatch(number):
            return length, number
    return 0, ""


def phone_groups(number: str) -> list[str]:
    """Return the ways to write a phone number in groups of figures; none if it is no number."""
    if not _PHONE_NUMBER.fullmatch(number):
        return []
    return [
        " ".join(filter(None, (number[:first], number[first:second], number[second:])))
        for first, second in _PHONE_GROUPS
        if second < len(number) <= second + 4
    ]


def stands_alone(term: str) -> bool:
    """Tell whether only a joined term is what was typed, not its parts in a row.

    `30/4`, `3-1`, `30%`, `H&M` and `K+` are; `V-League` may be written `V League`.
    """
    return not term.isdecimal() and (
        _WHOLE.fullmatch(term) is not None or term.endswith(("+", "#"))
    )


def is_whole(term: str) -> bool:
    """Tell whether a joined term is shown as a whole: it stands alone, or is an ordinal."""
    return stands_alone(term) or is_ordinal(folded_form(term))


def may_span(term: str) -> bool:
    """Tell whether a folded term may be one that `spanning_terms` returns."""
    if term.endswith("%") or "/" in term or is_ordinal(term):
        return True
    return "-" in term or (term.startswith(tuple(CITY_WORDS)) and term not in CITY_WORDS)


def _span_at(words: Sequence[str], position: int) -> tuple[int, int, list[str]]:
    """Return the span and the terms that a word in `SPANNING` tells of; none if it does not."""
    word, following = words[position], words[position + 1 : position + 2]
    if word in ORDINAL_WORDS:
        ordinal = find_ordinal(words, position)
        return (ordinal.start, ordinal.end, [ordinal.term]) if ordinal else (position, position, [])
    if word in _PERCENT_WORDS:
        is_percent = position > 0 and following and following[0] in _HUNDRED
        term = signed_term(words[position - 1], "%") if is_percent else ""
        return position - 1, position + 2, [term] if term else []
    if word in CITY_WORDS:
        # `TP HCM`, not `TP Hồ Chí Minh`: what follows is letters, no syllable.
        is_city = following and following[0].isalpha() and len(following[0]) <= 5
        is_city = is_city and not is_bare_syllable(folded_form(following[0]))
        return position, position + 2, [word + following[0]] if is_city else []
    if not (following and following[0][:1].isdecimal()):
        return position, position, []
    length, terms = _spelled_date(words[position : position + 6])
    return position, position + length, terms


def _spelled_date(words: Sequence[str]) -> tuple[int, list[str]]:
    """Return the words and terms of a date in words: `ngày 19 tháng 12 năm 2022` or a part."""
    day, length = None, 4
    dotted = _DOTTED_DAY.fullmatch(words[1]) if words[1:] and words[0] not in MONTH_WORDS else None
    if dotted:
        return 2, _date_terms(2000, int(dotted[2]), int(dotted[1]))[2:]
    if words[0] in _DAY_WORDS:
        if len(words) < 4 or not words[1].isdecimal():
            return 0, []
        day, words, length = int(words[1][:4]), words[2:], 6
    if len(words) < 2 or words[0] not in MONTH_WORDS or not words[1].isdecimal():
        return 0, []
    month = int(words[1][:4])
    if len(words) >= 4 and words[2] in _YEAR_WORDS and words[3].isdecimal():
        return length, _date_terms(int(words[3][:5]), month, day)
    # Without a year, every day of a leap year is one.
    return 4, _date_terms(2000, month, day)[2:] if day is not None else []
