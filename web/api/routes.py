"""The JSON interface: the same records as the command line prints."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, jsonify, request

from archive.records import Version
from indexer.engine.queries import Column
from indexer.search.completion import MOST_SUGGESTIONS
from indexer.search.present.json_form import to_json
from indexer.search.search_records import NoticeKind, ResultPage
from web.api.openapi import describe
from web.api.records import (
    BarRecord,
    FacetsRecord,
    HistogramRecord,
    SuggestionsRecord,
    VersionRecord,
    VersionsRecord,
)
from web.http.validators import keep_whole
from web.pages.provenance import original_name, record
from web.pages.search_params import LISTED, SearchParams, asked, number, question
from web.services import current_archive

pages = Blueprint("api", __name__)

VALUES = 50
"""Values of a column when nobody says how many."""

MOST_VALUES = 5000

_MOST_MONTHS = 100_000
"""Months are few: all of them are told."""


@pages.get("/api/v1/search")
def search() -> Response:
    """A page of results."""
    return jsonify(to_json(keep_whole(current_archive().search.search(question(request.args)))))


@pages.get("/api/v1/suggest")
def suggest() -> Response:
    """How an unfinished query may go on."""
    text = request.args.get("q", "")
    limit = number(request.args.get("n", ""), 8, MOST_SUGGESTIONS)
    found = current_archive().search.suggest(text, limit)
    record: SuggestionsRecord = {
        "query": text,
        "suggestions": [{"text": one.text, "documents": one.documents} for one in found],
    }
    return jsonify(record)


@pages.get("/api/v1/articles/<identifier>")
def article(identifier: str) -> Response:
    """One article, in its newest version or the one that is named."""
    version = number(request.args.get("version", ""), 0, 10**9) or None
    return jsonify(record(current_archive().store.get(identifier, version)))


@pages.get("/api/v1/articles/<identifier>/versions")
def versions(identifier: str) -> Response:
    """The versions of an article, also of one that was deleted."""
    found = current_archive().store.versions(identifier)
    record: VersionsRecord = {"id": identifier, "versions": [_version(one) for one in found]}
    return jsonify(record)


@pages.get("/api/v1/facets")
def facets() -> Response:
    """How many of the matches have each value of the columns."""
    size = number(request.args.get("n", ""), VALUES, MOST_VALUES)
    wanted = request.args.getlist("column")
    columns = tuple(column for column in LISTED if column in wanted) or LISTED
    page = _counted(asked(request.args), columns, size)
    record: FacetsRecord = {
        "query": page.query,
        "total": page.total,
        "complete": _complete(page),
        "facets": {
            facet.column.value: [
                {"value": value, "documents": documents}
                for value, documents in facet.values
                if value
            ]
            for facet in page.facets
        },
    }
    return jsonify(record)


@pages.get("/api/v1/histogram")
def histogram() -> Response:
    """How many of the matches are from each month."""
    page = _counted(asked(request.args), (Column.MONTH,), _MOST_MONTHS)
    months: list[BarRecord] = [
        {"month": month, "documents": documents}
        for facet in page.facets
        for month, documents in sorted(facet.values)
        if month
    ]
    record: HistogramRecord = {
        "query": page.query,
        "total": page.total,
        "complete": _complete(page),
        "months": months,
    }
    return jsonify(record)


@pages.get("/api/v1/openapi.json")
def openapi() -> Response:
    """The description of this interface (OpenAPI 3.1)."""
    return jsonify(describe(request.root_url))


def _counted(state: SearchParams, columns: tuple[Column, ...], size: int) -> ResultPage:
    state = replace(state, page=1, size=1)
    return keep_whole(current_archive().search.search(state.question(columns, size)))


def _complete(page: ResultPage) -> bool:
    return not any(note.kind is NoticeKind.TIME for note in page.notes)


def _version(version: Version) -> VersionRecord:
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
