"""The calendar of the archive: its years and months, the days of a month, the articles of a day."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from babel.dates import get_day_names, get_month_names
from flask import Blueprint, abort, render_template

from indexer.engine.queries import Column, InRange, Sort
from indexer.search.search_records import ResultHit, SearchRequest
from indexer.search.service import SearchService
from indexer.vietnamese.dates import VIETNAM, in_vietnam
from web.addresses.search_params import SearchParams
from web.addresses.urls import UrlBuilder
from web.citations.citations import host_of
from web.citations.display_names import value_name
from web.http.validators import forbid_caching_if_partial
from web.languages.languages import language
from web.pages.facets import alphabetical
from web.services import current_archive, search_budget

blueprint = Blueprint("calendar", __name__)

MOST_MONTHS = 3600
"""Months that are counted: three centuries."""

MOST_ARTICLES = 300
"""Articles of one day that are listed; a search has the others."""

_MONTH = re.compile(r"[12]\d{3}-\d\d", re.ASCII)
_FIRST, _LAST = 1000, 2999
"""The years that have a page."""

_LEVELS = 4


@dataclass(frozen=True, slots=True)
class CalendarCell:
    """A month or day, its articles, and the level of its shade: 0 for none, 4 for the most."""

    day: date
    documents: int
    level: int


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """A year with its twelve months; `gap` is the years without articles before it."""

    number: int
    months: tuple[CalendarCell, ...]
    gap: tuple[int, int] | None = None

    @property
    def documents(self) -> int:
        """The articles of all months."""
        return sum(month.documents for month in self.months)


@dataclass(frozen=True, slots=True)
class DayGroup:
    """The articles of one day and publisher, in the order of their times."""

    publisher: str
    hits: tuple[ResultHit, ...]


@blueprint.get("/calendar")
def years() -> str:
    """Show all years with the articles of each month, and the years that have none."""
    counted = _count_months(current_archive().search)
    return render_template(
        "calendar.html",
        years=_years_of(counted),
        documents=sum(counted.values()),
        short_month=get_month_names("abbreviated", "stand-alone", locale=language()).get,
        article_count=current_archive().store.count_articles(),
    )


@blueprint.get("/calendar/<int(fixed_digits=4):year>-<int(fixed_digits=2):month>")
def month(year: int, month: int) -> str:
    """Show the days of a month by weeks, with the articles of each."""
    if not (_FIRST <= year <= _LAST and 1 <= month <= 12):
        abort(404)
    search = current_archive().search
    first = date(year, month, 1)
    days = [first + timedelta(number) for number in range(calendar.monthrange(year, month)[1])]
    counts = search.count([_range_of(day, day) for day in days])
    listed = _cells(days, counts)
    blank = first.weekday()
    cells = [None] * blank + listed + [None] * (-(blank + len(listed)) % 7)
    short, full = (get_day_names(width, locale=language()) for width in ("short", "wide"))
    return render_template(
        "calendar_month.html",
        first=first,
        weeks=[cells[start : start + 7] for start in range(0, len(cells), 7)],
        weekdays=[(short[number], full[number]) for number in range(7)],
        documents=sum(counts),
        previous=_neighbour(search, first, Sort.NEWEST),
        following=_neighbour(search, days[-1], Sort.OLDEST),
    )


@blueprint.get(
    "/calendar/<int(fixed_digits=4):year>-<int(fixed_digits=2):month>-<int(fixed_digits=2):number>"
)
def day(year: int, month: int, number: int) -> str:
    """List the articles of a day by publisher, and lead to the days next to it that have some."""
    if not _FIRST <= year <= _LAST:
        abort(404)
    try:
        shown = date(year, month, number)
    except ValueError:
        abort(404)
    search = current_archive().search
    request = SearchRequest(
        "",
        size=MOST_ARTICLES,
        sort=Sort.OLDEST,
        filters=(_range_of(shown, shown),),
        budget=search_budget(),
        grouped=False,
    )
    page = forbid_caching_if_partial(search.search(request))
    return render_template(
        "calendar_day.html",
        day=datetime(year, month, number, tzinfo=VIETNAM),
        groups=_by_publisher(page.hits),
        documents=page.total,
        is_cut=page.total > len(page.hits),
        search_url=_search_url(shown),
        previous=_neighbour(search, shown, Sort.NEWEST),
        following=_neighbour(search, shown, Sort.OLDEST),
    )


def _count_months(search: SearchService) -> dict[str, int]:
    """Return the articles of every month that has some."""
    counts = search.count_values(Column.MONTH, MOST_MONTHS)
    return {name: count for name, count in counts.items() if _MONTH.fullmatch(name)}


def _years_of(counts: dict[str, int]) -> list[CalendarYear]:
    """Return the years that have articles, the newest first, with the gaps between them."""
    numbers = sorted({int(name[:4]) for name in counts})
    firsts = [date(number, month, 1) for number in numbers for month in range(1, 13)]
    cells = _cells(firsts, [counts.get(f"{first:%Y-%m}", 0) for first in firsts])
    listed = []
    for index, number in enumerate(numbers):
        following = numbers[index - 1] + 1 if index else number
        gap = (following, number - 1) if following < number else None
        listed.append(CalendarYear(number, tuple(cells[index * 12 : index * 12 + 12]), gap))
    return listed[::-1]


def _cells(days: Sequence[date], counts: Sequence[int]) -> list[CalendarCell]:
    """Return months or days with the levels of their shades, by square roots of the counts."""
    highest = max(counts, default=0) or 1
    levels = [math.ceil(_LEVELS * math.sqrt(count / highest)) for count in counts]
    return [CalendarCell(*cell) for cell in zip(days, counts, levels, strict=True)]


def _range_of(first: date, last: date) -> InRange:
    """Return the condition of days, from the first to the last, by Vietnam's clock."""
    low, high = _start_of(first), _start_of(last + timedelta(1))
    return InRange(Column.PUBLISHED, low, high)


def _start_of(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=VIETNAM).timestamp())


def _search_url(day: date) -> str:
    """Return the search of all articles of a day."""
    typed = day.isoformat()
    return UrlBuilder(SearchParams(since=typed, until=typed)).with_()


def _neighbour(search: SearchService, day: date, order: Sort) -> date | None:
    """Return the nearest day with articles before a day (newest) or after it (oldest)."""
    if order is Sort.NEWEST:
        bounds = InRange(Column.PUBLISHED, None, _start_of(day))
    else:
        bounds = InRange(Column.PUBLISHED, _start_of(day + timedelta(1)), None)
    hits = search.search(
        SearchRequest("", size=1, sort=order, filters=(bounds,), grouped=False)
    ).hits
    published = hits[0].published if hits else None
    return in_vietnam(published).date() if published else None


def _by_publisher(hits: Sequence[ResultHit]) -> list[DayGroup]:
    """Return articles by publisher, or host, in Vietnamese order; those without come last."""

    def source(hit: ResultHit) -> str:
        return hit.publisher or host_of(hit.url)

    ordered = sorted(hits, key=source)
    groups = {publisher: tuple(group) for publisher, group in groupby(ordered, key=source)}
    names = alphabetical(
        ((name, len(group)) for name, group in groups.items() if name), "publisher"
    )
    listed = [DayGroup(value_name("publisher", name), groups[name]) for name, _ in names]
    return listed + ([DayGroup("", groups[""])] if "" in groups else [])
