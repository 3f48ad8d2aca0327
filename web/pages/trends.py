"""Trends: how many articles of each month or year match each of several queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

MOST_MONTHS = 60
"""Months of the longest trend by month, unless a reader asks for months; then `MOST_PERIODS`."""

MOST_PERIODS = 240
"""Months or years that are shown, the latest ones."""

LEAST_TOTAL = 10
"""Articles of a period below which its shares are chance, and not drawn."""

HEIGHT = 200
"""Pixels from the axis to the highest value."""

_LABEL_HEIGHT = 13.0
"""Pixels that the number at the end of a line needs."""


@dataclass(frozen=True, slots=True)
class TrendValue:
    """The articles of one period that match a query.

    Attributes:
        documents: how many match.
        total: articles of the period.
    """

    documents: int
    total: int

    @property
    def share(self) -> float | None:
        """The share of the period's articles; None where it has none."""
        return self.documents / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class TrendSeries:
    """The values of one query, a value for each period of the trend."""

    query: str
    values: tuple[TrendValue, ...]

    @property
    def documents(self) -> int:
        """The articles of all periods that match."""
        return sum(value.documents for value in self.values)


@dataclass(frozen=True, slots=True)
class Trend:
    """Several queries over time; `periods` are months (`2022-12`) or years without a gap."""

    periods: tuple[str, ...]
    series: tuple[TrendSeries, ...]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A point of a line: percent of the width, and pixels below the highest value."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class TrendLine:
    """The drawn line of a series.

    Attributes:
        points: those of the periods with a value.
        segments: the ends of the pieces between neighbouring periods that both have one.
        label_y: pixels below the highest value where its number stands, apart from the others.
    """

    points: tuple[TrendPoint, ...]
    segments: tuple[tuple[TrendPoint, TrendPoint], ...]
    label_y: float = 0.0


def trend_of(
    totals: Mapping[str, int], counts: Sequence[tuple[str, Mapping[str, int]]], by: str = ""
) -> Trend:
    """Return the trend of queries.

    Args:
        totals: month -> articles of the archive.
        counts: for each query its text and month -> matching articles.
        by: `month` or `year`; neither is months while there are few of them.
    """
    months = _months_between(totals)
    by_year = by == "year" or (by != "month" and len(months) > MOST_MONTHS)
    if by_year:
        months = sorted({month[:4] for month in months})
    periods = tuple(months[-MOST_PERIODS:])
    length = 4 if by_year else 7
    all_totals = _sum_by_period(totals, length)
    series = []
    for query, by_month in counts:
        documents = _sum_by_period(by_month, length)
        values = (TrendValue(documents[period], all_totals[period]) for period in periods)
        series.append(TrendSeries(query, tuple(values)))
    return Trend(periods, tuple(series))


def _months_between(counts: Mapping[str, int]) -> list[str]:
    """Return every month from the first to the last one that has articles."""
    known = [month for month, documents in counts.items() if documents and len(month) == 7]
    if not known:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (min(known), max(known)))
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]


def _sum_by_period(counts: Mapping[str, int], length: int) -> Counter[str]:
    """Sum the counts of months by the first characters of their names."""
    sums: Counter[str] = Counter()
    for month, documents in counts.items():
        sums[month[:length]] += documents
    return sums


def least_total(trend: Trend) -> int:
    """Return how many articles a period needs for its share to be drawn: 1 in a small archive."""
    largest = max((value.total for series in trend.series for value in series.values), default=0)
    return LEAST_TOTAL if largest >= LEAST_TOTAL else 1


def heights(series: TrendSeries, *, is_share: bool, least: int = 1) -> tuple[float | None, ...]:
    """Return the values to draw: counts, or shares where articles are enough; None is a gap."""
    if is_share:
        return tuple(value.share if value.total >= least else None for value in series.values)
    return tuple(float(value.documents) for value in series.values)


def lines(trend: Trend, *, is_share: bool) -> tuple[float, tuple[TrendLine, ...]]:
    """Return the highest value, at least above 0, and the line of each series."""
    least = least_total(trend)
    values = [heights(series, is_share=is_share, least=least) for series in trend.series]
    highest = max((value for row in values for value in row if value), default=1.0)
    step = 100 / max(1, len(trend.periods))
    drawn = []
    for row in values:
        points = [
            None
            if value is None
            else TrendPoint(
                round((place + 0.5) * step, 3), round(HEIGHT * (1 - value / highest), 1)
            )
            for place, value in enumerate(row)
        ]
        segments = [(start, end) for start, end in pairwise(points) if start and end]
        drawn.append(TrendLine(tuple(point for point in points if point), tuple(segments)))
    return highest, _with_labels(drawn)


def _with_labels(drawn: Sequence[TrendLine]) -> tuple[TrendLine, ...]:
    """Place the number of each line at its last point, or above one that stands there."""
    places: dict[int, float] = {}
    lowest_first = sorted(
        (place for place, line in enumerate(drawn) if line.points),
        key=lambda place: -drawn[place].points[-1].y,
    )
    for place in lowest_first:
        point = drawn[place].points[-1]
        taken = [y for other, y in places.items() if drawn[other].points[-1].x == point.x]
        places[place] = min([point.y, *(y - _LABEL_HEIGHT for y in taken)])
    return tuple(
        replace(line, label_y=round(places.get(place, 0.0), 1)) for place, line in enumerate(drawn)
    )


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A row of a trend's table: a period, or neighbouring ones without any article.

    Attributes:
        first, last: the earliest and the latest period of the row.
        place: the place of a period with articles; None where there are none.
    """

    first: str
    last: str
    place: int | None


def table_rows(trend: Trend) -> list[TrendRow]:
    """Return the rows of a trend's table, the latest first."""
    rows: list[TrendRow] = []
    for place, period in reversed(list(enumerate(trend.periods))):
        if trend.series[0].values[place].total:
            rows.append(TrendRow(period, period, place))
        elif rows and rows[-1].place is None:
            rows[-1] = replace(rows[-1], first=period)
        else:
            rows.append(TrendRow(period, period, None))
    return rows
