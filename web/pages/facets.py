"""The filters beside the results: values with their counts, and those already chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from flask_babel import lazy_gettext, lazy_pgettext

from indexer.engine.queries import Column
from indexer.engine.records import FacetCounts
from indexer.vietnamese.collation import sort_key
from indexer.vietnamese.dates import VIETNAM
from web.http.languages import language
from web.pages.date_formats import month_name, short_date
from web.pages.search_params import LISTED, Choice, SearchParams, bounds
from web.pages.urls import UrlBuilder

_sort_key = lru_cache(8192)(sort_key)

SHOWN = 10
"""Values of a column beside the results; a page of its own lists all."""

LABELS = {
    "publisher": lazy_gettext("Publisher"),
    "category": lazy_gettext("Category"),
    "author": lazy_gettext("Author"),
    "person": lazy_gettext("Person"),
    "year": lazy_gettext("Year"),
    "month": lazy_gettext("Month"),
}
"""What the filters are called."""

_LEAVE_OUT = lazy_gettext("Leave out %(value)s")
_SINCE = lazy_pgettext("a date", "From")
_UNTIL = lazy_pgettext("a date", "To")


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a column in so many of the articles, and the addresses that choose it.

    `leave_out` is what the link that excludes it is called.
    """

    text: str
    documents: int
    include: str
    exclude: str
    leave_out: str


@dataclass(frozen=True, slots=True)
class Group:
    """The commonest values of a column; `all` is the page that lists the others as well."""

    name: str
    label: str
    values: tuple[Value, ...]
    all: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, and the address without it."""

    label: str
    value: str
    excluded: bool
    remove: str


def groups(facets: Iterable[FacetCounts], asked: SearchParams, to: UrlBuilder) -> list[Group]:
    """The columns that have values to choose from, in the order of `LISTED`."""
    found = {facet.column: facet.values for facet in facets}
    made = [_group(column, found.get(column, ()), asked, to) for column in LISTED]
    return [group for group in made if group.values]


def chips(asked: SearchParams, to: UrlBuilder) -> list[Chip]:
    """The dates and filters that are set."""
    low, high = bounds(asked.since, asked.until)
    made = []
    if low is not None:
        made.append(Chip(str(_SINCE), _day(low, asked.since), False, to.at(since="")))
    if high is not None:
        made.append(Chip(str(_UNTIL), _day(high - 1, asked.until), False, to.at(until="")))
    return made + [
        Chip(str(LABELS[each.name]), choice_text(each), each.excluded, to.removing(each))
        for each in asked.choices
    ]


def choice_text(choice: Choice) -> str:
    """How a filter's value is shown: a month by its name in the page's language."""
    return month_name(choice.value, language()) if choice.name == "month" else choice.value


def ordered(values: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Commonest first, equally common ones in Vietnamese order."""
    return sorted(values, key=lambda pair: (-pair[1], _sort_key(pair[0])))


def alphabetical(values: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """In Vietnamese order."""
    return sorted(values, key=lambda pair: _sort_key(pair[0]))


def links(column: Column, pairs: Iterable[tuple[str, int]], to: UrlBuilder) -> tuple[Value, ...]:
    """Values with their addresses."""
    # Looked up once, not for every value.
    leave_out = str(_LEAVE_OUT)
    return tuple(
        Value(
            text,
            documents,
            to.adding(Choice(column.value, text)),
            to.adding(Choice(column.value, text, excluded=True)),
            leave_out % {"value": text},
        )
        for text, documents in pairs
    )


def _day(second: int, typed: str) -> str:
    """A day as the page shows dates, after what was typed for it if that was something else."""
    try:
        shown = short_date(datetime.fromtimestamp(second, VIETNAM), language())
    except (ValueError, OverflowError, OSError):
        return typed
    return shown if typed in (shown, "") else f"{typed} ({shown})"


def _group(
    column: Column, pairs: Sequence[tuple[str, int]], asked: SearchParams, to: UrlBuilder
) -> Group:
    included = {each.value for each in asked.chosen(column.value) if not each.excluded}
    open_: list[tuple[str, int]] = []
    for pair in pairs:
        # Commonest first already; only those that tie with the last one shown have to be sorted.
        if len(open_) > SHOWN and pair[1] < open_[SHOWN - 1][1]:
            break
        if pair[0] and pair[0] not in included:
            open_.append(pair)
    best = ordered(open_)[:SHOWN]
    more = to.values(column.value) if len(open_) > SHOWN else ""
    return Group(column.value, str(LABELS[column.value]), links(column, best, to), more)
