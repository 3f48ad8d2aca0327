"""The table of the JSON interface: addresses with their parameters and records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive.records import Article
from indexer.search.completion import MOST_SUGGESTIONS
from indexer.search.search_records import ResultPage
from web.api.records import (
    FacetsRecord,
    HistogramRecord,
    SuggestionsRecord,
    VersionsRecord,
)
from web.pages.article_page import VERSION
from web.pages.parameters import Parameter, number_parameter, text_parameter
from web.pages.search_params import (
    AS_TYPED,
    EXACT,
    FACET_COLUMNS,
    FILTER_NAMES,
    PAGE,
    QUERY,
    SINCE,
    SIZE,
    SORT,
    UNTIL,
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One address of the interface, its parameters, and the record that it answers with."""

    path: str
    name: str
    summary: str
    record: Any
    parameters: tuple[Parameter[Any], ...]
    may_miss: bool = False


_FILTERS = tuple(
    text_parameter(f"{prefix}{name}", f"Only articles {word} this {name}.", repeatable=True)
    for name in FILTER_NAMES
    for prefix, word in (("", "with"), ("not.", "without"))
)
_SEARCH: tuple[Parameter[Any], ...] = (QUERY, EXACT, AS_TYPED, SINCE, UNTIL, *_FILTERS)
"""The parameters of everything that searches."""

COLUMN = text_parameter("column", f"Only these: {', '.join(FACET_COLUMNS)}.", repeatable=True)
VALUE_COUNT = number_parameter("n", "Values a column, the commonest.", 50, 5000)
COMPLETION_COUNT = number_parameter("n", "Suggestions at most.", 8, MOST_SUGGESTIONS)

_IDENTIFIER = text_parameter("identifier", "The article's identifier.", place="path")
_UNFINISHED = text_parameter("q", "The unfinished query.")

OPERATIONS = (
    Operation(
        "/api/v1/search", "search", "A page of results", ResultPage, (*_SEARCH, PAGE, SIZE, SORT)
    ),
    Operation(
        "/api/v1/suggest",
        "suggest",
        "Completions of an unfinished query",
        SuggestionsRecord,
        (_UNFINISHED, COMPLETION_COUNT),
    ),
    Operation(
        "/api/v1/articles/{identifier}",
        "article",
        "One article",
        Article,
        (_IDENTIFIER, VERSION),
        may_miss=True,
    ),
    Operation(
        "/api/v1/articles/{identifier}/versions",
        "versions",
        "The versions of an article, oldest first",
        VersionsRecord,
        (_IDENTIFIER,),
        may_miss=True,
    ),
    Operation(
        "/api/v1/facets",
        "facets",
        "The number of matches with each value of the columns",
        FacetsRecord,
        (*_SEARCH, COLUMN, VALUE_COUNT),
    ),
    Operation(
        "/api/v1/histogram",
        "histogram",
        "The number of matches from each month",
        HistogramRecord,
        _SEARCH,
    ),
)
"""The addresses of the interface."""
