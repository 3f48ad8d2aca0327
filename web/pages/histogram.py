"""A histogram of the articles by month or year, whose bars are links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

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
class Histogram:
    """Bars without a gap in time; `unit` is `month` or `year`."""

    unit: str
    bars: tuple[HistogramBar, ...]
    highest: HistogramBar

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
    highest = max(counts.values())
    # A narrower time replaces the chosen one.
    filters = params.filters_on("month", YEAR)
    chosen = [value_filter for value_filter in filters if not value_filter.excluded]
    if chosen:
        urls = UrlBuilder(params.without_filters(*chosen))
    bars = []
    for index, name in enumerate(names):
        url = urls.with_filter(ValueFilter(unit, name))
        bars.append(_bar(index, names, counts.get(name, 0), highest, url))
    return Histogram(unit, tuple(bars), max(bars, key=lambda bar: bar.documents))


def _bar(index: int, names: list[str], documents: int, highest: int, url: str) -> HistogramBar:
    name, step = names[index], 100 / len(names)
    year, _, month = name.partition("-")
    height = max(_LOWEST_BAR, round(HIGHEST_BAR * documents / highest)) if documents else 0
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
