"""The addresses of the JSON interface, which answers with the records of the command line."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, jsonify, request
from msgspec import Struct, to_builtins

from archive.records import Version
from indexer.engine.queries import Column
from indexer.search.present.json_form import to_json
from indexer.search.search_records import ResultPage
from web.api.openapi import describe
from web.api.operations import COLUMN, COMPLETION_COUNT, VALUE_COUNT
from web.api.records import (
    FacetsRecord,
    HistogramRecord,
    MonthCount,
    SuggestionsRecord,
    ValueCount,
    VersionRecord,
    VersionsRecord,
)
from web.http.validators import forbid_caching_if_partial, is_complete
from web.pages.article_page import VERSION
from web.pages.provenance import original_name, public_record
from web.pages.search_params import FACET_COLUMNS, SearchParams
from web.services import current_archive

blueprint = Blueprint("api", __name__)

_ALL_MONTHS = 100_000
"""A number of months that no archive has."""


@blueprint.get("/api/v1/search")
def search() -> Response:
    """Send a page of results."""
    search_request = SearchParams.from_args(request.args).to_request()
    page = forbid_caching_if_partial(current_archive().search.search(search_request))
    return jsonify(to_json(page))


@blueprint.get("/api/v1/suggest")
def suggest() -> Response:
    """Send completions of an unfinished query."""
    text = request.args.get("q", "")
    suggested = current_archive().search.suggest(text, COMPLETION_COUNT.read(request.args))
    return _send(SuggestionsRecord(text, suggested))


@blueprint.get("/api/v1/articles/<identifier>")
def article(identifier: str) -> Response:
    """Send one article, in its newest version or the one in the address."""
    number = VERSION.read(request.args) or None
    return jsonify(public_record(current_archive().store.get(identifier, number)))


@blueprint.get("/api/v1/articles/<identifier>/versions")
def versions(identifier: str) -> Response:
    """Send the versions of an article, also of a deleted one."""
    records = map(_version_record, current_archive().store.versions(identifier))
    return _send(VersionsRecord(identifier, tuple(records)))


@blueprint.get("/api/v1/facets")
def facets() -> Response:
    """Send the commonest values of the columns, with their numbers of matches."""
    names = request.args.getlist(COLUMN.name)
    columns = tuple(column for column in FACET_COLUMNS if column in names) or FACET_COLUMNS
    page = _count_facets(columns, VALUE_COUNT.read(request.args))
    counts = {
        column: tuple(ValueCount(*pair) for pair in values.items() if pair[0])
        for column, values in page.facets.items()
    }
    return _send(FacetsRecord(page.query, page.total, is_complete(page), counts))


@blueprint.get("/api/v1/histogram")
def histogram() -> Response:
    """Send the number of matches from each month."""
    page = _count_facets((Column.MONTH,), _ALL_MONTHS)
    months = sorted(page.facets.get(Column.MONTH, {}).items())
    counts = tuple(MonthCount(*pair) for pair in months if pair[0])
    return _send(HistogramRecord(page.query, page.total, is_complete(page), counts))


@blueprint.get("/api/v1/openapi.json")
def openapi() -> Response:
    """Send the description of this interface (OpenAPI 3.1)."""
    return jsonify(describe(request.root_url))


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
