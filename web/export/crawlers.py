"""Rules for crawlers in robots.txt, and the sitemaps of all articles by month of capture."""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, render_template, request

from archive.records import Article
from web.addresses.endpoint_descriptions import Content, EndpointDescription, describes
from web.addresses.parameters import number_parameter, text_parameter
from web.addresses.search_params import FILTER_NAMES
from web.citations.permalinks import permalink
from web.services import current_access, current_archive, public_address

blueprint = Blueprint("crawlers", __name__)

SITEMAP_SIZE = 20_000
"""Addresses in one sitemap; the protocol allows 50,000."""

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)

_STATES = ("exact", "raw", "match", "sort", "from", "to", "n")
"""Parameters whose combinations make endlessly many pages of the same articles."""


_XML = "application/xml"
_GROUP = "discovery"


@blueprint.get("/robots.txt")
@describes(
    EndpointDescription(
        "robots",
        "Rules for crawlers (RFC 9309)",
        (Content("text/plain", "User-agent: *\nDisallow: /*?sort=\n"),),
        group=_GROUP,
        is_strict=False,
    )
)
def robots() -> Response:
    """Send the rules for crawlers: articles and plain results, no combinations of filters."""
    if current_access().private:
        return Response("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
    prefix = request.script_root
    names = [*_STATES, *FILTER_NAMES, *(f"not.{name}" for name in FILTER_NAMES)]
    lines = ["User-agent: *"]
    lines += [f"Disallow: {prefix}/*?{name}=" for name in names]
    lines += [f"Disallow: {prefix}/*&{name}=" for name in names]
    paths = (
        "result",
        "values/",
        "list",
        "trends",
        "export.",
        "suggest",
        "api/",
        "article/*/original",
        "article/*/changes",
        "article/*/page",
        "article/*/capture",
    )
    lines += [f"Disallow: {prefix}/{path}" for path in paths]
    lines += ["", f"Sitemap: {public_address()}sitemap.xml", ""]
    answer = Response("\n".join(lines), content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "max-age=3600"
    return answer


@blueprint.get("/sitemap.xml")
@describes(
    EndpointDescription(
        "sitemaps",
        "The index of the sitemaps of all articles",
        (Content(_XML, lambda article: _index_of([f"{public_address()}sitemap-2022-03-1.xml"])),),
        group=_GROUP,
        is_strict=False,
    )
)
def sitemaps() -> Response:
    """Send the index of the sitemaps: one or more for each month in which articles were added."""
    store, pages = current_archive().store, []
    for month, count in store.count_by_month().items():
        for number in range(-(-count // SITEMAP_SIZE)):
            pages.append(f"{public_address()}sitemap-{month}-{number + 1}.xml")
    return _xml(_index_of(pages))


def _index_of(pages: list[str]) -> str:
    return render_template("sitemaps.xml", pages=pages)


def _render_sitemap(entries: list[tuple[str, str]]) -> str:
    return render_template("sitemap.xml", entries=entries)


def _example_sitemap(article: Article) -> str:
    return _render_sitemap([(permalink(article.identifier), "2022-03-05")])


@blueprint.get("/sitemap-<month>-<int:number>.xml")
@describes(
    EndpointDescription(
        "sitemap",
        "The articles that were added in a month, with the day of their last capture",
        (
            Content(
                _XML,
                lambda article: _render_sitemap([(permalink(article.identifier), "2022-03-05")]),
            ),
        ),
        (
            text_parameter("month", "A month.", place="path", example="2022-03"),
            number_parameter("number", "Which of the month's sitemaps.", 0, 10_000, place="path"),
        ),
        (404,),
        group=_GROUP,
        is_strict=False,
    )
)
def sitemap(month: str, number: int) -> Response:
    """Send the addresses of one month's articles, each with its last capture."""
    if not _MONTH.fullmatch(month) or not 0 < number <= 10_000:
        abort(404)
    store = current_archive().store
    captured = store.captured_in(month, (number - 1) * SITEMAP_SIZE, SITEMAP_SIZE)
    if not captured:
        abort(404)
    entries = [(permalink(identifier), moment[:10]) for identifier, moment in captured]
    return _xml(_render_sitemap(entries))


def _xml(text: str) -> Response:
    return Response(text, content_type=f"{_XML}; charset=utf-8")
