"""Addresses of the search page: every state of it has one."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

from flask import url_for

from web.http.languages import chosen
from web.pages.search_params import Choice, SearchParams

_quoted = lru_cache(8192)(quote_plus)
"""Values quoted for an address: the same ones stand beside nearly every page of results."""


class UrlBuilder:
    """Makes the addresses of one answer; they carry on a language that was chosen."""

    def __init__(self, asked: SearchParams) -> None:
        self._asked = asked
        self.home = url_for("search.form").partition("?")[0]
        language = chosen()
        self._ending = f"&lang={language}" if language else ""
        self._start = replace(asked, page=1).address

    def at(self, **changes: Any) -> str:
        """The same search with some attributes changed; on its first page unless one is named."""
        return self.of(replace(self._asked, **{"page": 1, **changes}))

    def of(self, asked: SearchParams) -> str:
        """Another search."""
        return self.home + "?" + (asked.address + self._ending).removeprefix("&")

    def adding(self, choice: Choice) -> str:
        """The same search with one more filter."""
        name, value = choice.param
        param = f"{name}={_quoted(value)}"
        joined = f"{self._start}&{param}" if self._start else param
        return f"{self.home}?{joined}{self._ending}"

    def removing(self, *choices: Choice) -> str:
        """The same search without some filters."""
        return self.of(self._asked.lacking(*choices))

    def values(self, column: str, **more: str) -> str:
        """The page that lists all values of a column."""
        ending = f"&{urlencode(more)}" if more else ""
        joined = (self._start + ending + self._ending).removeprefix("&")
        path = url_for("search.values", column=column).partition("?")[0]
        return f"{path}?{joined}" if joined else path

    def beside(self, name: str) -> str:
        """The same search in another form: a feed, or all results as a file."""
        return f"{self.home}{name}?{(self._start + self._ending).removeprefix('&')}"

    def article(self, identifier: str, query: str, anchor: str = "") -> str:
        """An article with the words of a query marked."""
        # Made by hand: url_for costs more than the rest of a hit.
        params = urlencode({"q": query}) if query.strip() else ""
        joined = (params + self._ending).removeprefix("&")
        fragment = f"#{anchor}" if anchor else ""
        path = f"{self.home}article/{quote(identifier, safe='')}"
        return f"{path}?{joined}{fragment}" if joined else f"{path}{fragment}"
