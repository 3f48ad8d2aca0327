"""Addresses of the search page: every state of it has one."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

from flask import url_for

from web.addresses.result_position import POSITION
from web.addresses.search_params import SearchParams, ValueFilter
from web.languages.languages import chosen_language

LONG_SEARCH = 600
"""Letters of a search in an address: a page repeats longer ones in fewer links."""

_quoted = lru_cache(8192)(quote_plus)
"""Quoted values of filters: nearly every page of results links the same ones."""


class UrlBuilder:
    """A builder of the addresses in one answer, which carry on a language that was chosen.

    Args:
        params: the search that the answer shows.

    Attributes:
        home: the path of the search page.
        is_long: the search takes so many letters that it is repeated in few links.
    """

    def __init__(self, params: SearchParams) -> None:
        self._params = params
        self.home = url_for("search.form").partition("?")[0]
        language = chosen_language()
        self._language = f"&lang={language}" if language else ""
        self._first_page = replace(params, page=1).query_string
        self.is_long = len(self._first_page) > LONG_SEARCH
        self._first_number = (params.page - 1) * params.size + 1

    def with_(self, **changes: Any) -> str:
        """Return the search with some attributes changed, on its first page unless one is named."""
        return self.search_url(replace(self._params, **{"page": 1, **changes}))

    def with_filter(self, value_filter: ValueFilter) -> str:
        """Return the search with one more filter."""
        name, value = value_filter.param
        return self._join(self.home, self._first_page, f"{name}={_quoted(value)}")

    def range_url(self, since: str, until: str) -> str:
        """Return the search between two dates, with no month or year that is chosen."""
        times = [each for each in self._params.filters_on("month", "year") if not each.excluded]
        return self.search_url(
            replace(self._params.without_filters(*times), since=since, until=until)
        )

    def without_filter(self, value_filter: ValueFilter) -> str:
        """Return the search without a filter."""
        return self.search_url(self._params.without_filters(value_filter))

    def search_url(self, params: SearchParams) -> str:
        """Return the address of another search."""
        return f"{self.home}?" + (params.query_string + self._language).removeprefix("&")

    def values_url(self, column: str, **params: str) -> str:
        """Return the page that lists all values of a column."""
        path = url_for("search.values", column=column).partition("?")[0]
        return self._join(path, self._first_page, urlencode(params))

    def export_url(self, name: str) -> str:
        """Return all results as a file or feed of this name."""
        search = self._params.exported.query_string
        return f"{self.home}{name}?{(search + self._language).removeprefix('&')}"

    def article_url(self, identifier: str, query: str, anchor: str = "") -> str:
        """Return an article with the words of a query highlighted."""
        # Without url_for, which costs more than the rest of a hit.
        params = urlencode({"q": query}) if query.strip() else ""
        path = f"{self.home}article/{quote(identifier, safe='')}"
        return self._join(path, params) + (f"#{anchor}" if anchor else "")

    def hit_url(self, identifier: str, place: int, anchor: str = "") -> str:
        """Return the article of a hit, with the search and its place on the page, from 0."""
        path = f"{self.home}article/{quote(identifier, safe='')}"
        position = f"{POSITION.name}={self._first_number + place}"
        return self._join(path, self._first_page, position) + (f"#{anchor}" if anchor else "")

    def _join(self, path: str, *params: str) -> str:
        """Join a path with query strings and the language."""
        query_string = "&".join(filter(None, params)) + self._language
        return f"{path}?{query_string.removeprefix('&')}" if query_string else path
