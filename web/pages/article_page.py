"""The article: its page with hits highlighted, its versions, its original and its references."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request

from archive.catalogue.origins import ArticleOrigin
from archive.records import Article, Version, canonical_url
from indexer.intake.pictures.picture_sizes import PictureSize
from indexer.search.query.query_text import without_controls
from web.addresses.endpoint_descriptions import (
    BYTES,
    IDENTIFIER,
    Content,
    EndpointDescription,
    describes,
)
from web.addresses.parameters import (
    JsonSchema,
    choice_parameter,
    number_parameter,
    text_parameter,
)
from web.addresses.result_position import ResultPosition
from web.citations.article_metadata import json_ld, meta_tags, typed_links
from web.citations.citations import Reference, bibtex, csl, reference, ris, sentence
from web.citations.permalinks import holding_of, permalink
from web.citations.provenance import is_page, origin_name, original_name, origins_of_version
from web.export.export_kinds import BIBTEX, RIS
from web.export.formats import FILE_MEDIA_TYPES, FORMATS, attachment
from web.http.originals_watch import OriginalsState, current_watch
from web.pages.article_figures import place_figures
from web.pages.article_parts import article_part
from web.pages.article_pictures import article_figures
from web.pages.article_versions import LAST_VERSION, VERSION, captured_at, find_version
from web.pages.differences import DifferenceLine, difference
from web.pages.document_pages import SHOWN_PAGES, DocumentPage, pages_in_part, shown_pages
from web.pages.hit_anchors import HitAnchors
from web.pages.legal_links import anchored_paragraphs, legal_anchor, legal_links
from web.pages.person_page import speakers_of
from web.pages.picture_addresses import page_picture
from web.services import current_archive

blueprint = Blueprint("articles", __name__)

LONGEST_QUERY = 2000
"""Characters of a query that are read for highlighting an article."""

LONGEST_CHANGES = 400_000
"""Characters of changes that are shown, each line counted with what it costs besides."""

MOST_ORIGINS = 50
"""Originals of an article that its page lists."""

_LINE_COST = 80

SIMILAR_COUNT = 5
"""Similar articles below an article."""

_SHA256 = text_parameter(
    "sha256",
    "The SHA-256 of one of the article's originals.",
    allowed=re.compile("[0-9a-f]{64}").fullmatch,
)
_OLD, _NEW = (
    number_parameter(name, "The number of a version to compare.", 0, LAST_VERSION)
    for name in ("old", "new")
)
_SECTION = number_parameter("section", "The number of the section to cite.", 0, LAST_VERSION)
PART = number_parameter("part", "The part of an article that is too long for one.", 1, 1_000_000)


_RANGE = text_parameter(
    "Range", "The part that is asked for.", place="header", example="bytes=0-1023"
)

_CSL = "application/vnd.citationstyles.csl+json"

_ITEMS: JsonSchema = {"type": "array", "items": {"type": "object"}}

_REFERENCES = (
    Content(FILE_MEDIA_TYPES[BIBTEX], lambda article: bibtex(_reference_to(article))),
    Content(FILE_MEDIA_TYPES[RIS], lambda article: ris(_reference_to(article))),
    Content(
        _CSL,
        lambda article: [csl(_reference_to(article))],
        {"type": "array", "items": {"type": "object"}},
    ),
)


def _reference_to(article: Article) -> Reference:
    return reference(article, 0, holding_of(article.identifier))


@blueprint.get("/article/<identifier>")
def article(identifier: str) -> Response:
    """Show an article: `?q=` highlights the words of a query, `?version=` is an older version.

    An article that is too long for a page has parts: `?part=`, or that of a `?section=`.
    """
    archive, number = current_archive(), VERSION.read(request.args) or None
    store = archive.store
    article, versions = store.get(identifier, number), store.versions(identifier)
    version = find_version(versions, number)
    query = without_controls(request.args.get("q", "")[:LONGEST_QUERY])
    origins = origins_of_version(store.origins(identifier), version)
    cited = reference(article, 0, holding_of(identifier, number or 0))
    links = typed_links(article, cited, number or 0)
    part = article_part(article, PART.read(request.args), _SECTION.read(request.args))
    page = render_template(
        "article.html",
        article=article,
        permalink=permalink(identifier),
        meta_tags=meta_tags(article, cited),
        json_ld=json_ld(article, cited),
        links=links,
        part=part,
        origin=canonical_url(article.url) and article.url,
        highlight=HitAnchors(archive.search.highlighter(query), part.article),
        q=query,
        position=ResultPosition.from_request(),
        speakers=speakers_of(part.article) if not number else (),
        legal_links=legal_links(store, article),
        legal_anchor=legal_anchor,
        anchored_paragraphs=anchored_paragraphs,
        versions=versions,
        **_provenance(version, origins),
        has_page=is_page(article),
        figures=place_figures(article, article_figures(store, article, version)),
        **_printed_pages(pages_in_part(shown_pages(store, article, origins[0]), part)),
        page_picture=partial(
            page_picture, identifier, version.digest, size=PictureSize.SMALL, version=number
        ),
        similar=archive.search.similar_with_reasons(identifier, SIMILAR_COUNT)
        if number is None and part.number == 1
        else (),
        cited=sentence(cited),
        bibtex=bibtex(cited),
    )
    answer = make_response(page)
    answer.headers["Link"] = ", ".join(link.header for link in links)
    return answer


def _provenance(version: Version, origins: Sequence[ArticleOrigin]) -> dict[str, Any]:
    """Return what a page says of where a version comes from, and of the original kept of it."""
    is_away = current_watch().state() == OriginalsState.AWAY
    return {
        "version": version,
        "captured": captured_at,
        "original_name": original_name(version),
        "is_original_away": is_away
        and not current_archive().store.originals.has_file(version.location.file),
        "origins": origins[:MOST_ORIGINS],
        "origin_name": origin_name,
    }


def _printed_pages(pages: list[DocumentPage]) -> dict[str, Any]:
    """Return the variables of the pages that an article shows as they were printed."""
    return {
        "pages": pages[:SHOWN_PAGES],
        "more_pages": pages[SHOWN_PAGES:],
        "sheets": {page.section: page for page in pages},
    }


@blueprint.get("/article/<identifier>/changes")
def changes(identifier: str) -> str:
    """Show the differences between two versions: `?old=&new=`; without them, the last two.

    `?view=side` sets them side by side.
    """
    store = current_archive().store
    versions = store.versions(identifier)
    new = find_version(versions, _NEW.read(request.args) or None)
    older = [version for version in versions if version.number < new.number] or [new]
    old = find_version(versions, _OLD.read(request.args) or older[-1].number)
    newer = store.get(identifier, new.number)
    return render_template(
        "changes.html",
        article=newer,
        old=old,
        new=new,
        versions=versions,
        is_side=request.args.get("view") == "side",
        captured=captured_at,
        **_shown_lines(difference(store.get(identifier, old.number), newer)),
    )


@blueprint.get("/article/<identifier>/original")
@describes(
    EndpointDescription(
        "original",
        "The bytes that an article was read from",
        (Content("application/octet-stream", schema=BYTES),),
        (IDENTIFIER, VERSION, _SHA256, _RANGE),
        (206, 404, 410, 416),
        headers=(
            ("Content-Disposition", "A name for the file."),
            ("Accept-Ranges", "`bytes`: parts can be asked for."),
        ),
        group="files",
    )
)
def original(identifier: str) -> Response:
    """Send the bytes that an article was read from, as a download that no browser displays.

    `?version=` is those of an older version, `?sha256=` another original of the article.
    """
    store, number = current_archive().store, VERSION.read(request.args) or None
    version = find_version(store.versions(identifier), number)
    if number is None:
        # The newest version of a deleted article needs its number.
        store.get(identifier)
    if digest := _SHA256.read(request.args):
        return _download(f"{identifier}-{digest[:12]}", store.read_origin(identifier, digest))
    # With identifier and version, so that no two downloads collide.
    name = f"{identifier}-{version.number}-{_file_name(original_name(version))}"
    return _download(name, store.read_original(identifier, version.number))


@blueprint.get("/article/<identifier>/cite.<kind>")
@describes(
    EndpointDescription(
        "cite",
        "A reference to an article, or to one section of it",
        _REFERENCES,
        (
            IDENTIFIER,
            choice_parameter("kind", "The kind of file", ("bib", "ris", "json"), place="path"),
            VERSION,
            _SECTION,
        ),
        (404, 410),
        headers=(("Content-Disposition", "A name for the file."),),
        group="files",
    )
)
def cite(identifier: str, kind: str) -> Response:
    """Send a reference to the article, or `?section=`: `bib`, `ris` or `json` (CSL-JSON)."""
    number = VERSION.read(request.args) or None
    article = current_archive().store.get(identifier, number)
    holding = holding_of(identifier, number or 0)
    cited = reference(article, _SECTION.read(request.args), holding)
    if kind == "json":
        answer = jsonify([csl(cited)])
        answer.content_type = _CSL
    elif kind in ("bib", "ris"):
        text = bibtex(cited) if kind == "bib" else ris(cited)
        answer = Response(text, content_type=FORMATS[kind].media_type)
    else:
        abort(404)
    answer.headers["Content-Disposition"] = attachment(f"{cited.key}.{kind}")
    answer.vary.add("Accept-Language")
    return answer


def _file_name(name: str) -> str:
    """Return the name of an original as a file's: a line of JSON (`bao.jsonl.xz:7`) is one."""
    file, _, line = name.rpartition(":")
    return f"{file.partition('.')[0]}-{line}.json" if line.isdecimal() and ".json" in file else name


def _download(name: str, content: bytes) -> Response:
    headers = {
        "Content-Disposition": attachment(name),
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    answer = Response(content, headers=headers, content_type="application/octet-stream")
    # A large file goes on where it broke off, or is read in parts.
    answer.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return answer


def _shown_lines(lines: Sequence[DifferenceLine]) -> dict[str, Any]:
    """Return the variables of the lines that fit on a page, and the number of the others."""
    shown: list[DifferenceLine] = []
    length = 0
    for line in lines:
        length += _LINE_COST + sum(len(piece.text) for piece in line.pieces)
        if length > LONGEST_CHANGES:
            break
        shown.append(line)
    return {"lines": shown, "cut": len(lines) - len(shown)}
