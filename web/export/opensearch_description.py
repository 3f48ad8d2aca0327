"""The archive as a search engine of the browser's address bar (OpenSearch 1.1)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request

from web.services import current_archive

pages = Blueprint("opensearch", __name__)


@pages.get("/opensearch.xml")
def description() -> Response:
    """What a browser has to know to search here."""
    page = render_template("opensearch.xml")
    return Response(page, content_type="application/opensearchdescription+xml; charset=utf-8")


@pages.get("/suggest")
def suggestions() -> Response:
    """How an unfinished query may go on, as browsers ask for it (OpenSearch Suggestions 1.0)."""
    text = request.args.get("q", "")
    answer = jsonify([text, [one.text for one in current_archive().search.suggest(text)]])
    answer.content_type = "application/x-suggestions+json"
    return answer
