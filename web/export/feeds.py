"""An Atom feed of any search, newest first."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for

from archive.records import Article, canonical_url
from indexer.engine.queries import MatchAll, Sort
from web.pages.parameter_checks import takes
from web.pages.search_params import SEARCH_PARAMETERS, VIEW_PARAMETERS, SearchParams
from web.services import current_archive, public_url

blueprint = Blueprint("feeds", __name__)

FEED_SIZE = 50
"""Articles in a feed."""

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that are not allowed in XML 1.0."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@blueprint.get("/feed.atom")
@takes(*SEARCH_PARAMETERS, *VIEW_PARAMETERS)
def feed() -> Response:
    """Send the newest results of a search, or the newest of all articles, as Atom (RFC 4287)."""
    params = SearchParams.from_args(request.args)
    asked = params.to_request()
    # Whoever asks for nothing follows the archive.
    filters = asked.filters or (() if asked.text.strip() else (MatchAll(),))
    newest = replace(asked, sort=Sort.NEWEST, filters=filters)
    articles = list(islice(current_archive().search.iterate_articles(newest, FEED_SIZE), FEED_SIZE))
    arguments = urlencode(sorted(request.args.items(multi=True)))
    page = render_template(
        "feed.xml",
        params=params,
        articles=articles,
        updated=max(map(changed_at, articles), default=_EPOCH),
        identifier=urn(f"feed?{arguments}"),
        feed_url=_with_query(url_for(".feed", lang=None), arguments),
        results_url=_with_query(url_for("search.form", lang=None), arguments),
        changed_at=changed_at,
        urn=urn,
        origin=canonical_url,
    )
    return Response(NOT_XML.sub("", page), content_type="application/atom+xml; charset=utf-8")


def _with_query(address: str, arguments: str) -> str:
    return public_url(f"{address}?{arguments}" if arguments else address)


def changed_at(article: Article) -> datetime:
    """Return the time at which the archive added an article, else that of publication."""
    return article.captured or article.published or _EPOCH


def urn(name: str) -> str:
    """Return a URN that stays the same wherever the archive is served."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"tangthu:{name}").urn
