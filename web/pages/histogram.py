"""How many of the articles are from which month or year, as bars that are links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from web.pages.date_formats import month_name
from web.pages.search_params import YEAR, Choice, SearchParams
from web.pages.urls import UrlBuilder

MOST_MONTHS = 36
"""A longer time is shown by year."""

MOST_YEARS = 150
"""Bars at most; the latest years are shown."""

HEIGHT = 72
"""Pixels of the highest bar."""

_LEAST = 3
"""Pixels of the lowest bar."""

_FILLED = 0.8
"""The share of its place that a bar fills."""

_WIDEST = 240
"""Months for which the style sheet has a width; a year takes one and a half."""

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bar:
    """One month or year.

    Attributes:
        label: what stands under it: the number of the month, or the year.
        under: the year, under the first month of each.
        name: the month or year in words.
        address: the results of that time; empty where there are none.
        left, middle, width: in percent of the chart's width.
        top, height: in pixels.
    """

    label: str
    under: str
    name: str
    documents: int
    address: str
    left: float
    middle: float
    width: float
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars without a gap in time; `unit` is `month` or `year`."""

    unit: str
    bars: tuple[Bar, ...]
    highest: Bar

    @property
    def size(self) -> str:
        """How much room it takes, as a class of the style sheet: 10, 12, 24, 36 … months.

        A year takes that of a month and a half: its label is longer.
        """
        months = len(self.bars) if self.unit == "month" else len(self.bars) * 3 // 2
        return "bars-10" if months <= 10 else f"bars-{min(-(-months // 12) * 12, _WIDEST)}"


def histogram(
    months: Iterable[tuple[str, int]], asked: SearchParams, to: UrlBuilder, language: str
) -> Histogram | None:
    """The bars of the months with their counts, by year when it is long; none for one alone."""
    counts = {month: documents for month, documents in months if _MONTH.fullmatch(month)}
    if not counts:
        return None
    names = _between(min(counts), max(counts))
    unit = "month"
    if len(names) > MOST_MONTHS:
        unit = YEAR
        counts = _by_year(counts)
        names = [f"{year:04}" for year in range(int(min(counts)), int(max(counts)) + 1)]
        names = names[-MOST_YEARS:]
    if len(names) < 2:
        return None
    highest = max(counts.values())
    # A narrower time takes the place of the one that was chosen.
    wider = tuple(each for each in asked.chosen("month", YEAR) if not each.excluded)
    there = UrlBuilder(asked.lacking(*wider)) if wider else to
    bars = tuple(
        _bar(at, names, counts.get(name, 0), highest, there.adding(Choice(unit, name)), language)
        for at, name in enumerate(names)
    )
    return Histogram(unit, bars, max(bars, key=lambda bar: bar.documents))


def _bar(
    at: int, names: list[str], documents: int, highest: int, address: str, language: str
) -> Bar:
    name, step = names[at], 100 / len(names)
    year, _, month = name.partition("-")
    height = max(_LEAST, round(HEIGHT * documents / highest)) if documents else 0
    return Bar(
        label=str(int(month)) if month else year,
        under=year if month and (month == "01" or at == 0) else "",
        name=month_name(name, language, full=True),
        documents=documents,
        address=address if documents else "",
        left=round((at + (1 - _FILLED) / 2) * step, 3),
        middle=round((at + 0.5) * step, 3),
        width=round(_FILLED * step, 3),
        top=HEIGHT - height,
        height=height,
    )


def _between(first: str, last: str) -> list[str]:
    """Every month from one to another; no more than are shown, and one."""
    (year, month), (end, until) = (map(int, each.split("-")) for each in (first, last))
    number = (end - year) * 12 + until - month + 1
    places = range(month - 1, month - 1 + min(number, MOST_MONTHS + 1))
    return [f"{year + at // 12:04}-{at % 12 + 1:02}" for at in places]


def _by_year(months: dict[str, int]) -> dict[str, int]:
    years: Counter[str] = Counter()
    for month, documents in months.items():
        years[month[:4]] += documents
    return dict(years)
