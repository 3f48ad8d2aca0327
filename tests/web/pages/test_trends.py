"""Trends: months and years without gaps, shares, and the lines that are drawn of them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from web.pages.trends import (
    HEIGHT,
    MOST_PERIODS,
    TrendRow,
    TrendValue,
    heights,
    least_total,
    lines,
    table_rows,
    trend_of,
)

TOTALS = {"2021-11": 4, "2022-02": 10, "2023-01": 2}


def test_a_trend_has_every_month_between_the_first_and_the_last() -> None:
    trend = trend_of(TOTALS, [("q", {"2022-02": 5})])
    assert (len(trend.periods), trend.periods[0], trend.periods[-1]) == (15, "2021-11", "2023-01")
    assert trend.series[0].values[3] == TrendValue(5, 10)
    assert trend.series[0].values[1] == TrendValue(0, 0)
    assert trend.series[0].documents == 5


@pytest.mark.parametrize(
    ("totals", "by", "periods"),
    [
        (TOTALS, "year", ("2021", "2022", "2023")),
        ({"2001-05": 1, "2010-01": 1}, "", tuple(str(year) for year in range(2001, 2011))),
        ({"2022-01": 1, "2022-02": 1}, "", ("2022-01", "2022-02")),
        ({"2022-01": 1}, "year", ("2022",)),
        ({}, "", ()),
        ({"": 7, "2022": 3}, "", ()),
    ],
)
def test_years_where_there_are_many_months(
    totals: dict[str, int], by: str, periods: tuple[str, ...]
) -> None:
    assert trend_of(totals, [("q", {})], by).periods == periods


def test_years_sum_their_months() -> None:
    trend = trend_of(TOTALS, [("q", {"2022-02": 5, "2022-03": 1})], "year")
    assert trend.series[0].values == (TrendValue(0, 4), TrendValue(6, 10), TrendValue(0, 2))


def test_the_latest_periods_of_a_long_time_are_shown() -> None:
    trend = trend_of({"0001-01": 1, "9999-12": 1}, [("q", {})], "month")
    assert (len(trend.periods), trend.periods[-1]) == (MOST_PERIODS, "9999-12")


def test_a_period_without_articles_has_no_share() -> None:
    (series,) = trend_of(TOTALS, [("q", {"2022-02": 5})]).series
    shares = heights(series, is_share=True)
    assert (shares[0], shares[1], shares[3]) == (0.0, None, 0.5)
    assert heights(series, is_share=False)[1] == 0.0


def test_lines_join_neighbours_and_leave_gaps() -> None:
    trend = trend_of({"2022-01": 2, "2022-02": 2, "2022-04": 2}, [("q", {"2022-02": 1})])
    highest, (line,) = lines(trend, is_share=True)
    assert highest == 0.5
    assert [(point.x, point.y) for point in line.points] == [
        (12.5, HEIGHT),
        (37.5, 0.0),
        (87.5, HEIGHT),
    ]
    assert [(start.x, end.x) for start, end in line.segments] == [(12.5, 37.5)]


def test_a_query_that_matches_nothing_is_a_line_on_the_axis() -> None:
    highest, (line,) = lines(trend_of({"2022-01": 2}, [("q", {})]), is_share=False)
    assert highest > 0
    assert [point.y for point in line.points] == [HEIGHT]


@pytest.mark.parametrize(
    ("totals", "points", "least"),
    [
        ({"2021-01": 2, "2021-02": 40, "2021-03": 10}, 2, 10),
        ({"2021-01": 2, "2021-02": 9, "2021-03": 1}, 3, 1),
    ],
)
def test_shares_of_a_few_articles_are_not_drawn_beside_those_of_many(
    totals: dict[str, int], points: int, least: int
) -> None:
    trend = trend_of(totals, [("a", {"2021-01": 1, "2021-02": 2, "2021-03": 1})])
    assert least_total(trend) == least
    _, (line,) = lines(trend, is_share=True)
    assert len(line.points) == points
    _, (counted,) = lines(trend, is_share=False)
    assert len(counted.points) == 3


def test_numbers_at_the_ends_of_lines_stand_apart() -> None:
    totals = {"2022-01": 20, "2022-02": 20}
    counts = [("a", {"2022-02": 9}), ("b", {}), ("c", {}), ("d", {"2022-02": 8})]
    _, drawn = lines(trend_of(totals, counts), is_share=False)
    places = sorted(line.label_y for line in drawn)
    assert all(lower - upper >= 13 for upper, lower in pairwise(places))
    assert places[-1] == HEIGHT


def test_neighbouring_times_without_articles_are_one_row() -> None:
    assert table_rows(trend_of({"2021-11": 4, "2022-02": 1, "2022-04": 2}, [("q", {})])) == [
        TrendRow("2022-04", "2022-04", 5),
        TrendRow("2022-03", "2022-03", None),
        TrendRow("2022-02", "2022-02", 3),
        TrendRow("2021-12", "2022-01", None),
        TrendRow("2021-11", "2021-11", 0),
    ]
