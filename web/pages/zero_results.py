"""Ways on from a search without results: wider searches with their counts, the nearest dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask_babel import gettext

from indexer.engine.queries import Sort
from indexer.search.search_records import ResultHit, ResultPage
from indexer.search.service import SearchService
from web.addresses.search_params import SearchParams
from web.addresses.urls import UrlBuilder
from web.pages.facets import active_filters

MOST_FILTERS = 4
"""Filters of which each is tried without."""

MOST_UNITS = 4
"""Units of a query of which each is tried alone."""


@dataclass(frozen=True, slots=True)
class WiderSearch:
    """A search that finds something: what is left out of the first one, and its articles."""

    label: str
    url: str
    documents: int


@dataclass(frozen=True, slots=True)
class NearestDate:
    """The article next to a time in which there is none: the last before it, the first after."""

    label: str
    hit: ResultHit
    url: str


class ZeroResults:
    """The ways on from a search that found nothing.

    Args:
        service: searches.
        params: the search that found nothing.
        page: its answer.
    """

    def __init__(self, service: SearchService, params: SearchParams, page: ResultPage) -> None:
        self._service = service
        self._params = replace(params, page=1, sort=Sort.RELEVANCE)
        self._page = page
        self._urls = UrlBuilder(self._params)

    def wider_searches(self) -> list[WiderSearch]:
        """Return the searches with a filter less, and those of one unit, that find something."""
        searches = [
            WiderSearch(label, self._urls.search_url(params), documents)
            for label, params in dict(self._candidates()).items()
            if (documents := self._count(params))
        ]
        return sorted(searches, key=lambda search: -search.documents)

    def nearest_dates(self) -> list[NearestDate]:
        """Return the articles next to the dates that are set: the last before, the first after."""
        params = self._params
        sides = (
            (
                gettext("Last one before"),
                replace(params, since="", until=params.since),
                Sort.NEWEST,
            ),
            (
                gettext("First one after"),
                replace(params, until="", since=params.until),
                Sort.OLDEST,
            ),
        )
        nearest = []
        for label, side, order in sides:
            if not (side.since or side.until):
                continue
            page = self._service.search(replace(side, size=1, sort=order).to_request())
            nearest += [
                NearestDate(label, hit, self._urls.article_url(hit.identifier, params.text))
                for hit in page.hits
                if hit.published
            ]
        return nearest

    def _candidates(self) -> Iterator[tuple[str, SearchParams]]:
        """Yield labels with searches for less than was asked."""
        params = self._params
        filters = [replace(params, filters=(each,), since="", until="") for each in params.filters]
        if len(active_filters(params, self._urls)) > 1:
            yield gettext("without filters"), replace(params, filters=(), since="", until="")
        for value_filter, alone in zip(params.filters[:MOST_FILTERS], filters, strict=False):
            active = active_filters(alone, self._urls)[0]
            without = gettext(
                "without “%(label)s: %(value)s”", label=active.label, value=active.value
            )
            yield without, params.without_filters(value_filter)
        if params.since or params.until:
            yield gettext("at any time"), replace(params, since="", until="")
        units = self._page.meant
        for unit in units[:MOST_UNITS] if len(units) > 1 else ():
            yield gettext("only “%(text)s”", text=unit), replace(params, text=unit)

    def _count(self, params: SearchParams) -> int:
        """Return how many articles a search finds; 0 for one without words and filters."""
        if not (params.text.strip() or params.is_filtered):
            return 0
        return self._service.search(replace(params, size=1).to_request()).total
