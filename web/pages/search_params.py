"""What an address asks: parameters read kindly, so that nothing in them is an error.

Filters are parameters named after a column: `publisher=VnExpress` keeps the articles that have
the value, `not.publisher=VnExpress` those that have not; either may be repeated. An article
has one publisher, category and month, so several of those mean any of them; several authors or
persons mean all of them. `year=2022` is every month of the year; `from` and `to` are dates as
people write them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from indexer.engine.queries import AndNot, Column, HasValue, InRange, MatchAll, Query, Sort
from indexer.search.query.date_ranges import span
from indexer.search.query.parser import LONGEST_QUERY
from indexer.search.search_records import SearchRequest
from web.services import search_budget

PAGE_SIZE = 10
LARGEST_SIZE = 100
"""Hits on one page of the JSON interface."""

MOST_CHOICES = 20
"""Filters of one address that are read; the others are passed over."""

LONGEST_VALUE = 200
"""Characters of a filter's value or a date."""

YEAR = "year"
"""The name of the filter that is every month of a year."""

LISTED = (Column.PUBLISHER, Column.CATEGORY, Column.AUTHOR, Column.PERSON)
"""The columns that people choose values of from lists, in the order that they are shown."""

_SEVERAL = (Column.AUTHOR, Column.PERSON)
"""Columns of which one article may have several values."""

_LAST_PAGE = 1_000_000

_SHAPES = {YEAR: re.compile(r"\d{4}", re.ASCII), Column.MONTH: re.compile(r"\d{4}-\d\d", re.ASCII)}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that articles must have, or must not; `name` is a column or `year`."""

    name: str
    value: str
    excluded: bool = False

    @property
    def param(self) -> tuple[str, str]:
        """How it stands in an address."""
        return f"not.{self.name}" if self.excluded else self.name, self.value


@dataclass(frozen=True, slots=True)
class SearchParams:
    """What an address asks.

    Attributes:
        text: what was typed, cut a little after the longest query that is read.
        size: hits a page.
        exact: every typed mark has to match.
        as_typed: nothing is read into the query.
        since, until: the dates between which articles were published, as typed.
        choices: the filters.
    """

    text: str = ""
    page: int = 1
    size: int = PAGE_SIZE
    sort: Sort = Sort.RELEVANCE
    exact: bool = False
    as_typed: bool = False
    since: str = ""
    until: str = ""
    choices: tuple[Choice, ...] = ()

    @property
    def narrowed(self) -> bool:
        """Whether a filter or a date is set."""
        return bool(self.choices or self.since or self.until)

    @property
    def params(self) -> list[tuple[str, str]]:
        """The parameters that lead here; what is as usual is left out."""
        values = [
            ("q", self.text),
            ("exact", "1" if self.exact else ""),
            ("raw", "1" if self.as_typed else ""),
            ("sort", "" if self.sort == Sort.RELEVANCE else str(self.sort)),
            ("from", self.since),
            ("to", self.until),
            *(choice.param for choice in self.choices),
            ("n", "" if self.size == PAGE_SIZE else str(self.size)),
            ("page", "" if self.page == 1 else str(self.page)),
        ]
        return [(name, value) for name, value in values if value]

    @property
    def unread_dates(self) -> tuple[str, ...]:
        """The dates as typed that nobody can read."""
        return tuple(text for text in (self.since, self.until) if text and span(text) is None)

    @property
    def address(self) -> str:
        """The parameters, quoted for an address."""
        return urlencode(self.params)

    def having(self, choice: Choice) -> SearchParams:
        """The first page of the same with one more filter."""
        others = tuple(each for each in self.choices if each != choice)
        return replace(self, choices=(*others, choice), page=1)

    def lacking(self, *choices: Choice) -> SearchParams:
        """The first page of the same without these filters."""
        kept = tuple(each for each in self.choices if each not in choices)
        return replace(self, choices=kept, page=1)

    def chosen(self, *names: str) -> tuple[Choice, ...]:
        """The filters of these names."""
        return tuple(each for each in self.choices if each.name in names)

    def question(self, facets: tuple[Column, ...] = (), facet_size: int = 50) -> SearchRequest:
        """What the searcher is asked, with these facets."""
        return SearchRequest(
            text=self.text,
            page=self.page,
            size=self.size,
            sort=self.order,
            exact=self.exact,
            as_typed=self.as_typed,
            filters=self._filters(),
            facets=facets,
            facet_size=facet_size,
            budget=search_budget(),
        )

    @property
    def order(self) -> Sort:
        """Without words nothing is closer than anything else: the newest come first."""
        closest = self.sort == Sort.RELEVANCE and not self.text.strip()
        return Sort.NEWEST if closest else self.sort

    def _filters(self) -> tuple[Query, ...]:
        filters: list[Query] = []
        low, high = bounds(self.since, self.until)
        if low is not None or high is not None:
            filters.append(InRange(Column.PUBLISHED, low, high))
        for column in (Column.MONTH, *LISTED):
            wanted = _values(self.choices, column, excluded=False)
            unwanted = _values(self.choices, column, excluded=True)
            if wanted and column in _SEVERAL:
                filters += [HasValue(column, (value,)) for value in wanted]
            elif wanted:
                filters.append(HasValue(column, wanted))
            if unwanted:
                filters.append(AndNot(MatchAll(), HasValue(column, unwanted)))
        return tuple(filters)


def asked(args: MultiDict[str, str]) -> SearchParams:
    """What an address asks: q, page, n, sort, exact, raw, from, to and the filters."""
    try:
        sort = Sort(args.get("sort", Sort.RELEVANCE))
    except ValueError:
        sort = Sort.RELEVANCE
    return SearchParams(
        # Decomposed marks take up to three characters a letter.
        text=args.get("q", "")[: LONGEST_QUERY * 4 + 1],
        page=number(args.get("page", ""), 1, _LAST_PAGE),
        size=number(args.get("n", ""), PAGE_SIZE, LARGEST_SIZE),
        sort=sort,
        exact=args.get("exact", "") == "1",
        as_typed=args.get("raw", "") == "1",
        since=args.get("from", "").strip()[:LONGEST_VALUE],
        until=args.get("to", "").strip()[:LONGEST_VALUE],
        choices=_choices(args),
    )


def question(args: MultiDict[str, str]) -> SearchRequest:
    """The question in an address, without facets."""
    return asked(args).question()


def bounds(since: str, until: str) -> tuple[int | None, int | None]:
    """The seconds [low, high) between two dates as typed; one that cannot be read is no bound."""
    first, last = span(since) if since else None, span(until) if until else None
    return first[0] if first else None, last[1] if last else None


def number(text: str, default: int, highest: int) -> int:
    """A whole number from 1 up to the highest; anything else is the default."""
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        return default
    return min(max(1, int(text)), highest)


def _choices(args: MultiDict[str, str]) -> tuple[Choice, ...]:
    found = [
        Choice(name, value.strip()[:LONGEST_VALUE], excluded)
        for name in (YEAR, Column.MONTH.value, *(column.value for column in LISTED))
        for excluded in (False, True)
        for value in args.getlist(f"not.{name}" if excluded else name)
    ]
    return tuple(dict.fromkeys(filter(_has_shape, found)))[:MOST_CHOICES]


def _has_shape(choice: Choice) -> bool:
    shape = _SHAPES.get(choice.name)
    return shape.fullmatch(choice.value) is not None if shape else bool(choice.value)


def _values(choices: tuple[Choice, ...], column: Column, *, excluded: bool) -> tuple[str, ...]:
    values: list[str] = []
    for choice in choices:
        if choice.excluded is excluded and choice.name == column:
            values.append(choice.value)
        elif choice.excluded is excluded and column is Column.MONTH and choice.name == YEAR:
            values += [f"{choice.value}-{month:02}" for month in range(1, 13)]
    return tuple(values)
