"""Permanent addresses: of articles in this archive, and the redirects that lead to them."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote, urlencode

from flask import Blueprint, Flask, abort, redirect, request, url_for
from werkzeug import Response

from archive.catalogue.lookup_keys import address_key, external_id_key
from archive.records import iso_date
from indexer.search.search_records import ResultHit
from web.citations.citations import Holding, host_of
from web.citations.display_names import archive_name, host_name
from web.languages.languages import language
from web.services import current_archive, current_site, public_address

blueprint = Blueprint("permalinks", __name__)

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


@blueprint.get("/url/<path:address>")
def by_address(address: str) -> Response:
    """Lead from the original address of an article to it."""
    query = request.query_string.decode("utf-8", "replace")
    address = f"{address}?{query}" if query else address
    # Proxies and browsers join the slashes of a scheme in a path.
    for scheme in ("https:", "http:"):
        if address.startswith(scheme):
            address = f"{scheme}//{address.removeprefix(scheme).lstrip('/')}"
    found = current_archive().store.find_by_address(address)
    return _lead_to(found, "url", address, address_key(address))


@blueprint.get("/id/<path:name>")
def by_identifier(name: str) -> Response:
    """Lead from an identifier, here or elsewhere, to its article."""
    found = current_archive().store.find_by_identifier(name)
    return _lead_to(found, "id", name, external_id_key(name))


def _lead_to(found: list[str], field: str, value: str, key: str) -> Response:
    """Redirect to the one article that was found, or to the list of several."""
    if len(found) > 1:
        return redirect(url_for("search.form", q=f'{field}:"{value}"'), 303)
    store = current_archive().store
    if not found:
        withheld = store.find_withheld([key]) if key else []
        store.refuse_withdrawn(withheld[0] if withheld else value)
        abort(404)
    return redirect(url_for("articles.article", identifier=found[0]), 303)
