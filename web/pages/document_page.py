"""A page of a document: as it was printed, beside its text."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from archive.records import Article, Version
from indexer.intake.pictures.picture_artist import Drawing
from indexer.intake.pictures.picture_sizes import PictureSize
from indexer.search.query.query_text import without_controls
from web.addresses.parameter_checks import takes
from web.citations.provenance import origins_of_version
from web.pages.article_page import LONGEST_QUERY
from web.pages.article_versions import VERSION
from web.pages.document_pages import document_pages, has_drawn_pages, sections_on
from web.pages.drawn_pictures import PictureSource, send_drawn, shown_version
from web.pages.hit_anchors import HitAnchors
from web.pages.picture_addresses import PICTURE_DIGEST, page_picture
from web.services import current_archive

blueprint = Blueprint("document_pages", __name__)

_LAST_PAGE = 100_000


@blueprint.get("/article/<identifier>/pages/<int:number>")
def view(identifier: str, number: int) -> str:
    """Show one page of a document beside its text: `?q=` highlights the words of a query."""
    article, version = _document(identifier)
    pages = document_pages(article)
    place = next((place for place, page in enumerate(pages) if page.number == number), None)
    if place is None:
        abort(404)
    chosen = VERSION.read(request.args) or None
    query = without_controls(request.args.get("q", "")[:LONGEST_QUERY])
    return render_template(
        "document_page.html",
        article=article,
        version=chosen,
        page_of_document=pages[place],
        previous=pages[place - 1] if place else None,
        following=pages[place + 1] if place + 1 < len(pages) else None,
        sections=sections_on(article, number),
        highlight=HitAnchors(current_archive().search.highlighter(query), article),
        q=query,
        picture=page_picture(identifier, version.digest, number, PictureSize.LARGE, chosen),
    )


@blueprint.get("/article/<identifier>/pages/<int:number>/<size>.webp")
@takes(VERSION, PICTURE_DIGEST)
def picture(identifier: str, number: int, size: str) -> Response:
    """Send the picture of a page, `small` or `large`."""
    if size not in PictureSize.__members__.values() or not 0 < number <= _LAST_PAGE:
        abort(404)
    _, version = _document(identifier)
    store = current_archive().store
    source = PictureSource(
        identifier,
        VERSION.read(request.args) or None,
        version.digest,
        lambda: store.read_original(identifier, version.number),
    )
    return send_drawn(source, Drawing(PictureSize(size), number))


def _document(identifier: str) -> tuple[Article, Version]:
    """Return the article and version of an address, which has pages that are drawn."""
    article, version = shown_version(identifier, VERSION.read(request.args) or None)
    origins = origins_of_version(current_archive().store.origins(identifier), version)
    if not has_drawn_pages(origins[0]):
        abort(404)
    return article, version
