"""The parameters of a search in an address, read kindly: nothing in them is an error.

Filters are parameters named after a column: `publisher=VnExpress` keeps the articles that have
the value, `not.publisher=VnExpress` leaves them out; either may be repeated. An article has one
publisher, category and month, so several of those mean any of them; several authors or persons
mean all of them. `year=2022` is every month of the year; `from` and `to` are dates as people
write them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from archive.document_account import ReadingState
from indexer.engine.queries import AndNot, Column, HasValue, InRange, MatchAll, Query, Sort
from indexer.search.present.sentences import with_message
from indexer.search.query.date_ranges import parse_date_range
from indexer.search.query.query_text import LONGEST_QUERY, without_controls
from indexer.search.query_notices import DateNotice, IgnoredNotice, Notice
from indexer.search.search_records import MatchMode, SearchRequest
from web.addresses.parameters import Parameter, flag_parameter, number_parameter, text_parameter
from web.services import search_budget

PAGE_SIZE = 10
LARGEST_SIZE = 100
"""Hits on one page of the JSON interface."""

MOST_FILTERS = 20
"""Filters of one address that are read; the others are ignored."""

LONGEST_VALUE = 200
"""Characters of a filter's value or a date that are read."""

YEAR = "year"
"""The name of the filter for every month of a year."""

FACET_COLUMNS = (Column.PUBLISHER, Column.CATEGORY, Column.AUTHOR, Column.PERSON, Column.STATE)
"""The columns with lists of values, in the order of the page."""

FILTER_NAMES = (YEAR, Column.MONTH.value, *(column.value for column in FACET_COLUMNS))

_MULTIVALUED = (Column.AUTHOR, Column.PERSON)
"""Columns of which one article may have several values."""

CHOICE_COLUMNS = tuple(column for column in FACET_COLUMNS if column not in _MULTIVALUED)
"""Columns of which an article has one value: several that are chosen stand for any of them, so
the others can still be chosen."""

_LAST_PAGE = 1_000_000

FILTER_SHAPES = {
    YEAR: re.compile(r"\d{4}", re.ASCII),
    Column.MONTH: re.compile(r"\d{4}-(?:0[1-9]|1[0-2])", re.ASCII),
    Column.STATE: re.compile("|".join(state.value for state in ReadingState if state.value)),
}


def _parse_query(text: str) -> str:
    # Decomposed diacritics take up to three characters a letter.
    return without_controls(text[: LONGEST_QUERY * 4 + 1])


def _parse_date(text: str) -> str:
    return text.strip()[:LONGEST_VALUE]


def _parse_sort(text: str) -> Sort:
    return Sort(text) if text in set(Sort) else Sort.RELEVANCE


def _parse_match(text: str) -> MatchMode:
    return MatchMode(text) if text in set(MatchMode) else MatchMode.AUTO


QUERY = text_parameter(
    "q", "The query, as typed: nothing in it is an error.", _parse_query, example="cong an nhan dan"
)
EXACT = flag_parameter("exact", "1: every diacritic that was typed has to match.")
AS_TYPED = flag_parameter("raw", "1: the query is searched as typed, without interpretation.")
MATCH = Parameter(
    "match",
    f"Which articles: {', '.join(MatchMode)}. full ones hold all that was meant, partial ones"
    " enough of the words; auto lists both by relevance, full ones in any other order.",
    _parse_match,
    {"type": "string", "enum": [mode.value for mode in MatchMode]},
    allowed=set(MatchMode).__contains__,
)


def _is_date(text: str) -> bool:
    return parse_date_range(_parse_date(text)) is not None


SINCE = text_parameter(
    "from",
    "Published on this day or later: a date, month, year or word for one.",
    _parse_date,
    allowed=_is_date,
    example="2022-12",
)
UNTIL = text_parameter(
    "to", "Published on this day or earlier.", _parse_date, allowed=_is_date, example="19/12/2022"
)
PAGE = number_parameter("page", "The number of the page, from 1.", 1, _LAST_PAGE)
SIZE = number_parameter("n", "Results a page.", PAGE_SIZE, LARGEST_SIZE)
SORT = Parameter(
    "sort",
    f"The order: {', '.join(Sort)}.",
    _parse_sort,
    {"type": "string", "enum": [order.value for order in Sort]},
    allowed=set(Sort).__contains__,
)


_FILTERS = tuple(
    text_parameter(
        f"{prefix}{name}",
        f"Only articles {word} this {name}.",
        repeatable=True,
        most_values=MOST_FILTERS,
        allowed=FILTER_SHAPES[name].fullmatch if name in FILTER_SHAPES else bool,
    )
    for name in FILTER_NAMES
    for prefix, word in (("", "with"), ("not.", "without"))
)
SEARCH_PARAMETERS: tuple[Parameter[Any], ...] = (
    QUERY,
    EXACT,
    AS_TYPED,
    MATCH,
    SINCE,
    UNTIL,
    *_FILTERS,
)
"""The parameters of everything that searches."""


class ChartScale(StrEnum):
    """The scales of the chart by month or year; the first is linear or root, as is fit."""

    FIT = "fit"
    LINEAR = "linear"
    ROOT = "root"
    SHARE = "share"
    """Shares of all articles of each month or year."""


CHART = Parameter(
    "chart",
    f"The scale of the chart: {', '.join(ChartScale)}.",
    lambda text: ChartScale(text) if text in set(ChartScale) else ChartScale.FIT,
    {"type": "string", "enum": [scale.value for scale in ChartScale]},
    allowed=set(ChartScale).__contains__,
)


VIEW_PARAMETERS: tuple[Parameter[Any], ...] = (PAGE, SIZE, SORT, CHART)
"""The parameters of the page of results alone: files and feeds of a search take them, too."""


@dataclass(frozen=True, slots=True)
class ValueFilter:
    """A value that articles must have, or must not; `name` is a column or `year`."""

    name: str
    value: str
    excluded: bool = False

    @property
    def param(self) -> tuple[str, str]:
        """Name and value for an address."""
        return f"not.{self.name}" if self.excluded else self.name, self.value


@dataclass(frozen=True, slots=True)
class SearchParams:
    """The search in an address.

    Attributes:
        text: the query as typed, cut a little after the longest query that is read.
        size: hits a page.
        exact: every typed diacritic has to match.
        as_typed: the query is searched without interpretation.
        match: which articles are listed.
        since, until: the dates between which articles were published, as typed.
        filters: the filters by value.
        chart: the scale of the chart.
        passed_over: names and values, `name=value`, that mean nothing.
    """

    text: str = ""
    page: int = 1
    size: int = PAGE_SIZE
    sort: Sort = Sort.RELEVANCE
    exact: bool = False
    as_typed: bool = False
    match: MatchMode = MatchMode.AUTO
    since: str = ""
    until: str = ""
    filters: tuple[ValueFilter, ...] = ()
    chart: ChartScale = ChartScale.FIT
    passed_over: tuple[str, ...] = ()

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> SearchParams:
        """Read the parameters of an address."""
        return cls(
            text=QUERY.read(args),
            page=PAGE.read(args),
            size=SIZE.read(args),
            sort=SORT.read(args),
            exact=EXACT.read(args),
            as_typed=AS_TYPED.read(args),
            match=MATCH.read(args),
            since=SINCE.read(args),
            until=UNTIL.read(args),
            filters=_read_filters(args),
            chart=CHART.read(args),
            passed_over=_passed_over(args),
        )

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Names and values for an address; those with the default are left out."""
        pairs = [
            QUERY.write(self.text),
            EXACT.write(self.exact),
            AS_TYPED.write(self.as_typed),
            MATCH.write(self.match),
            SORT.write(self.sort),
            SINCE.write(self.since),
            UNTIL.write(self.until),
            *(value_filter.param for value_filter in self.filters),
            CHART.write(self.chart),
            SIZE.write(self.size),
            PAGE.write(self.page),
        ]
        return [(name, value) for name, value in pairs if value]

    @property
    def query_string(self) -> str:
        """The parameters, quoted for an address."""
        return urlencode(self.pairs)

    @property
    def exported(self) -> SearchParams:
        """The search as files and feeds have it: whole, without what cannot be read."""
        unreadable = self.unreadable_dates
        return replace(
            self,
            page=1,
            size=PAGE_SIZE,
            chart=ChartScale.FIT,
            since="" if self.since in unreadable else self.since,
            until="" if self.until in unreadable else self.until,
        )

    @property
    def is_filtered(self) -> bool:
        """Whether a filter or a date is set."""
        return bool(self.filters or self.since or self.until)

    @property
    def unreadable_dates(self) -> tuple[str, ...]:
        """The dates as typed that cannot be read."""
        return tuple(
            text for text in (self.since, self.until) if text and parse_date_range(text) is None
        )

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The notices about values that were not understood and are passed over."""
        notices: list[Notice] = [DateNotice(value=text) for text in self.unreadable_dates]
        notices += [IgnoredNotice(value=pair) for pair in self.passed_over]
        return tuple(map(with_message, notices))

    @property
    def effective_sort(self) -> Sort:
        """The order of the results; without words there is no relevance: newest first."""
        wordless = self.sort == Sort.RELEVANCE and not self.text.strip()
        return Sort.NEWEST if wordless else self.sort

    def without_filters(self, *filters: ValueFilter) -> SearchParams:
        """Return the first page of the same search without these filters."""
        remaining = [candidate for candidate in self.filters if candidate not in filters]
        return replace(self, filters=tuple(remaining), page=1)

    def filters_on(self, *names: str) -> tuple[ValueFilter, ...]:
        """Return the filters of these names."""
        return tuple(value_filter for value_filter in self.filters if value_filter.name in names)

    def to_request(self, facets: tuple[Column, ...] = (), facet_size: int = 50) -> SearchRequest:
        """Return the request to the search service, with these facets."""
        return SearchRequest(
            text=self.text,
            page=self.page,
            size=self.size,
            sort=self.effective_sort,
            exact=self.exact,
            as_typed=self.as_typed,
            match=self.match,
            filters=self._engine_filters(),
            facets=facets,
            facet_size=facet_size,
            budget=search_budget(),
        )

    def _engine_filters(self) -> tuple[Query, ...]:
        filters: list[Query] = []
        low, high = date_bounds(self.since, self.until)
        if low is not None or high is not None:
            filters.append(InRange(Column.PUBLISHED, low, high))
        for column in (Column.MONTH, *FACET_COLUMNS):
            included = _values(self.filters, column, excluded=False)
            excluded = _values(self.filters, column, excluded=True)
            if included and column in _MULTIVALUED:
                filters += [HasValue(column, (value,)) for value in included]
            elif included:
                filters.append(HasValue(column, included))
            if excluded:
                filters.append(AndNot(MatchAll(), HasValue(column, excluded)))
        return tuple(filters)


def date_bounds(since: str, until: str) -> tuple[int | None, int | None]:
    """Return the seconds [low, high) between two dates as typed; None where one is unreadable."""
    first, last = parse_date_range(since), parse_date_range(until)
    return first[0] if first else None, last[1] if last else None


def _read_filters(args: MultiDict[str, str]) -> tuple[ValueFilter, ...]:
    filters = [
        ValueFilter(name, value.strip()[:LONGEST_VALUE], excluded)
        for name in FILTER_NAMES
        for excluded in (False, True)
        for value in args.getlist(f"not.{name}" if excluded else name)
    ]
    return tuple(dict.fromkeys(filter(_is_well_formed, filters)))[:MOST_FILTERS]


def _passed_over(args: MultiDict[str, str]) -> tuple[str, ...]:
    """Return the orders, pages, months and the like that there are not, as `name=value`."""
    single: tuple[Parameter[Any], ...] = (EXACT, AS_TYPED, MATCH, *VIEW_PARAMETERS)
    pairs = [
        (each.name, value)
        for each in single
        if (value := args.get(each.name, "").strip()) and not each.allowed(value)
    ]
    pairs += [
        (name, value)
        for shaped in FILTER_SHAPES
        for name in (str(shaped), f"not.{shaped}")
        for value in args.getlist(name)
        if value.strip() and not FILTER_SHAPES[shaped].fullmatch(value.strip())
    ]
    return tuple(f"{name}={value}"[:LONGEST_VALUE] for name, value in pairs[:MOST_FILTERS])


def _is_well_formed(value_filter: ValueFilter) -> bool:
    shape = FILTER_SHAPES.get(value_filter.name)
    value = value_filter.value
    return shape.fullmatch(value) is not None if shape else bool(value)


def _values(filters: tuple[ValueFilter, ...], column: Column, *, excluded: bool) -> tuple[str, ...]:
    """Return the values of the included or excluded filters on a column, a year as its months."""
    values: list[str] = []
    for value_filter in filters:
        name, value = value_filter.name, value_filter.value
        if value_filter.excluded is not excluded:
            continue
        if name == column:
            values.append(value)
        elif column is Column.MONTH and name == YEAR:
            values += [f"{value}-{month:02}" for month in range(1, 13)]
    return tuple(values)
