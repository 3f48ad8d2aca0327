"""An Atom feed of any search, newest first."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for

from archive.records import Article, canonical_url
from indexer.engine.queries import MatchAll, Sort
from web.addresses.endpoint_descriptions import Content, EndpointDescription, describes
from web.addresses.parameters import number_parameter
from web.addresses.search_params import SEARCH_PARAMETERS, VIEW_PARAMETERS, SearchParams
from web.services import current_archive, public_url

blueprint = Blueprint("feeds", __name__)

FEED_SIZE = 50
"""Articles on a page of a feed."""

MOST_PAGES = 20
"""Pages of a feed: whoever takes more takes an export, or follows the changes."""

FEED_PAGE = number_parameter("page", "The page of the feed, newest first.", 1, MOST_PAGES)

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that are not allowed in XML 1.0."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


_ATOM = "application/atom+xml"


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A page of a feed: its articles, its number, and that of the last one that it names."""

    articles: tuple[Article, ...]
    number: int
    last: int


_SHOWN = tuple(parameter for parameter in VIEW_PARAMETERS if parameter.name != FEED_PAGE.name)
"""Parameters of a page of results that a feed takes without heeding them."""


def _example(article: Article) -> str:
    """Return a feed of one article."""
    return render_feed(SearchParams(text="hội chợ"), FeedPage((article,), 1, 1), [("q", "hội chợ")])


@blueprint.get("/feed.atom")
@describes(
    EndpointDescription(
        "feed",
        "The newest results of a search, or of all articles, as Atom; pages name one another",
        (Content(_ATOM, _example),),
        (*SEARCH_PARAMETERS, *_SHOWN, FEED_PAGE),
        group="feeds",
    )
)
def feed() -> Response:
    """Send the newest results of a search, or the newest of all articles, as Atom (RFC 4287).

    Its pages name one another (RFC 5005).
    """
    params = SearchParams.from_args(request.args)
    asked = params.to_request()
    # Whoever asks for nothing follows the archive.
    filters = asked.filters or (() if asked.text.strip() else (MatchAll(),))
    newest = replace(asked, page=1, sort=Sort.NEWEST, filters=filters)
    number = FEED_PAGE.read(request.args)
    start = (number - 1) * FEED_SIZE
    # With the first article of the next page, which tells whether there is one.
    results = current_archive().search.iterate_articles(newest, FEED_SIZE + 1)
    articles = tuple(islice(results, start, start + FEED_SIZE + 1))
    last = number + (len(articles) > FEED_SIZE and number < MOST_PAGES)
    pairs = sorted(pair for pair in request.args.items(multi=True) if pair[0] != FEED_PAGE.name)
    text = render_feed(params, FeedPage(articles[:FEED_SIZE], number, last), pairs)
    return Response(text, content_type=f"{_ATOM}; charset=utf-8")


def render_feed(params: SearchParams, page: FeedPage, pairs: list[tuple[str, str]]) -> str:
    """Return a page of a feed.

    Args:
        params: the search.
        page: its articles, and where it stands.
        pairs: names and values of the feed's address, without the page.
    """
    arguments = urlencode(pairs)
    text = render_template(
        "feed.xml",
        params=params,
        articles=page.articles,
        start=(page.number - 1) * FEED_SIZE,
        page_size=FEED_SIZE,
        updated=max(map(changed_at, page.articles), default=_EPOCH),
        identifier=urn(f"feed?{arguments}"),
        page_urls=_page_urls(pairs, page.number, page.last),
        results_url=_with_query(url_for("search.form", lang=None), arguments),
        changed_at=changed_at,
        urn=urn,
        origin=canonical_url,
    )
    return NOT_XML.sub("", text)


def _page_urls(pairs: list[tuple[str, str]], number: int, last: int) -> dict[str, str]:
    """Return the addresses of a page of a feed, and of those beside it, by their relation."""
    numbers = {"self": number, "first": 1, "previous": number - 1, "next": number + 1}
    path = url_for("feeds.feed", lang=None)
    return {
        relation: _with_query(
            path, urlencode([*pairs, FEED_PAGE.write(page)] if page > 1 else pairs)
        )
        for relation, page in numbers.items()
        if 1 <= page <= last
    }


def _with_query(address: str, arguments: str) -> str:
    return public_url(f"{address}?{arguments}" if arguments else address)


def changed_at(article: Article) -> datetime:
    """Return the time at which the archive added an article, else that of publication."""
    return article.captured or article.published or _EPOCH


def urn(name: str) -> str:
    """Return a URN that stays the same wherever the archive is served."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"tangthu:{name}").urn
