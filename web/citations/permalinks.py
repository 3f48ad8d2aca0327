"""Permanent addresses of articles in this archive, and references that hold them."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote, urlencode

from flask import Flask

from archive.records import iso_date
from indexer.search.search_records import ResultHit
from web.citations.citations import Holding, host_of
from web.citations.display_names import archive_name, host_name
from web.languages.languages import language
from web.services import current_site, public_address

_CONTEXT = urlencode(
    {
        "ctx_ver": "Z39.88-2004",
        "rft_val_fmt": "info:ofi/fmt:kev:mtx:dc",
        "rft.type": "newspaperArticle",
    }
)
"""What every context object begins with."""

_QUOTED_SIGNS = str.maketrans(
    {sign: quote(sign, safe="") for sign in (*map(chr, range(0x20)), *'%&+=#;"<>', "\x7f")}
)
"""The signs that a value of a context object may not hold as they are.

Letters and blanks may: every reader of forms takes them (URL Standard, 5.1), a browser quotes
them in a link, and a page of fifty hits, whose titles it has anyway, is an eighth smaller.
"""


def permalink(identifier: str, version: int = 0) -> str:
    """Return the public address of an article, or of one of its versions."""
    address = f"{public_address()}article/{quote(identifier, safe='')}"
    return f"{address}?version={version}" if version else address


def holding_of(identifier: str, version: int = 0) -> Holding:
    """Return this archive as the one that holds an article."""
    site = current_site()
    address = permalink(identifier, version)
    return Holding(archive_name(site), address, version, partial(host_name, site), language())


def coins(hit: ResultHit) -> str:
    """Return a hit as a context object (COinS), by which reference managers take a whole page."""
    published = iso_date(hit.published, hit.published_precision)[:10] if hit.published else ""
    host = host_of(hit.url)
    pairs = (
        ("rft.title", hit.title),
        *(("rft.creator", author) for author in hit.authors),
        ("rft.source", hit.publisher or (f"[{host_name(current_site(), host)}]" if host else "")),
        ("rft.date", published),
        ("rft.identifier", permalink(hit.identifier)),
    )
    described = [f"{name}={value.translate(_QUOTED_SIGNS)}" for name, value in pairs if value]
    return "&".join((_CONTEXT, *described))


def register(app: Flask) -> None:
    """Let the application's templates use context objects."""
    app.add_template_filter(coins)
