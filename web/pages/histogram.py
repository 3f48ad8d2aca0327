"""A histogram of the articles by month or year, whose bars are links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from web.pages.search_params import YEAR, SearchParams, ValueFilter
from web.pages.template_filters import month_name
from web.pages.urls import UrlBuilder

MOST_MONTHS = 36
"""Months of the longest histogram by month; a longer time is shown by year."""

MOST_YEARS = 150
"""Bars of the longest histogram by year; the latest years are shown."""

HIGHEST_BAR = 72
"""Pixels of the highest bar."""

_LOWEST_BAR = 3
"""Pixels of the lowest bar."""

_UNEVEN = 10
"""How many times the median the highest count is from which bars go by their square roots: by the
counts themselves one article would look like forty."""

_TICK_STEPS = (1, 2, 5)
"""The first figures of the numbers on the axis."""

_BAR_SHARE = 0.8
"""The share of its step that a bar fills; the rest is the gap."""

_MOST_WIDTHS = 240
"""Months for which the style sheet has a width; a year takes one and a half."""

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class HistogramBar:
    """The bar of one month or year.

    Attributes:
        label: the number of the month, or the year, below the bar.
        year_label: the year, below the first month of each.
        name: the month or year in words.
        url: the results of that time; empty where there are none.
        start, middle, width: in percent of the chart's width.
        top, height: in pixels.
    """

    label: str
    year_label: str
    name: str
    documents: int
    url: str
    start: float
    middle: float
    width: float
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class HistogramTick:
    """A number on the axis of the counts, and how many pixels below the top its line is."""

    documents: int
    top: int


@dataclass(frozen=True, slots=True)
class HistogramScale:
    """The scale of the counts: heights go by the counts, or by their square roots.

    Attributes:
        highest: the highest count, at least 1.
        is_root: whether heights go by square roots.
    """

    highest: int
    is_root: bool

    def height(self, documents: int) -> int:
        """Return the pixels of a bar."""
        share = documents / self.highest
        pixels = round(HIGHEST_BAR * (share**0.5 if self.is_root else share))
        return max(_LOWEST_BAR, pixels) if documents else 0

    def ticks(self) -> tuple[HistogramTick, ...]:
        """Return the highest round number up to the highest count, and one about half as high."""
        half = self.highest / (4 if self.is_root else 2)
        numbers = sorted({_round_number(self.highest), _round_number(half)} - {0})
        return tuple(HistogramTick(number, HIGHEST_BAR - self.height(number)) for number in numbers)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars without a gap in time; `unit` is `month` or `year`."""

    unit: str
    bars: tuple[HistogramBar, ...]
    highest: HistogramBar
    scale: HistogramScale

    @property
    def css_class(self) -> str:
        """The class of the style sheet for its width: 10, 12, 24, 36 … months.

        A year is as wide as a month and a half: its label is longer.
        """
        months = len(self.bars) if self.unit == "month" else len(self.bars) * 3 // 2
        return "bars-10" if months <= 10 else f"bars-{min(-(-months // 12) * 12, _MOST_WIDTHS)}"


def histogram(
    months: Iterable[tuple[str, int]], params: SearchParams, urls: UrlBuilder
) -> Histogram | None:
    """Return the histogram of the document counts by month, or by year; None for a single bar."""
    counts = {month: documents for month, documents in months if _MONTH.fullmatch(month)}
    if not counts:
        return None
    names = _between(min(counts), max(counts))
    unit = "month"
    if len(names) > MOST_MONTHS:
        unit = YEAR
        years: Counter[str] = Counter()
        for month, documents in counts.items():
            years[month[:4]] += documents
        counts = years
        names = [f"{year:04}" for year in range(int(min(counts)), int(max(counts)) + 1)]
        names = names[-MOST_YEARS:]
    if len(names) < 2:
        return None
    scale = _scale_of(counts.values())
    # A narrower time replaces the chosen one.
    filters = params.filters_on("month", YEAR)
    chosen = [value_filter for value_filter in filters if not value_filter.excluded]
    if chosen:
        urls = UrlBuilder(params.without_filters(*chosen))
    bars = []
    for index, name in enumerate(names):
        url = urls.with_filter(ValueFilter(unit, name))
        bars.append(_bar(index, names, counts.get(name, 0), scale, url))
    return Histogram(unit, tuple(bars), max(bars, key=lambda bar: bar.documents), scale)


def _scale_of(counts: Iterable[int]) -> HistogramScale:
    present = [count for count in counts if count]
    highest = max(present, default=1)
    return HistogramScale(highest, highest > _UNEVEN * median(present or [1]))


def _round_number(most: float) -> int:
    """Return the highest of 1, 2, 5, 10, 20, 50 … up to a number; 0 if there is none."""
    power = 10 ** max(0, len(str(int(most))) - 1)
    return max((step * power for step in _TICK_STEPS if step * power <= most), default=0)


def _bar(
    index: int, names: list[str], documents: int, scale: HistogramScale, url: str
) -> HistogramBar:
    name, step = names[index], 100 / len(names)
    year, _, month = name.partition("-")
    height = scale.height(documents)
    return HistogramBar(
        label=str(int(month)) if month else year,
        year_label=year if month and (month == "01" or index == 0) else "",
        name=month_name(name, full=True),
        documents=documents,
        url=url if documents else "",
        start=round((index + (1 - _BAR_SHARE) / 2) * step, 3),
        middle=round((index + 0.5) * step, 3),
        width=round(_BAR_SHARE * step, 3),
        top=HIGHEST_BAR - height,
        height=height,
    )


def _between(first: str, last: str) -> list[str]:
    """List every month from one to another, but no more than one beyond `MOST_MONTHS`."""
    start, end = (int(name[:4]) * 12 + int(name[5:]) - 1 for name in (first, last))
    months = range(start, min(end, start + MOST_MONTHS) + 1)
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in months]
