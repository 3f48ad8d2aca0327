"""The JSON interface: the same records as the command line prints."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from archive.article import to_dict
from indexer.searching.as_json import to_json
from indexer.searching.suggest import MOST_SUGGESTIONS
from web.asked import number, question
from web.services import services

pages = Blueprint("api", __name__)


@pages.get("/api/v1/search")
def search() -> Response:
    """A page of results: q, page, n, sort, exact, raw."""
    return jsonify(to_json(services().searcher.search(question(request.args))))


@pages.get("/api/v1/suggest")
def suggest() -> Response:
    """How an unfinished query may go on: q, n."""
    text = request.args.get("q", "")
    limit = number(request.args.get("n", ""), 8, MOST_SUGGESTIONS)
    found = services().searcher.suggest(text, limit)
    offers = [{"text": one.text, "documents": one.documents} for one in found]
    return jsonify(query=text, suggestions=offers)


@pages.get("/api/v1/articles/<identifier>")
def article(identifier: str) -> Response:
    """One article."""
    return jsonify(to_dict(services().store.get(identifier)))
