"""A histogram of the articles by month or year, whose bars are links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import median

from web.pages.search_params import YEAR, ChartScale, SearchParams, ValueFilter
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

_SHARE_STEP = 0.0001
"""The smallest share on the axis: a hundredth of a percent."""

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
        time: the same as in an address, `2022-12` or `2022`.
        share: the documents as a share of all articles of that time; 0 if those are not counted.
        url: the results of that time; beside a chosen time those of the whole range, for a chosen
            one those of any time; empty where there are none.
        is_chosen: whether the results are of that time alone, or of it among others.
        start, middle, width: in percent of the chart's width.
        top, height: in pixels.
    """

    label: str
    year_label: str
    name: str
    time: str
    documents: int
    share: float
    url: str
    is_chosen: bool
    start: float
    middle: float
    width: float
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class HistogramTick:
    """A count or share on the axis, and how many pixels below the top its line is."""

    value: float
    top: int


@dataclass(frozen=True, slots=True)
class HistogramScale:
    """The scale of the bars: heights go by counts, by their square roots, or by shares.

    Attributes:
        highest: the highest count or share, above 0.
        kind: which; never `FIT`.
    """

    highest: float
    kind: ChartScale

    @property
    def is_root(self) -> bool:
        """Whether heights go by square roots."""
        return self.kind is ChartScale.ROOT

    def height(self, value: float) -> int:
        """Return the pixels of a bar."""
        share = value / self.highest
        pixels = round(HIGHEST_BAR * (share**0.5 if self.is_root else share))
        return max(_LOWEST_BAR, pixels) if value else 0

    def ticks(self) -> tuple[HistogramTick, ...]:
        """Return the highest round number up to the highest value, and one about half as high."""
        half = self.highest / (4 if self.is_root else 2)
        unit = _SHARE_STEP if self.kind is ChartScale.SHARE else 1
        numbers = sorted({_round_number(self.highest / unit), _round_number(half / unit)} - {0})
        return tuple(
            HistogramTick(number * unit, HIGHEST_BAR - self.height(number * unit))
            for number in numbers
        )


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
    months: Iterable[tuple[str, int]],
    params: SearchParams,
    urls: UrlBuilder,
    all_months: Mapping[str, int] | None = None,
) -> Histogram | None:
    """Return the histogram of the document counts by month, or by year; None for a single bar.

    Args:
        months: the months of the results, also of those beside a month or year that is chosen.
        params: the search of the results.
        urls: builds their addresses.
        all_months: the months of all articles, for shares.
    """
    counts = {month: documents for month, documents in months if _MONTH.fullmatch(month)}
    if not counts:
        return None
    names, unit = _between(min(counts), max(counts)), "month"
    totals = all_months or {}
    if len(names) > MOST_MONTHS:
        counts, totals, unit = _by_year(counts), _by_year(totals), YEAR
        names = [f"{year:04}" for year in range(int(min(counts)), int(max(counts)) + 1)]
        names = names[-MOST_YEARS:]
    if len(names) < 2:
        return None
    shares = {
        name: counts[name] / max(totals[name], counts[name])
        for name in counts.keys() & totals.keys()
    }
    scale = _scale_of(params.chart, counts.values(), shares.values())
    links = _TimeLinks(params, urls, unit)
    bars = [
        _bar(index, names, (counts.get(name, 0), shares.get(name, 0.0)), scale, links)
        for index, name in enumerate(names)
    ]
    highest = max(bars, key=lambda bar: bar.share if shares else bar.documents)
    return Histogram(unit, tuple(bars), highest, scale)


class _TimeLinks:
    """The addresses of the months or years of a chart."""

    def __init__(self, params: SearchParams, urls: UrlBuilder, unit: str) -> None:
        filters = params.filters_on("month", YEAR)
        chosen = [value_filter for value_filter in filters if not value_filter.excluded]
        self._unit, self._chosen = unit, sorted(value_filter.value for value_filter in chosen)
        self._params = params.without_filters(*chosen)
        self._urls = UrlBuilder(self._params) if chosen else urls

    def is_chosen(self, name: str) -> bool:
        """Tell whether the results are of a month or year; a month is part of a chosen year."""
        return any(name.startswith(value) for value in self._chosen)

    def url(self, name: str) -> str:
        """Return the results of a time, or of all from a chosen one to it; a part narrows it."""
        if name in self._chosen:
            return self._urls.with_()
        if not self._chosen or self.is_chosen(name):
            return self._urls.with_filter(ValueFilter(self._unit, name))
        times = sorted((*self._chosen, name))
        return self._urls.search_url(replace(self._params, since=times[0], until=times[-1]))


def _by_year(months: Mapping[str, int]) -> Counter[str]:
    years: Counter[str] = Counter()
    for month, documents in months.items():
        years[month[:4]] += documents
    return years


def _scale_of(kind: ChartScale, counts: Iterable[int], shares: Iterable[float]) -> HistogramScale:
    present = [count for count in counts if count]
    highest = max(present, default=1)
    if kind is ChartScale.SHARE and (highest_share := max(shares, default=0.0)):
        return HistogramScale(highest_share, kind)
    if kind in (ChartScale.LINEAR, ChartScale.ROOT):
        return HistogramScale(highest, kind)
    is_uneven = highest > _UNEVEN * median(present or [1])
    return HistogramScale(highest, ChartScale.ROOT if is_uneven else ChartScale.LINEAR)


def _round_number(most: float) -> int:
    """Return the highest of 1, 2, 5, 10, 20, 50 … up to a number; 0 if there is none."""
    power = 10 ** max(0, len(str(int(most))) - 1)
    return max((step * power for step in _TICK_STEPS if step * power <= most), default=0)


def _bar(
    index: int,
    names: list[str],
    values: tuple[int, float],
    scale: HistogramScale,
    links: _TimeLinks,
) -> HistogramBar:
    name, step = names[index], 100 / len(names)
    year, _, month = name.partition("-")
    documents, share = values
    height = scale.height(share if scale.kind is ChartScale.SHARE else documents)
    return HistogramBar(
        label=str(int(month)) if month else year,
        year_label=year if month and (month == "01" or index == 0) else "",
        name=month_name(name, full=True),
        time=name,
        documents=documents,
        share=share,
        url=links.url(name) if documents else "",
        is_chosen=links.is_chosen(name),
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
