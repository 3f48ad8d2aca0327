"""Amounts with a sign or a short unit: `$50`, `50€`, `50k`, `3tỷ`, `50.000đ`, `60km/h`.

The index has no signs of currencies, so that `$50` would be any 50: it is read as what the archive
writes of it, `50 USD` or `50 đô`. Short units are words of the index, and their long forms are
other spellings of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.engine.queries import Phrase, Query
from indexer.search.query.interpreted_query import ExactForms
from indexer.search.query.syntax import WordNode
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.multi_word_terms import number_term
from indexer.vietnamese.syllables import exact_form, folded_form

_CURRENCIES: Final = {
    "$": ("usd", "đô", "dollar"),
    "€": ("euro", "eur"),
    "£": ("bảng",),
    "¥": ("yên",),
    "₫": ("đồng",),
}
"""Signs of currencies, and their words as they stand behind figures."""

_MAGNITUDES: Final = {
    **{"nghìn": "nghìn", "nghin": "nghìn", "ngàn": "ngàn", "ngan": "ngàn", "triệu": "triệu"},
    **{"trieu": "triệu", "tỷ": "tỷ", "tỉ": "tỉ", "ty": "tỷ", "ti": "tỉ"},
    **{"million": "million", "billion": "billion"},
}
"""What stands between a figure and its currency, by how it is typed."""

_SIGN = f"[{''.join(map(re.escape, _CURRENCIES))}]"
_SIGNED: Final = re.compile(rf"(?:us)?(?P<sign>{_SIGN})\d[\d.,]*|\d[\d.,]*(?P<last>{_SIGN})", re.I)

_SHORT: Final = {
    **{"k": ("nghìn", "ngàn"), "tr": ("triệu",), "đ": ("đồng",), "vnđ": ("đồng",)},
    **{"vnd": ("đồng",), "nghìn": ("nghìn", "ngàn"), "ngàn": ("ngàn", "nghìn")},
    **{"triệu": ("triệu",), "trieu": ("triệu",), "tỷ": ("tỷ", "tỉ"), "tỉ": ("tỷ", "tỉ")},
    "ty": ("tỷ", "tỉ"),
}
"""Units as they are glued to figures, and what they stand for."""

_GLUED: Final = re.compile(rf"(\d+(?:[.,]\d+)*)({'|'.join(_SHORT)})", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"n[º°](\d+)", re.IGNORECASE)
_FIGURE: Final = re.compile(r"\d+(?:\.\d+)?")
_HOURS: Final = ("h", "giờ")
_UNIT_AN_HOUR: Final = re.compile(r"km ?/ ?(?:h|giờ|gio)")
_SPEED: Final = re.compile(r"(\d+(?:[.,]\d+)?) ?km ?/ ?(?:h|giờ|gio)")


def read_amounts(words: Sequence[WordNode], statistics: TermStatistics) -> list[WordNode]:
    """Return the words with signs of currencies as words where the archive has them behind figures.

    Args:
        words: the words of a query.
        statistics: count the articles.
    """
    read: list[WordNode] = []
    place = 0
    while place < len(words):
        word = words[place]
        match = _SIGNED.fullmatch(word.text) if word.is_plain else None
        if read and _is_speed(read[-1], word):
            read[-1] = _joined(read[-1], word)
            place += 1
            continue
        if match is None or not word.tokens:
            read.append(word)
            place += 1
            continue
        behind = words[place + 1 : place + 2]
        magnitudes = [each for each in behind if each.text.lower() in _MAGNITUDES]
        currencies = _CURRENCIES[match["sign"] or match["last"]]
        read += _written(word, magnitudes, currencies, statistics)
        place += 1 + len(magnitudes)
    return read


def _is_speed(figure: WordNode, unit: WordNode) -> bool:
    """Tell whether two words are a figure and its unit an hour: `60 km/h`."""
    is_figure = len(figure.tokens) == 1 and _FIGURE.fullmatch(figure.tokens[0].exact) is not None
    is_unit = unit.is_plain and _UNIT_AN_HOUR.fullmatch(exact_form(unit.text)) is not None
    return is_figure and is_unit and figure.is_plain and unit.start - figure.end == 1


def _joined(figure: WordNode, unit: WordNode) -> WordNode:
    text = f"{figure.tokens[0].exact} {unit.text}"
    return replace(figure, text=text, end=unit.end, tokens=(*figure.tokens, *unit.tokens))


def _written(
    word: WordNode,
    magnitudes: Sequence[WordNode],
    currencies: Sequence[str],
    statistics: TermStatistics,
) -> list[WordNode]:
    """Return a figure, its magnitude and the word of its currency, as the archive has them."""
    figure = replace(word.tokens[-1], extras=())
    row = [figure.exact, *(_MAGNITUDES[each.text.lower()] for each in magnitudes)]
    queries: list[Query] = [Phrase(Field.EXACT, (*row, name), 0.0) for name in currencies]
    counts = statistics.count(queries)
    if not any(counts):
        return [word, *magnitudes]
    name = currencies[counts.index(max(counts))]
    # One blank is between neighbours, whatever was typed there.
    middle, end = word.start, (magnitudes[-1] if magnitudes else word).end
    amount = replace(word, text=figure.exact, end=middle, tokens=(figure,))
    nodes = [amount]
    if magnitudes:
        middle = magnitudes[0].end - 1
        nodes.append(replace(magnitudes[0], start=amount.end + 1, end=middle))
    token = Token(word.start, word.end, name, folded_form(name))
    return [*nodes, replace(word, text=name, start=middle + 1, end=end, tokens=(token,))]


def amount_spellings(text: str) -> Iterator[ExactForms]:
    """Yield the other spellings of a figure and its unit: `50k`, `50.000đ`, `nº5`."""
    if numbered := _NUMBERED.fullmatch(text):
        yield "số", numbered[1]
    if speed := _SPEED.fullmatch(exact_form(text)):
        figure = number_term(speed[1]) or speed[1]
        yield from ((figure, "km", hour) for hour in _HOURS)
        yield from ((f"{figure}km", hour) for hour in _HOURS)
    match = _GLUED.fullmatch(exact_form(text))
    if not match:
        return
    figure, unit = match[1], match[2]
    plain = number_term(figure) or figure
    yield from ((plain, name) for name in _SHORT[unit])
    if unit == "k" and plain.isdecimal():
        yield f"{plain}000", "đồng"


def shown_amount(words: ExactForms) -> str:
    """Return the words of an amount as they are written: `50.000 đồng`, `60 km/giờ`."""
    figure, *rest = words
    if not figure[0].isdecimal():
        return " ".join(words)
    shown = f"{int(figure):,}".replace(",", ".") if figure.isdecimal() else figure
    unit = "/".join(rest) if rest[-1] in _HOURS else " ".join(rest)
    return f"{shown}/{unit}" if not shown[-1].isdecimal() else f"{shown} {unit}"
