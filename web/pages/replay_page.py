"""The page of an article as it was captured, in a frame in which nothing of it can run."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from archive.records import Article, Version
from indexer.intake.html.page_replay import ReplayAddresses, replay_page
from web.citations.provenance import is_page
from web.http.security_headers import POLICY
from web.pages.article_versions import VERSION, captured_at, find_version
from web.pages.captured_resources import ResourceFinder, send_resource
from web.services import current_archive

blueprint = Blueprint("replay", __name__)

_SANDBOX = "sandbox allow-top-navigation-by-user-activation"
_CAPTURE_POLICY = (
    f"{_SANDBOX}; default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; media-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
"""The policy of a capture: an origin of its own, no script, nothing from other sites."""

_FRAME_POLICY = f"{POLICY}; frame-src 'self'"


@blueprint.get("/article/<identifier>/page")
def page(identifier: str) -> Response:
    """Show the page as it was captured, in a frame below what the archive says of it."""
    article, version, newest = _captured_page(identifier)
    number = None if version.number == newest else version.number
    text = render_template(
        "replay.html",
        article=article,
        version=number,
        captured=captured_at(version),
        capture_url=url_for(".capture", identifier=identifier, version=number, lang=None),
    )
    answer = make_response(text)
    answer.headers["Content-Security-Policy"] = _FRAME_POLICY
    return answer


@blueprint.get("/article/<identifier>/capture")
def capture(identifier: str) -> Response:
    """Send the captured page itself, for the frame."""
    article, version, _ = _captured_page(identifier)
    content = current_archive().store.read_original(identifier, version.number)
    resources = ResourceFinder(current_archive().store, identifier, version)
    addresses = ReplayAddresses(article.url, resources.url, _archived_url)
    answer = Response(replay_page(content, addresses), content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = _CAPTURE_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    # Its origin is its own already; browsers complain where one site asks for both.
    answer.headers["Origin-Agent-Cluster"] = "?0"
    return answer


@blueprint.get("/article/<identifier>/capture/<name>")
def resource(identifier: str, name: str) -> Response:
    """Send a picture, style sheet or font that was captured with the page."""
    _, version, _ = _captured_page(identifier)
    return send_resource(ResourceFinder(current_archive().store, identifier, version), name)


def _captured_page(identifier: str) -> tuple[Article, Version, int]:
    """Return the article and version of an address, and the number of the newest version."""
    store, number = current_archive().store, VERSION.read(request.args) or None
    article = store.get(identifier, number)
    if not is_page(article):
        abort(404)
    versions = store.versions(identifier)
    return article, find_version(versions, number), versions[-1].number


def _archived_url(address: str) -> str:
    """Return where the archive looks a linked page up."""
    return f"{request.script_root}/url/{quote(address, safe=':/?&=%')}"
