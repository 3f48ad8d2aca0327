"""The JSON interface: the same records as the command line prints."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from archive.article import to_dict
from indexer.building.state import index_state
from indexer.searching.as_json import to_json
from web.asked import question
from web.services import services

pages = Blueprint("api", __name__)


@pages.get("/api/v1/search")
def search() -> Response:
    """A page of results: q, page, n, sort, exact, raw."""
    return jsonify(to_json(services().searcher.search(question(request.args))))


@pages.get("/api/v1/articles/<identifier>")
def article(identifier: str) -> Response:
    """One article."""
    return jsonify(to_dict(services().store.get(identifier)))


@pages.get("/healthz")
def health() -> Response:
    """Whether this process answers, and from which generation."""
    here = services()
    state = index_state(here.store)
    return jsonify(
        status="ok",
        generation=here.live.generation(),
        articles=here.store.count(),
        indexed=state.documents,
    )
