"""The archive as a search engine of the browser's address bar (OpenSearch 1.1)."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

pages = Blueprint("opensearch", __name__)


@pages.get("/opensearch.xml")
def description() -> Response:
    """What a browser has to know to search here."""
    page = render_template("opensearch.xml")
    return Response(page, content_type="application/opensearchdescription+xml; charset=utf-8")
