"""The archive as a search engine of the browser's address bar (OpenSearch 1.1)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request

from web.addresses.parameter_checks import takes
from web.addresses.search_params import QUERY
from web.services import current_archive

blueprint = Blueprint("opensearch", __name__)


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """Send the description that lets a browser search here."""
    page = render_template("opensearch.xml")
    return Response(page, content_type="application/opensearchdescription+xml; charset=utf-8")


@blueprint.get("/suggest")
@takes(QUERY)
def suggestions() -> Response:
    """Send completions of a query in the form of browsers (OpenSearch Suggestions 1.0)."""
    text = request.args.get("q", "")
    suggested = current_archive().search.suggest(text)
    answer = jsonify([text, [suggestion.text for suggestion in suggested]])
    answer.content_type = "application/x-suggestions+json"
    return answer
