"""Redirects that lead from the address or identifier of an original to its article here."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug import Response

from archive.catalogue.lookup_keys import address_key, external_id_key
from web.addresses.endpoint_descriptions import EndpointDescription, describes
from web.addresses.parameters import text_parameter
from web.services import current_archive

blueprint = Blueprint("permalinks", __name__)

_LOCATION = (("Location", "Where it is."),)


@blueprint.get("/url/<path:address>")
@describes(
    EndpointDescription(
        "find_by_address",
        "The article that was at an address, or the list of several",
        (),
        (
            text_parameter(
                "address",
                "The address on the web, with its query.",
                place="path",
                example="https://bao.example.vn/hoi-cho-dien-bien.html",
            ),
        ),
        (404, 410),
        status=303,
        headers=_LOCATION,
        group="lookup",
        is_strict=False,
    )
)
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
@describes(
    EndpointDescription(
        "find_by_identifier",
        "The article of an identifier, here or elsewhere, or the list of several",
        (),
        (text_parameter("name", "The identifier.", place="path", example="doi:10.1234/567"),),
        (404, 410),
        status=303,
        headers=_LOCATION,
        group="lookup",
        is_strict=False,
    )
)
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
