"""The search form, its results, and the lists of values to filter by."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel.speaklater import LazyString
from werkzeug import Response

from indexer.engine.queries import Column, MatchAll, Sort
from indexer.search.query_notices import (
    ArticleNotice,
    CutNotice,
    RelaxedNotice,
    WordLimitNotice,
)
from indexer.search.search_records import MatchMode, ResultPage
from web.addresses.page_numbers import page_numbers
from web.addresses.result_position import ResultPosition
from web.addresses.search_params import (
    CHOICE_COLUMNS,
    FACET_COLUMNS,
    LONGEST_VALUE,
    PAGE,
    ChartScale,
    SearchParams,
)
from web.addresses.urls import UrlBuilder
from web.http.validators import forbid_caching_if_partial
from web.languages.languages import language
from web.owner.example_queries import (
    ExampleMemory,
    ExampleQuery,
    chosen_examples,
    draw_examples,
)
from web.pages import facets
from web.pages.article_pictures import hit_thumbnails
from web.pages.histogram import histogram
from web.pages.notices import REASONS
from web.pages.remarks import remarks
from web.pages.zero_results import ZeroResults
from web.services import current_archive, current_site

blueprint = Blueprint("search", __name__)

_EXAMPLES = "tangthu.examples"

COUNTED_COLUMNS = (Column.MONTH, *FACET_COLUMNS)
FACET_SIZE = 1200
"""Values of a column that the engine counts: a century of months."""

MOST_VALUES = 5000
"""Values of a column on its list, the commonest."""

VALUES_A_PAGE = 200

PAGE_SIZES = (10, 20, 50)
"""Results a page to choose from; of the most, each has one snippet."""

NEWEST_COUNT = 5
"""Newest articles on the first page, before a search."""


@blueprint.get("/")
def form() -> str | Response:
    """Show the form, and the results of a search; an address or identifier opens its article."""
    params = SearchParams.from_args(request.args)
    if not params.text.strip() and not params.is_filtered:
        return _first_page(params)
    search_request = replace(
        params.to_request(COUNTED_COLUMNS, FACET_SIZE),
        open_facets=(Column.MONTH, *CHOICE_COLUMNS),
    )
    page = forbid_caching_if_partial(current_archive().search.search(search_request))
    if page.total == len(page.hits) == 1 and _is_named(page):
        return redirect(url_for("articles.article", identifier=page.hits[0].identifier), 303)
    return render_template("results.html", **_results(page, params))


@blueprint.get("/result")
def result() -> Response:
    """Lead to the article that is one result of a search, or to its results where there is none."""
    position = ResultPosition.from_request()
    if position is None:
        abort(404)
    one = replace(position.params, page=position.number, size=1)
    page = forbid_caching_if_partial(current_archive().search.search(one.to_request()))
    if not page.hits:
        last = replace(position, number=max(1, page.listed - page.hidden))
        return redirect(last.results_url, 303)
    hit = page.hits[0]
    anchor = hit.section.anchor if hit.section else ""
    return redirect(position.article_url(hit.identifier, anchor), 303)


def _is_named(page: ResultPage) -> bool:
    """Tell whether the query was the address or identifier of the results."""
    return any(isinstance(notice, ArticleNotice) for notice in page.notices)


@blueprint.get("/values/<column>")
def values(column: str) -> str:
    """List all values of a column in the results, in Vietnamese order or commonest first."""
    if column not in FACET_COLUMNS:
        abort(404)
    params = SearchParams.from_args(request.args)
    page = _search_or_browse(replace(params, page=1, size=1), (Column(column),), MOST_VALUES)
    pairs = [pair for pair in page.facets.get(Column(column), {}).items() if pair[0]]
    sought = request.args.get("find", "")[:LONGEST_VALUE].strip()
    pairs = facets.containing(pairs, column, sought) if sought else pairs
    by_count = request.args.get("by") == "count"
    pairs = facets.ordered(pairs) if by_count else facets.alphabetical(pairs, column)
    last_page = max(1, -(-len(pairs) // VALUES_A_PAGE))
    page_number = min(PAGE.read(request.args), last_page)
    urls = UrlBuilder(params)
    start = (page_number - 1) * VALUES_A_PAGE
    return render_template(
        "values.html",
        params=params,
        urls=urls,
        column=column,
        label=facets.LIST_LABELS[column],
        values=facets.links(Column(column), pairs[start : start + VALUES_A_PAGE], urls),
        value_count=len(pairs),
        is_cut=len(pairs) == MOST_VALUES,
        by_count=by_count,
        letters=[] if by_count else facets.letters(pairs, column, VALUES_A_PAGE),
        sought=sought,
        page_number=page_number,
        page_numbers=page_numbers(page_number, last_page),
    )


def _search_or_browse(
    params: SearchParams, columns: tuple[Column, ...], facet_size: int
) -> ResultPage:
    """Search and count facets; without words and filters, among all articles."""
    search_request = params.to_request(columns, facet_size)
    if not search_request.filters and not params.text.strip():
        search_request = replace(search_request, filters=(MatchAll(),))
    return forbid_caching_if_partial(current_archive().search.search(search_request))


def _first_page(params: SearchParams) -> str:
    """Show the form with the newest articles and facets of the whole archive."""
    newest = replace(params, page=1, size=NEWEST_COUNT, sort=Sort.NEWEST)
    page = _search_or_browse(newest, COUNTED_COLUMNS, FACET_SIZE)
    return render_template(
        "form.html",
        article_count=current_archive().store.count_articles(),
        # Without a date none is newer than another.
        newest=[hit for hit in page.hits if hit.published] or page.hits,
        examples=_examples(page),
        **_context(page, params),
    )


def _examples(page: ResultPage) -> list[ExampleQuery]:
    """Return the owner's examples, or those that the archive itself gives."""
    archive, queries = current_archive(), current_site().examples
    memory: ExampleMemory = current_app.extensions.setdefault(_EXAMPLES, ExampleMemory())

    def draw() -> list[ExampleQuery]:
        if queries:
            return chosen_examples(archive.search, queries)
        return draw_examples(archive.search, page)

    state = (archive.live_index.switched_at(), archive.store.last_sequence())
    return memory.examples(state, language(), draw)


def _results(page: ResultPage, params: SearchParams) -> dict[str, Any]:
    """Return the variables of the page of results."""
    typed, params = params.text, replace(params, text=_counted_text(page, params.text))
    context = _context(page, params)
    urls = context["urls"]
    active = facets.active_filters(params, urls)
    filter_links = len(active) + sum(bool(active_filter.page_url) for active_filter in active)
    is_relaxed = any(isinstance(notice, RelaxedNotice) for notice in page.notices)
    return context | {
        "page": page,
        "q": typed,
        "remarks": remarks(page, params, urls, filter_links),
        "reasons": _telling_reasons(page),
        "thumbnails": hit_thumbnails(current_archive().store, page.hits),
        # Exports hold full matches unless they are asked for partial ones.
        "exports": UrlBuilder(replace(params, match=MatchMode.PARTIAL)) if is_relaxed else urls,
        "is_partial": is_relaxed or params.match in (MatchMode.PARTIAL, MatchMode.ANY),
        "is_bare": page.query.isascii(),
        "active_filters": active,
        "page_numbers": page_numbers(page.page, page.pages),
        "page_sizes": PAGE_SIZES,
        "snippet_count": 1 if params.size > PAGE_SIZES[1] else None,
        "is_archive_empty": not page.hits and not current_archive().store.count_articles(),
        "zero_results": ZeroResults(current_archive().search, params, page),
    }


def _counted_text(page: ResultPage, typed: str) -> str:
    """Return the query without the words beyond the limits, which each link would repeat."""
    starts = [notice.start for notice in page.notices if isinstance(notice, WordLimitNotice)]
    if starts and page.searched == page.query:
        return page.query[: min(starts)].rstrip()
    return page.query if any(isinstance(notice, CutNotice) for notice in page.notices) else typed


def _telling_reasons(page: ResultPage) -> dict[str, LazyString]:
    """Return the names of those reasons to match that tell the hits of a page apart."""
    shared = set.intersection(*(set(hit.why) for hit in page.hits)) if len(page.hits) > 1 else set()
    return {reason: name for reason, name in REASONS.items() if reason not in shared}


def _context(page: ResultPage, params: SearchParams) -> dict[str, Any]:
    """Return the variables of every page with facets."""
    urls = UrlBuilder(params)
    months = tuple(page.facets.get(Column.MONTH, {}).items())
    all_months = None
    if params.chart is ChartScale.SHARE and months:
        all_months = current_archive().search.count_values(Column.MONTH, FACET_SIZE)
    return {
        "params": params,
        "urls": urls,
        "groups": facets.groups(page.facets, params, urls),
        "histogram": histogram(months, params, urls, all_months),
    }
