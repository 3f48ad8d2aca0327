"""An Atom feed of any question, newest first."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for

from archive.records import Article, canonical_url
from indexer.engine.queries import Sort
from web.pages.search_params import question
from web.services import current_archive

pages = Blueprint("feeds", __name__)

ENTRIES = 50
"""Articles in a feed."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no place for."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@pages.get("/feed.atom")
def feed() -> Response:
    """The newest results of a question as Atom (RFC 4287)."""
    asked = replace(question(request.args), sort=Sort.NEWEST)
    articles = list(islice(current_archive().search.every(asked, ENTRIES), ENTRIES))
    arguments = urlencode(sorted(request.args.items(multi=True)))
    page = render_template(
        "feed.xml",
        asked=asked,
        articles=articles,
        updated=max(map(moment, articles), default=_LONG_AGO),
        identifier=urn(f"feed?{arguments}"),
        results=f"{url_for('search.form', lang=None, _external=True)}?{arguments}",
        moment=moment,
        urn=urn,
        origin=canonical_url,
    )
    return Response(_NOT_XML.sub("", page), content_type="application/atom+xml; charset=utf-8")


def moment(article: Article) -> datetime:
    """When an article last changed here: when it was taken in, else when it was published."""
    return article.captured or article.published or _LONG_AGO


def urn(name: str) -> str:
    """A name that stays the same wherever the archive is served."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"tangthu:{name}").urn
