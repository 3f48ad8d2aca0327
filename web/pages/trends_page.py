"""The page of trends: several queries over time, as a chart, a table, CSV and SVG."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from indexer.engine.queries import Column, MatchAll
from web.addresses.endpoint_descriptions import Content, EndpointDescription, describes
from web.addresses.parameters import choice_parameter
from web.addresses.search_params import QUERY, ChartScale, SearchParams, ValueFilter
from web.addresses.urls import UrlBuilder
from web.export.formats import escape_cells
from web.http.validators import forbid_caching_if_partial
from web.languages.languages import chosen_language
from web.pages.histogram import HistogramScale
from web.pages.template_filters import grouped, month_name, round_percent
from web.pages.trends import HEIGHT, Trend, TrendSeries, least_total, lines, table_rows, trend_of
from web.services import current_archive

blueprint = Blueprint("trends", __name__)

MOST_QUERIES = 5
"""Queries of one trend: a line for each, by colour, dash and number."""

_MOST_FIELDS = 50
"""Queries of an address that are looked at, blank ones among them."""

_MONTHS = 1200
"""Months that are counted: a century."""

_LABELS = 6
"""Periods that are named below the chart, at most about."""


QUERIES = replace(QUERY, description="A query.", repeatable=True, most_values=MOST_QUERIES)
BY = choice_parameter("by", "The periods; what is fit without it", ("month", "year"))
MEASURE = choice_parameter("measure", "Shares of all articles, or their counts", ("share", "count"))


_TABLE_EXAMPLE = "period,query,articles,of,share\r\n2022-03,hội chợ,11,240,0.045833\r\n"


@dataclass(frozen=True, slots=True)
class TrendParams:
    """The parameters of an address of trends.

    Attributes:
        queries: as typed, without blank and repeated ones.
        by: `month`, `year`, or empty: as is fit.
        is_share: shares of all articles are drawn, not their counts.
    """

    queries: tuple[str, ...]
    by: str
    is_share: bool

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> TrendParams:
        """Read an address; what cannot be read is the default."""
        typed = (QUERY.parse(text).strip() for text in args.getlist(QUERIES.name)[:_MOST_FIELDS])
        return cls(
            tuple(dict.fromkeys(filter(None, typed)))[:MOST_QUERIES],
            BY.read(args),
            MEASURE.read(args) != "count",
        )

    def address(self, endpoint: str) -> str:
        """Return the address of the same trend at an endpoint."""
        return url_for(
            endpoint,
            q=list(self.queries),
            by=self.by or None,
            measure=None if self.is_share else "count",
            lang=chosen_language() or None,
        )


@blueprint.get("/trends")
def page() -> str:
    """Show the trend of the queries, and the form to change it."""
    params = TrendParams.from_args(request.args)
    trend = _count(params)
    return render_template("trends.html", **_context(params, trend))


@blueprint.get("/trends.svg")
@describes(
    EndpointDescription(
        "trends_drawing",
        "Several queries over time as a drawing",
        (Content("image/svg+xml"),),
        (QUERIES, BY, MEASURE),
        group="trends",
    )
)
def drawing() -> Response:
    """Send the chart as a file of its own."""
    params = TrendParams.from_args(request.args)
    drawn = render_template("trends.svg", **_context(params, _count(params)))
    headers = {"Content-Disposition": "attachment; filename=trends.svg"}
    return Response(drawn, content_type="image/svg+xml", headers=headers)


@blueprint.get("/trends.csv")
@describes(
    EndpointDescription(
        "trends_table",
        "Several queries over time: articles and shares of every month or year",
        (Content("text/csv", _TABLE_EXAMPLE),),
        (QUERIES, BY, MEASURE),
        group="trends",
    )
)
def table() -> Response:
    """Send the counts and shares of every period."""
    params = TrendParams.from_args(request.args)
    trend = _count(params)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["period", "query", "articles", "of", "share"])
    for series in trend.series:
        for period, value in zip(trend.periods, series.values, strict=True):
            share = "" if value.share is None else f"{value.share:.6f}"
            writer.writerow(
                [period, escape_cells(series.query), value.documents, value.total, share]
            )
    headers = {"Content-Disposition": "attachment; filename=trends.csv"}
    return Response(
        "\ufeff" + file.getvalue(), content_type="text/csv; charset=utf-8", headers=headers
    )


def _count(params: TrendParams) -> Trend:
    """Count the months of each query; one budget is shared by all of them."""
    if not params.queries:
        return Trend((), ())
    share = 1 / (len(params.queries) + 1)
    totals = _count_months("", share)
    counts = [(text, _count_months(text, share)) for text in params.queries]
    return trend_of(totals, counts, params.by)


def _count_months(text: str, budget_share: float) -> dict[str, int]:
    """Count the articles of each month that match a query; a blank one matches all."""
    asked = SearchParams(text=text, size=1).to_request((Column.MONTH,), _MONTHS)
    asked = replace(
        asked,
        filters=() if text else (MatchAll(),),
        budget=asked.budget * budget_share if asked.budget else asked.budget,
    )
    page = forbid_caching_if_partial(current_archive().search.search(asked))
    return {month: count for month, count in page.facets.get(Column.MONTH, {}).items() if month}


def _context(params: TrendParams, trend: Trend) -> dict[str, Any]:
    """Return the variables of the page and of the drawing."""
    highest, drawn = lines(trend, is_share=params.is_share)
    every = max(1, -(-len(trend.periods) // _LABELS))
    return {
        "trend_params": params,
        "trend": trend,
        "rows": table_rows(trend) if trend.series else [],
        "period_name": _name,
        "lines": drawn,
        "title": _title(params),
        "ticks": _ticks(highest, is_share=params.is_share),
        "least": least_total(trend) if params.is_share else 1,
        "height": HEIGHT,
        "labels": [
            (round((place + 0.5) * 100 / len(trend.periods), 3), _name(period))
            for place, period in enumerate(trend.periods)
            if place % every == 0
        ],
        "links": [_links(series, trend.periods) for series in trend.series],
        "blank_fields": min(1, MOST_QUERIES - len(params.queries)) + (0 if params.queries else 1),
    }


def _ticks(highest: float, *, is_share: bool) -> list[tuple[float, str]]:
    """Return the round values of the axis: pixels below the highest value, and the number."""
    scale = HistogramScale(highest, ChartScale.SHARE if is_share else ChartScale.LINEAR)
    step = min((tick.value for tick in scale.ticks()), default=highest)
    values = [step * number for number in range(1, int(highest / step) + 1)]
    return [
        (
            round(HEIGHT * (1 - value / highest), 1),
            round_percent(value) if is_share else grouped(round(value)),
        )
        for value in values
    ]


def _title(params: TrendParams) -> str:
    queries = ", ".join(f"“{text}”" for text in params.queries)
    over_time: str = gettext("Over time")
    return f"{over_time}: {queries}" if queries else over_time


def _name(period: str) -> str:
    return month_name(period) if len(period) > 4 else period


def _links(series: TrendSeries, periods: tuple[str, ...]) -> list[str]:
    """Return for each period the address of its articles."""
    urls = UrlBuilder(SearchParams(text=series.query))
    column = "month" if periods and len(periods[0]) > 4 else "year"
    return [urls.with_filter(ValueFilter(column, period)) for period in periods]
