"""A histogram of the articles by month, quarter or year, whose bars are links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import median

from web.addresses.search_params import YEAR, ChartScale, SearchParams, ValueFilter
from web.addresses.urls import UrlBuilder
from web.pages.time_periods import QUARTER, TimePeriod, period_name, periods_of

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

_LABEL_HEIGHT = 14
"""Pixels that a label of the axis needs."""

_BAR_SHARE = 0.8
"""The share of its step that a bar fills; the rest is the gap."""

_WIDEST_BAR = 8.0
"""Percent of the chart that a bar is wide at most: two times are no two slabs."""

_MOST_WIDTHS = 240
"""Months for which the style sheet has a width; a year takes one and a half."""

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class HistogramBar:
    """The bar of one month, quarter or year.

    Attributes:
        label: the number of the month or quarter, or the year, below the bar.
        year_label: the year, below the first bar of each.
        name: the month, quarter or year in words.
        time, end: its first and last month, or the year, as in an address.
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
    end: str
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
        """Return the highest round number up to the highest value, and one about half as high.

        Where their labels would touch there is the highest alone.
        """
        half = self.highest / (4 if self.is_root else 2)
        unit = _SHARE_STEP if self.kind is ChartScale.SHARE else 1
        numbers = sorted({_round_number(self.highest / unit), _round_number(half / unit)} - {0})
        ticks = [
            HistogramTick(number * unit, HIGHEST_BAR - self.height(number * unit))
            for number in numbers
        ]
        is_narrow = ticks and ticks[0].top - ticks[-1].top < _LABEL_HEIGHT
        return tuple(ticks[-1:] if is_narrow else ticks)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars without a gap in time; `unit` is `month`, `quarter` or `year`."""

    unit: str
    bars: tuple[HistogramBar, ...]
    highest: HistogramBar
    scale: HistogramScale

    @property
    def css_class(self) -> str:
        """The class of the style sheet for its width: 10, 12, 24, 36 … months.

        A year is as wide as a month and a half: its label is longer.
        """
        months = len(self.bars) * 3 // 2 if self.unit == YEAR else len(self.bars)
        return "bars-10" if months <= 10 else f"bars-{min(-(-months // 12) * 12, _MOST_WIDTHS)}"


def histogram(
    months: Iterable[tuple[str, int]],
    params: SearchParams,
    urls: UrlBuilder,
    all_months: Mapping[str, int] | None = None,
) -> Histogram | None:
    """Return the histogram of document counts, as few bars as are seen at once; None for one bar.

    Args:
        months: the months of the results, also of those beside a month or year that is chosen.
        params: the search of the results.
        urls: builds their addresses.
        all_months: the months of all articles, for shares.
    """
    counts = {month: documents for month, documents in months if _MONTH.fullmatch(month)}
    if not counts:
        return None
    unit, periods = periods_of(counts)
    if len(periods) < 2:
        return None
    counts, totals = _by_period(counts, unit), _by_period(all_months or {}, unit)
    shares = {
        name: counts[name] / max(totals[name], counts[name])
        for name in counts.keys() & totals.keys()
    }
    scale = _scale_of(params.chart, counts.values(), shares.values())
    links = _TimeLinks(params, urls, unit)
    bars = [
        _bar(
            (index, len(periods)),
            period,
            (counts[period.name], shares.get(period.name, 0.0)),
            scale,
            links,
        )
        for index, period in enumerate(periods)
    ]
    highest = max(bars, key=lambda bar: bar.share if shares else bar.documents)
    return Histogram(unit, tuple(bars), highest, scale)


class _TimeLinks:
    """The addresses of the periods of a chart."""

    def __init__(self, params: SearchParams, urls: UrlBuilder, unit: str) -> None:
        filters = params.filters_on("month", YEAR)
        chosen = [value_filter for value_filter in filters if not value_filter.excluded]
        self._unit, self._chosen = unit, sorted(value_filter.value for value_filter in chosen)
        self._params = params.without_filters(*chosen)
        self._urls = UrlBuilder(self._params) if chosen else urls

    def is_chosen(self, period: TimePeriod) -> bool:
        """Tell whether the results are of a period; one is part of a chosen year or quarter."""
        return any(
            period.name.startswith(value) or period.first <= value <= period.last
            for value in self._chosen
        )

    def url(self, period: TimePeriod) -> str:
        """Return the results of a time, or of all from a chosen one to it; a part narrows it."""
        if period.name in self._chosen:
            return self._urls.with_()
        if self._chosen and not self.is_chosen(period):
            times = sorted((*self._chosen, period.first, period.last))
            return self._range_url(times[0], times[-1])
        if self._unit == QUARTER:
            return self._range_url(period.first, period.last)
        return self._urls.with_filter(ValueFilter(self._unit, period.name))

    def _range_url(self, first: str, last: str) -> str:
        return self._urls.search_url(replace(self._params, since=first, until=last))


def _by_period(months: Mapping[str, int], unit: str) -> Counter[str]:
    sums: Counter[str] = Counter()
    for month, documents in months.items():
        if _MONTH.fullmatch(month):
            sums[period_name(month, unit)] += documents
    return sums


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
    place: tuple[int, int],
    period: TimePeriod,
    values: tuple[int, float],
    scale: HistogramScale,
    links: _TimeLinks,
) -> HistogramBar:
    index, count = place
    step = 100 / count
    width = min(_BAR_SHARE * step, _WIDEST_BAR)
    documents, share = values
    height = scale.height(share if scale.kind is ChartScale.SHARE else documents)
    return HistogramBar(
        label=period.label,
        year_label=period.year_label
        or (period.name[:4] if not index and "-" in period.name else ""),
        name=period.long_name,
        time=period.first,
        end=period.last,
        documents=documents,
        share=share,
        url=links.url(period) if documents else "",
        is_chosen=links.is_chosen(period),
        start=round((index + 0.5) * step - width / 2, 3),
        middle=round((index + 0.5) * step, 3),
        width=round(width, 3),
        top=HIGHEST_BAR - height,
        height=height,
    )
