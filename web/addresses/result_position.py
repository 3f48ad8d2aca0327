"""The position of an article in the results it was opened from: back to them, and to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from web.addresses.parameters import number_parameter
from web.addresses.search_params import SearchParams

LAST_POSITION = 100_000
"""The last result that has a next one; engines answer a page so far down slowly."""

POSITION = number_parameter("at", "The number of a result, from 1.", 0, LAST_POSITION)


@dataclass(frozen=True, slots=True)
class ResultPosition:
    """An article's place in the results of a search.

    Attributes:
        params: the search, on its first page.
        number: which of its results the article is, from 1.
    """

    params: SearchParams
    number: int

    @classmethod
    def from_request(cls) -> ResultPosition | None:
        """Read the address that is answered; None where it names no result."""
        number = POSITION.read(request.args)
        if not number:
            return None
        return cls(replace(SearchParams.from_args(request.args), page=1), number)

    @property
    def results_url(self) -> str:
        """The page of the results that the article is on, at the article."""
        page = -(-self.number // self.params.size)
        place = {"page": page if page > 1 else None, "_anchor": f"r{self.number}"}
        return self._url("search.form", **place)

    @property
    def previous_url(self) -> str:
        """The result before; empty for the first one."""
        return self._result_url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        """The result after, or the results where there is none; empty for the last that has one."""
        return self._result_url(self.number + 1) if self.number < LAST_POSITION else ""

    def article_url(self, identifier: str, anchor: str = "") -> str:
        """Return the address of an article that is opened at this position."""
        return self._url(
            "articles.article", identifier=identifier, at=self.number, _anchor=anchor or None
        )

    def _result_url(self, number: int) -> str:
        return self._url("search.result", at=number)

    def _url(self, endpoint: str, **values: str | int | None) -> str:
        search = MultiDict(self.params.pairs).to_dict(flat=False)
        return url_for(endpoint, **{**search, **values})  # type: ignore[arg-type]
