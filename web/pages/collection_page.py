"""Pages of collections: the owner's, and a reader's own list, which its address holds."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

from flask import Blueprint, abort, current_app, redirect, render_template, request
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from indexer.search.search_records import ResultPage
from web.addresses.page_numbers import page_numbers
from web.addresses.reading_list import MOST_LISTED, ReadingList, articles_of
from web.addresses.search_params import PAGE, SearchParams
from web.addresses.urls import UrlBuilder
from web.http.validators import forbid_caching_if_partial
from web.services import current_archive
from web.site.collections import COLLECTIONS, Collection, Collections

blueprint = Blueprint("collections", __name__)

PAGE_SIZE = 50
"""Articles of a collection on one page."""

LONGEST_REFERENCE = 2000
"""Characters of the address or identifier of an article that is added to a list."""


def current_collections() -> Collections:
    """Return the owner's collections."""
    collections: Collections = current_app.extensions[COLLECTIONS]
    return collections


@blueprint.get("/collections")
def collections() -> str:
    """List the owner's collections."""
    return render_template("collections.html", collections=list(current_collections().values()))


@blueprint.get("/collections/<name>")
def collection(name: str) -> str:
    """Show a collection: its description, its articles, and the results of its query."""
    shown = current_collections().get(name)
    if shown is None:
        abort(404)
    number, last = PAGE.read(request.args), max(1, -(-len(shown.identifiers) // PAGE_SIZE))
    number = min(number, last)
    start = (number - 1) * PAGE_SIZE
    params, results = _search(shown)
    return render_template(
        "collection.html",
        collection=shown,
        articles=articles_of(shown.identifiers[start : start + PAGE_SIZE]),
        page_number=number,
        page_numbers=page_numbers(number, last),
        results=results,
        results_urls=UrlBuilder(params),
    )


@blueprint.get("/list")
def reading_list() -> str | Response:
    """Show a reader's list: `?id=…&id=…&title=…`; `?add=` adds an address or identifier to it."""
    listed = ReadingList.from_args(request.args)
    added = request.args.get("add", "").strip()[:LONGEST_REFERENCE]
    store = current_archive().store
    if added and (named := store.find_by_identifier(added) or store.find_by_address(added)):
        return redirect(listed.with_(named[:1]).url, 303)
    articles = listed.articles()
    return render_template(
        "reading_list.html",
        listed=listed,
        articles=articles,
        not_added=added,
        is_full=len(listed.identifiers) == MOST_LISTED,
        gone=len(listed.identifiers) - len(articles),
    )


def _search(shown: Collection) -> tuple[SearchParams, ResultPage | None]:
    """Return the search of a collection, and its first results; None where it has no query."""
    params = SearchParams.from_args(MultiDict(parse_qsl(shown.query)))
    if not shown.query:
        return params, None
    page = current_archive().search.search(replace(params, page=1).to_request())
    return params, forbid_caching_if_partial(page)
