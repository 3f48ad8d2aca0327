"""The JSON interface: its views, and the table of their addresses, parameters and records.

It answers with the records of the command line.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, request
from msgspec import Struct, structs, to_builtins

from archive.records import Version
from indexer.engine.queries import Column
from indexer.search.completion import MOST_SUGGESTIONS
from indexer.search.present.json_form import to_json
from indexer.search.search_records import ResultPage
from web.api.openapi import ApiOperation, describe
from web.api.records import (
    ArticleRecord,
    FacetsRecord,
    HistogramRecord,
    MonthCount,
    SuggestionsRecord,
    ValueCount,
    VersionRecord,
    VersionsRecord,
)
from web.http.validators import forbid_caching_if_partial, is_complete
from web.pages.article_page import PART, VERSION
from web.pages.article_parts import article_part
from web.pages.parameters import Parameter, number_parameter, text_parameter
from web.pages.provenance import original_name, public_record, title_keys
from web.pages.search_params import (
    AS_TYPED,
    EXACT,
    FACET_COLUMNS,
    FILTER_NAMES,
    MATCH,
    PAGE,
    QUERY,
    SINCE,
    SIZE,
    SORT,
    UNTIL,
    SearchParams,
)
from web.services import current_archive

blueprint = Blueprint("api", __name__)

_COLUMN = text_parameter("column", f"Only these: {', '.join(FACET_COLUMNS)}.", repeatable=True)
_VALUE_COUNT = number_parameter("n", "Values a column, the commonest.", 50, 5000)
_COMPLETION_COUNT = number_parameter("n", "Suggestions at most.", 8, MOST_SUGGESTIONS)
_ALL_MONTHS = 100_000
"""A number of months that no archive has."""


def search() -> Response:
    """Send a page of results."""
    params = SearchParams.from_args(request.args)
    page = forbid_caching_if_partial(current_archive().search.search(params.to_request()))
    return jsonify(to_json(structs.replace(page, notices=(*page.notices, *params.notices))))


def suggest() -> Response:
    """Send completions of an unfinished query."""
    text = request.args.get("q", "")
    suggested = current_archive().search.suggest(text, _COMPLETION_COUNT.read(request.args))
    return _send(SuggestionsRecord(text, suggested))


def article(identifier: str) -> Response:
    """Send one article, in its newest version or the one in the address.

    One that is too long comes in parts.
    """
    number = VERSION.read(request.args) or None
    whole = current_archive().store.get(identifier, number)
    part = article_part(whole, PART.read(request.args))
    numbers = {"part": part.number, "parts": part.count, "first_section": part.first_section}
    return jsonify(public_record(part.article) | title_keys(whole) | numbers)


def versions(identifier: str) -> Response:
    """Send the versions of an article, also of a deleted one."""
    records = map(_version_record, current_archive().store.versions(identifier))
    return _send(VersionsRecord(identifier, tuple(records)))


def facets() -> Response:
    """Send the commonest values of the columns, with their numbers of matches."""
    names = request.args.getlist(_COLUMN.name)
    columns = tuple(column for column in FACET_COLUMNS if column in names) or FACET_COLUMNS
    page = _count_facets(columns, _VALUE_COUNT.read(request.args))
    counts = {
        column: tuple(ValueCount(*pair) for pair in values.items() if pair[0])
        for column, values in page.facets.items()
    }
    return _send(FacetsRecord(page.query, page.total, is_complete(page), counts))


def histogram() -> Response:
    """Send the number of matches from each month."""
    page = _count_facets((Column.MONTH,), _ALL_MONTHS)
    months = sorted(page.facets.get(Column.MONTH, {}).items())
    counts = tuple(MonthCount(*pair) for pair in months if pair[0])
    return _send(HistogramRecord(page.query, page.total, is_complete(page), counts))


@blueprint.get("/api/v1/openapi.json")
def openapi() -> Response:
    """Send the description of this interface (OpenAPI 3.1)."""
    return jsonify(describe(request.root_url, OPERATIONS))


def _count_facets(columns: tuple[Column, ...], size: int) -> ResultPage:
    """Search for the parameters of this request, and count facets."""
    params = replace(SearchParams.from_args(request.args), page=1, size=1)
    page = current_archive().search.search(params.to_request(columns, size))
    return forbid_caching_if_partial(page)


def _send(record: Struct) -> Response:
    return jsonify(to_builtins(record, str_keys=True))


def _version_record(version: Version) -> VersionRecord:
    return VersionRecord(
        number=version.number,
        captured=version.captured,
        sha256=version.digest,
        original=original_name(version),
        reader=version.origin.reader,
        reader_version=version.origin.reader_version,
        warc_file=version.location.file,
        warc_offset=version.location.offset,
        warc_length=version.location.length,
    )


_FILTERS = tuple(
    text_parameter(f"{prefix}{name}", f"Only articles {word} this {name}.", repeatable=True)
    for name in FILTER_NAMES
    for prefix, word in (("", "with"), ("not.", "without"))
)
_SEARCH: tuple[Parameter[Any], ...] = (QUERY, EXACT, AS_TYPED, MATCH, SINCE, UNTIL, *_FILTERS)
"""The parameters of everything that searches."""

_UNFINISHED = text_parameter("q", "The unfinished query.")
_IDENTIFIER = text_parameter("identifier", "The article's identifier.", place="path")
_ARTICLE = "/api/v1/articles/{identifier}"

OPERATIONS = (
    ApiOperation(
        "/api/v1/search", search, "A page of results", ResultPage, (*_SEARCH, PAGE, SIZE, SORT)
    ),
    ApiOperation(
        "/api/v1/suggest",
        suggest,
        "Completions of an unfinished query",
        SuggestionsRecord,
        (_UNFINISHED, _COMPLETION_COUNT),
    ),
    ApiOperation(_ARTICLE, article, "One article", ArticleRecord, (_IDENTIFIER, VERSION, PART)),
    ApiOperation(
        f"{_ARTICLE}/versions",
        versions,
        "The versions of an article, oldest first",
        VersionsRecord,
        (_IDENTIFIER,),
    ),
    ApiOperation(
        "/api/v1/facets",
        facets,
        "The number of matches with each value of the columns",
        FacetsRecord,
        (*_SEARCH, _COLUMN, _VALUE_COUNT),
    ),
    ApiOperation(
        "/api/v1/histogram",
        histogram,
        "The number of matches from each month",
        HistogramRecord,
        _SEARCH,
    ),
)
"""The addresses of the interface."""

for operation in OPERATIONS:
    rule = operation.path.replace("{", "<").replace("}", ">")
    blueprint.add_url_rule(rule, view_func=operation.view)
