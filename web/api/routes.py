"""The addresses of the JSON interface, which answers with the records of the command line."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, jsonify, request

from archive.records import Version
from indexer.engine.queries import Column
from indexer.search.present.json_form import to_json
from indexer.search.search_records import ResultPage, TimeNotice
from web.api.openapi import describe
from web.api.operations import COLUMN, COMPLETION_COUNT, VALUE_COUNT
from web.api.records import (
    BarRecord,
    FacetsRecord,
    HistogramRecord,
    SuggestionsRecord,
    VersionRecord,
    VersionsRecord,
)
from web.http.validators import forbid_caching_if_partial
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
    record: SuggestionsRecord = {
        "query": text,
        "suggestions": [
            {"text": suggestion.text, "documents": suggestion.documents} for suggestion in suggested
        ],
    }
    return jsonify(record)


@blueprint.get("/api/v1/articles/<identifier>")
def article(identifier: str) -> Response:
    """Send one article, in its newest version or the one in the address."""
    number = VERSION.read(request.args) or None
    return jsonify(public_record(current_archive().store.get(identifier, number)))


@blueprint.get("/api/v1/articles/<identifier>/versions")
def versions(identifier: str) -> Response:
    """Send the versions of an article, also of a deleted one."""
    versions = current_archive().store.versions(identifier)
    record: VersionsRecord = {"id": identifier, "versions": [*map(_version_record, versions)]}
    return jsonify(record)


@blueprint.get("/api/v1/facets")
def facets() -> Response:
    """Send the commonest values of the columns, with their numbers of matches."""
    names = request.args.getlist(COLUMN.name)
    columns = tuple(column for column in FACET_COLUMNS if column in names) or FACET_COLUMNS
    page = _count_facets(columns, VALUE_COUNT.read(request.args))
    record: FacetsRecord = {
        "query": page.query,
        "total": page.total,
        "complete": _complete(page),
        "facets": {
            column.value: [
                {"value": value, "documents": documents}
                for value, documents in values.items()
                if value
            ]
            for column, values in page.facets.items()
        },
    }
    return jsonify(record)


@blueprint.get("/api/v1/histogram")
def histogram() -> Response:
    """Send the number of matches from each month."""
    page = _count_facets((Column.MONTH,), _ALL_MONTHS)
    months: list[BarRecord] = [
        {"month": month, "documents": documents}
        for month, documents in sorted(page.facets.get(Column.MONTH, {}).items())
        if month
    ]
    record: HistogramRecord = {
        "query": page.query,
        "total": page.total,
        "complete": _complete(page),
        "months": months,
    }
    return jsonify(record)


@blueprint.get("/api/v1/openapi.json")
def openapi() -> Response:
    """Send the description of this interface (OpenAPI 3.1)."""
    return jsonify(describe(request.root_url))


def _count_facets(columns: tuple[Column, ...], size: int) -> ResultPage:
    """Search for the parameters of this request, and count facets."""
    params = replace(SearchParams.from_args(request.args), page=1, size=1)
    page = current_archive().search.search(params.to_request(columns, size))
    return forbid_caching_if_partial(page)


def _complete(page: ResultPage) -> bool:
    return not any(isinstance(notice, TimeNotice) for notice in page.notices)


def _version_record(version: Version) -> VersionRecord:
    return {
        "number": version.number,
        "captured": version.captured,
        "sha256": version.digest,
        "original": original_name(version),
        "reader": version.origin.reader,
        "reader_version": version.origin.reader_version,
        "warc_file": version.location.file,
        "warc_offset": version.location.offset,
        "warc_length": version.location.length,
    }
