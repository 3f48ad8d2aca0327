"""The value of a date field in a query: where it ends, and the ranges that it covers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.search.query.date_ranges import parse_date_range

QUOTES = '"“”„«»'

_MOST_WORDS = 10
"""Words of the longest date without quotation marks (`từ ngày 1 tháng 3 đến ngày 5 tháng 4`)."""

_QUOTED = re.compile(rf"[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]")
_GROUP = re.compile(r"\(([^()]*)\)")
_OR = re.compile(r" (?:OR|HOẶC|\|\|?) ")
_BRACKETED = re.compile(r"[\[{][^\]}()]*[\]}]")
_WORDS = re.compile(rf"[^\s(){QUOTES}]+(?: [^\s(){QUOTES}]+){{0,{_MOST_WORDS - 1}}}")
_UNREADABLE = re.compile(rf"[<>=≥≤]+ ?[^\s(){QUOTES}]+|[^\s()]+(?: ?\.\. ?[^\s()]+)?")

Bounds = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class DateValue:
    """The value of a date field.

    Attributes:
        start, end: its span.
        ranges: the seconds [low, high) of which any will do; none: it cannot be read.
    """

    start: int
    end: int
    ranges: tuple[Bounds, ...] = ()


def find_date_value(text: str, start: int, bound: str = "") -> DateValue | None:
    """Return the value of a date field that begins here; None where there is nothing.

    Args:
        text: a query.
        start: where the value begins.
        bound: the word that the name of the field stands for, before each date (`from`, `until`).
    """
    if match := _QUOTED.match(text, start):
        return _value(match, [match[1]], bound)
    if match := _GROUP.match(text, start):
        return _value(match, [part.strip(f" {QUOTES}") for part in _OR.split(match[1])], bound)
    bracketed = _BRACKETED.match(text, start)
    if bracketed:
        return _value(bracketed, [bracketed[0]], bound)
    if match := _WORDS.match(text, start):
        for candidate in _prefixes(match[0]):
            bounds = _read(candidate, bound)
            if bounds:
                return DateValue(start, start + len(candidate), (bounds,))
    unreadable = _UNREADABLE.match(text, start)
    return DateValue(start, unreadable.end()) if unreadable else None


def _value(match: re.Match[str], texts: list[str], bound: str) -> DateValue:
    ranges = [_read(text, bound) for text in texts]
    readable = tuple(bounds for bounds in ranges if bounds)
    return DateValue(*match.span(), readable if len(readable) == len(ranges) else ())


def _read(text: str, bound: str) -> Bounds | None:
    return parse_date_range(f"{bound} {text}" if bound else text)


def _prefixes(words: str) -> Iterator[str]:
    """Yield the beginnings of a run of words, the longest first."""
    while words:
        yield words
        plain = words.rstrip(",;!?") if not words.endswith("..") else words
        plain = plain.removesuffix(".") if not plain.endswith("..") else plain
        if plain != words and plain:
            yield plain
        words = words.rpartition(" ")[0]
