"""The archive as a search engine of the browser's address bar (OpenSearch 1.1)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request

from web.addresses.endpoint_descriptions import TEXT, Content, EndpointDescription, describes
from web.addresses.parameters import JsonSchema
from web.addresses.search_params import QUERY
from web.services import current_archive

blueprint = Blueprint("opensearch", __name__)


_DESCRIPTION = "application/opensearchdescription+xml"
_SUGGESTIONS = "application/x-suggestions+json"
_GROUP = "discovery"
_PAIR: JsonSchema = {"type": "array", "prefixItems": [TEXT, {"type": "array", "items": TEXT}]}
"""The query and its completions."""


@blueprint.get("/opensearch.xml")
@describes(
    EndpointDescription(
        "opensearch",
        "The archive as a search engine of a browser (OpenSearch 1.1)",
        (Content(_DESCRIPTION, lambda article: render_template("opensearch.xml")),),
        group=_GROUP,
        is_strict=False,
    )
)
def description() -> Response:
    """Send the description that lets a browser search here."""
    page = render_template("opensearch.xml")
    return Response(page, content_type=f"{_DESCRIPTION}; charset=utf-8")


@blueprint.get("/suggest")
@describes(
    EndpointDescription(
        "browser_suggestions",
        "Completions of a query in the form of browsers (OpenSearch Suggestions 1.0)",
        (Content(_SUGGESTIONS, lambda article: ["hoi c", ["hội chợ"]], _PAIR),),
        (QUERY,),
        group=_GROUP,
    )
)
def suggestions() -> Response:
    """Send completions of a query in the form of browsers (OpenSearch Suggestions 1.0)."""
    text = request.args.get("q", "")
    suggested = current_archive().search.suggest(text)
    answer = jsonify([text, [suggestion.text for suggestion in suggested]])
    answer.content_type = _SUGGESTIONS
    return answer
