"""The JSON interface: its views, with what each takes and answers.

It answers with the records of the command line.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from msgspec import Struct, structs, to_builtins

from archive.catalogue.origins import ArticleOrigin
from archive.records import Version
from indexer.engine.queries import Column
from indexer.search.completion import MOST_SUGGESTIONS
from indexer.search.present.json_form import to_json
from indexer.search.search_records import ResultPage
from web.addresses.endpoint_descriptions import IDENTIFIER, Content, EndpointDescription, describes
from web.addresses.parameter_checks import refuse
from web.addresses.parameters import Parameter, number_parameter, text_parameter
from web.addresses.search_params import (
    FACET_COLUMNS,
    PAGE,
    SEARCH_PARAMETERS,
    SIZE,
    SORT,
    SearchParams,
)
from web.api.openapi import describe, described_addresses
from web.api.records import (
    ArticleRecord,
    ChangeRecord,
    ChangesRecord,
    FacetsRecord,
    HistogramRecord,
    MonthCount,
    OriginRecord,
    SearchRecord,
    SuggestionsRecord,
    ValueCount,
    VersionRecord,
    VersionsRecord,
)
from web.citations.provenance import (
    origin_name,
    original_name,
    origins_of_version,
    public_record,
    title_keys,
)
from web.http.problem_details import ParameterProblem
from web.http.validators import forbid_caching_if_partial, is_complete
from web.pages.article_page import PART
from web.pages.article_parts import article_part
from web.pages.article_versions import VERSION
from web.services import current_access, current_archive

blueprint = Blueprint("api", __name__)

_MOST_ORIGINS = 1000
"""Originals that are named of one version."""

_LONGEST_SEQUENCE = 18
"""Digits of a number in the sequence of changes."""

_COLUMN = text_parameter(
    "column",
    f"Only these: {', '.join(FACET_COLUMNS)}.",
    repeatable=True,
    allowed=set(FACET_COLUMNS).__contains__,
)
_VALUE_COUNT = number_parameter("n", "Values a column, the commonest.", 50, 5000)
_COMPLETION_COUNT = number_parameter("n", "Suggestions at most.", 8, MOST_SUGGESTIONS)
_SINCE_NUMBER = Parameter(
    "since",
    "The number after which changes are wanted: `last` of the answer before, at first 0.",
    lambda text: int(text) if _is_sequence(text) else 0,
    {"type": "integer", "minimum": 0, "maximum": 10**18 - 1, "default": 0},
    allowed=lambda text: _is_sequence(text),
    example="0",
)
_CHANGE_COUNT = number_parameter("n", "Changes at most.", 1000, 10_000)
_AHEAD = (
    "comes after the last change, {}: this is another archive, or one that was restored from an "
    "older backup. Begin again with 0."
)
"""A mirror that went on would miss the changes that get these numbers a second time."""

_ALL_MONTHS = 100_000
"""A number of months that no archive has."""


_UNFINISHED = text_parameter("q", "The unfinished query.", example="cong an n")
_NEIGHBOURS = (("Link", "The pages beside this one: `rel=next`, `rel=prev`."),)
_JSON = "application/json"
_MISSING = (404, 410)


def _is_sequence(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_SEQUENCE


@blueprint.get("/api/v1/search")
@describes(
    EndpointDescription(
        "search",
        "A page of results",
        (Content(_JSON, record=SearchRecord),),
        (*SEARCH_PARAMETERS, PAGE, SIZE, SORT),
        headers=_NEIGHBOURS,
    )
)
def search() -> Response:
    """Send a page of results."""
    params = SearchParams.from_args(request.args)
    page = forbid_caching_if_partial(current_archive().search.search(params.to_request()))
    page = structs.replace(page, notices=(*page.notices, *params.notices))
    following = _address("search", params, page.page + 1) if page.page < page.pages else None
    answer = jsonify(to_json(page) | {"next": following})
    if following:
        answer.headers.add("Link", f'<{following}>; rel="next"')
    if page.page > 1:
        previous = _address("search", params, page.page - 1)
        answer.headers.add("Link", f'<{previous}>; rel="prev"')
    return answer


@blueprint.get("/api/v1/changes")
@describes(
    EndpointDescription(
        "changes",
        "The newest changes of articles, for mirrors",
        (Content(_JSON, record=ChangesRecord),),
        (_SINCE_NUMBER, _CHANGE_COUNT),
        headers=_NEIGHBOURS,
    )
)
def changes() -> Response:
    """Send the newest changes of articles after a number of the sequence, for mirrors."""
    since, size = _SINCE_NUMBER.read(request.args), _CHANGE_COUNT.read(request.args)
    store = current_archive().store
    if since > (newest := store.last_sequence()):
        return refuse([ParameterProblem("since", str(since), _AHEAD.format(newest))])
    rows = store.newest_changes(since, size + 1)
    records = tuple(
        ChangeRecord(
            sequence=row.sequence,
            identifier=row.identifier,
            kind="deleted" if row.is_deleted else row.kind,
            version=row.version,
            changed=row.changed,
            url=url_for(".article", identifier=row.identifier, _external=True),
        )
        for row in rows[:size]
    )
    last = records[-1].sequence if records else since
    following = None
    if len(rows) > size:
        following = url_for(".changes", since=last, n=size, _external=True)
    answer = _send(ChangesRecord(since, last, records, following))
    if following:
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer


def _address(endpoint: str, params: SearchParams, page: int) -> str:
    """Return the address of another page of a search."""
    query = replace(params, page=page).query_string
    return f"{url_for(f'.{endpoint}', _external=True)}?{query}"


@blueprint.get("/api/v1/suggest")
@describes(
    EndpointDescription(
        "suggest",
        "Completions of an unfinished query",
        (Content(_JSON, record=SuggestionsRecord),),
        (_UNFINISHED, _COMPLETION_COUNT),
    )
)
def suggest() -> Response:
    """Send completions of an unfinished query."""
    text = request.args.get("q", "")
    suggested = current_archive().search.suggest(text, _COMPLETION_COUNT.read(request.args))
    return _send(SuggestionsRecord(text, suggested))


@blueprint.get("/api/v1/articles/<identifier>")
@describes(
    EndpointDescription(
        "article",
        "One article",
        (Content(_JSON, record=ArticleRecord),),
        (IDENTIFIER, VERSION, PART),
        _MISSING,
    )
)
def article(identifier: str) -> Response:
    """Send one article, in its newest version or the one in the address.

    One that is too long comes in parts.
    """
    number = VERSION.read(request.args) or None
    whole = current_archive().store.get(identifier, number)
    part = article_part(whole, PART.read(request.args))
    numbers = {"part": part.number, "parts": part.count, "first_section": part.first_section}
    return jsonify(public_record(part.article) | title_keys(whole) | numbers)


@blueprint.get("/api/v1/articles/<identifier>/versions")
@describes(
    EndpointDescription(
        "versions",
        "The versions of an article, oldest first",
        (Content(_JSON, record=VersionsRecord),),
        (IDENTIFIER,),
        _MISSING,
    )
)
def versions(identifier: str) -> Response:
    """Send the versions of an article, also of a deleted one."""
    store = current_archive().store
    versions, origins = store.versions(identifier), store.origins(identifier)
    records = (
        _version_record(version, origins_of_version(origins, version)) for version in versions
    )
    return _send(VersionsRecord(identifier, tuple(records)))


@blueprint.get("/api/v1/facets")
@describes(
    EndpointDescription(
        "facets",
        "The number of matches with each value of the columns",
        (Content(_JSON, record=FacetsRecord),),
        (*SEARCH_PARAMETERS, _COLUMN, _VALUE_COUNT),
    )
)
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


@blueprint.get("/api/v1/histogram")
@describes(
    EndpointDescription(
        "histogram",
        "The number of matches from each month",
        (Content(_JSON, record=HistogramRecord),),
        SEARCH_PARAMETERS,
    )
)
def histogram() -> Response:
    """Send the number of matches from each month."""
    page = _count_facets((Column.MONTH,), _ALL_MONTHS)
    months = sorted(page.facets.get(Column.MONTH, {}).items())
    counts = tuple(MonthCount(*pair) for pair in months if pair[0])
    return _send(HistogramRecord(page.query, page.total, is_complete(page), counts))


@blueprint.get("/api/v1/openapi.json")
@describes(
    EndpointDescription(
        "openapi",
        "This description",
        (Content(_JSON, schema={"type": "object"}),),
        is_strict=False,
    )
)
def openapi() -> Response:
    """Send the description of everything that programs may ask (OpenAPI 3.1)."""
    private = current_access().private
    addresses = described_addresses(current_app, private=private)
    return jsonify(describe(request.root_url, addresses, private=private))


def _count_facets(columns: tuple[Column, ...], size: int) -> ResultPage:
    """Search for the parameters of this request, and count facets."""
    params = replace(SearchParams.from_args(request.args), page=1, size=1)
    page = current_archive().search.search(params.to_request(columns, size))
    return forbid_caching_if_partial(page)


def _send(record: Struct) -> Response:
    return jsonify(to_builtins(record, str_keys=True))


def _version_record(version: Version, origins: list[ArticleOrigin]) -> VersionRecord:
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
        origins=tuple(map(_origin_record, origins[:_MOST_ORIGINS])),
    )


def _origin_record(origin: ArticleOrigin) -> OriginRecord:
    return OriginRecord(
        original=origin_name(origin),
        captured=origin.captured,
        sha256=origin.digest,
        media_type=origin.media_type,
        reader=origin.origin.reader,
        reader_version=origin.origin.reader_version,
        warc_file=origin.location.file,
        warc_offset=origin.location.offset,
        warc_length=origin.location.length,
    )
