"""Facets of the results: values to filter by with their counts, and the filters that are set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from flask import url_for
from flask_babel import gettext, lazy_gettext, pgettext

from indexer.engine.queries import Column
from indexer.vietnamese.collation import initial, sort_key
from indexer.vietnamese.dates import VIETNAM
from indexer.vietnamese.normalization import fold
from web.addresses.search_params import (
    CHOICE_COLUMNS,
    FACET_COLUMNS,
    SearchParams,
    ValueFilter,
    date_bounds,
)
from web.addresses.urls import UrlBuilder
from web.citations.display_names import value_language, value_name
from web.pages.letter_index import IndexLetter, letter_index
from web.pages.template_filters import month_name, short_date

_sort_key = lru_cache(8192)(sort_key)

GROUP_SIZE = 10
LONG_SEARCH_GROUP_SIZE = 3
"""Values of a column beside the results; a page of its own lists all."""

LABELS = {
    "publisher": lazy_gettext("Publisher"),
    "category": lazy_gettext("Category"),
    "author": lazy_gettext("Author"),
    "person": lazy_gettext("Person"),
    "state": lazy_gettext("How far it was read"),
    "year": lazy_gettext("Year"),
    "month": lazy_gettext("Month"),
}
"""The labels of the filters."""

LIST_LABELS = LABELS | {
    "publisher": lazy_gettext("Publishers"),
    "category": lazy_gettext("Categories"),
    "author": lazy_gettext("Authors"),
    "person": lazy_gettext("Persons"),
    "year": lazy_gettext("Years"),
    "month": lazy_gettext("Months"),
}
"""The labels of the lists of all values."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a column, the number of articles that have it, and the addresses that choose it.

    Attributes:
        language: the language of its name.
        include: the address that chooses it, or that gives the choice up where it is chosen.
        exclude_label: the label of the link that excludes it.
    """

    text: str
    language: str
    documents: int
    include: str
    exclude: str
    exclude_label: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """The commonest values of a column; `all_url` is the page that lists the others as well."""

    name: str
    label: str
    values: tuple[FacetValue, ...]
    all_url: str = ""


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """A filter that is set, and the address without it; `page_url` is a page about its value."""

    label: str
    value: str
    excluded: bool
    remove_url: str
    page_url: str = ""


def groups(
    facets: Mapping[Column, Mapping[str, int]], params: SearchParams, urls: UrlBuilder
) -> list[FacetGroup]:
    """Return the columns that have values to choose from, in the order of `FACET_COLUMNS`."""
    columns = [
        _group(column, tuple(facets.get(column, {}).items()), params, urls)
        for column in FACET_COLUMNS
    ]
    return [group for group in columns if group.values]


def active_filters(params: SearchParams, urls: UrlBuilder) -> list[ActiveFilter]:
    """Return the dates and filters that are set."""
    low, high = date_bounds(params.since, params.until)
    active = []
    if low is not None:
        day = _day(low, params.since)
        active.append(ActiveFilter(pgettext("a date", "From"), day, False, urls.with_(since="")))
    if high is not None:
        day = _day(high - 1, params.until)
        active.append(ActiveFilter(pgettext("a date", "To"), day, False, urls.with_(until="")))
    for value_filter in params.filters:
        name, value = value_filter.name, value_filter.value
        text = month_name(value) if name == Column.MONTH else value_name(name, value)
        url = urls.without_filter(value_filter)
        is_person = name == Column.PERSON and not value_filter.excluded
        about = url_for("persons.person", name=value) if is_person else ""
        active.append(ActiveFilter(str(LABELS[name]), text, value_filter.excluded, url, about))
    return active


def ordered(values: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Sort values commonest first, equally common ones in Vietnamese order."""
    return sorted(values, key=lambda pair: (-pair[1], _sort_key(pair[0])))


def alphabetical(values: Iterable[tuple[str, int]], column: str = "") -> list[tuple[str, int]]:
    """Sort values of a column in Vietnamese order of the names that readers see."""
    return sorted(values, key=lambda pair: _sort_key(value_name(column, pair[0])))


def letters(pairs: Sequence[tuple[str, int]], column: str, page_size: int) -> list[IndexLetter]:
    """Return the index of values in the order of the alphabet, by the names that readers see."""
    names = [value_name(column, value) for value, _ in pairs]
    return letter_index(names, page_size, lambda name: initial(_sort_key(name)))


def containing(values: Iterable[tuple[str, int]], column: str, text: str) -> list[tuple[str, int]]:
    """Return the values whose names hold a text, with diacritics or without, in any case."""
    sought = fold(text)
    return [pair for pair in values if sought in fold(value_name(column, pair[0]))]


def links(
    column: Column, pairs: Iterable[tuple[str, int]], urls: UrlBuilder
) -> tuple[FacetValue, ...]:
    """Return values and their document counts with addresses."""
    # Translated once, not for every value.
    exclude_label = gettext("Leave out %(value)s")
    documents_of = dict(pairs)
    return tuple(
        FacetValue(
            name,
            value_language(column, value),
            documents_of[value],
            urls.with_filter(ValueFilter(column.value, value)),
            urls.with_filter(ValueFilter(column.value, value, excluded=True)),
            exclude_label % {"value": name},
        )
        for value, name in _names_apart(column, documents_of).items()
    )


def _names_apart(column: Column, values: Iterable[str]) -> dict[str, str]:
    """Return the names of values; the value too, where several have one name."""
    names = {value: value_name(column, value) for value in values}
    times = Counter(names.values())
    return {
        value: name if times[name] == 1 or name == value else f"{name} ({value})"
        for value, name in names.items()
    }


def _day(second: int, typed: str) -> str:
    """Format a day, after the text that was typed for it if that differs."""
    try:
        formatted = short_date(datetime.fromtimestamp(second, VIETNAM))
    except (ValueError, OverflowError, OSError):
        return typed
    return formatted if typed in (formatted, "") else f"{typed} ({formatted})"


def _group(
    column: Column, pairs: Sequence[tuple[str, int]], params: SearchParams, urls: UrlBuilder
) -> FacetGroup:
    filters = params.filters_on(column.value)
    included = {each.value: each for each in filters if not each.excluded}
    size = LONG_SEARCH_GROUP_SIZE if urls.is_long else GROUP_SIZE
    candidates: list[tuple[str, int]] = []
    chosen = []
    for pair in pairs:
        if column in CHOICE_COLUMNS and pair[0] in included:
            chosen.append(pair)
        # Commonest first already; only those that tie with the last one have to be sorted.
        elif len(candidates) <= size or pair[1] >= candidates[size - 1][1]:
            candidates += [pair] if pair[0] and pair[0] not in included else []
        elif not included:
            break
    linked = links(column, chosen + ordered(candidates)[:size], urls)
    best = linked[len(chosen) :]
    given_up = tuple(
        replace(value, include=urls.without_filter(included[text]), is_chosen=True)
        for value, (text, _) in zip(linked, chosen, strict=False)
    )
    all_url = urls.values_url(column.value) if len(candidates) > size else ""
    return FacetGroup(column.value, str(LABELS[column.value]), (*given_up, *best), all_url)
