"""What an address asks: parameters read kindly, so that nothing in them is an error."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from indexer.query import Sort
from indexer.searching.results import Question

PAGE_SIZE = 10
LARGEST_SIZE = 100
"""Hits on one page of the JSON interface."""

BUDGET = 1.0
"""Seconds that the engine may take for one page."""

_LAST_PAGE = 1_000_000


def question(args: MultiDict[str, str]) -> Question:
    """The question in an address: q, page, n, sort, exact, raw."""
    try:
        sort = Sort(args.get("sort", Sort.RELEVANCE))
    except ValueError:
        sort = Sort.RELEVANCE
    return Question(
        text=args.get("q", ""),
        page=number(args.get("page", ""), 1, _LAST_PAGE),
        size=number(args.get("n", ""), PAGE_SIZE, LARGEST_SIZE),
        sort=sort,
        exact=args.get("exact", "") == "1",
        as_typed=args.get("raw", "") == "1",
        budget=BUDGET,
    )


def number(text: str, default: int, highest: int) -> int:
    """A whole number from 1 up to the highest; anything else is the default."""
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        return default
    return min(max(1, int(text)), highest)
