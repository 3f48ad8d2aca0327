"""What browsers fetch beside a page: logo, icon, accent colours, web manifest, security.txt."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Blueprint, Response, abort, render_template, url_for

from archive.files.plain_files import open_plain_file
from web.languages.languages import language
from web.services import current_archive, current_site
from web.site.accent_colours import accent_sheet, text_on
from web.site.logo_size import LARGEST_LOGO
from web.site.site_settings import LOGO_TYPES, first_words, text_in

blueprint = Blueprint("assets", __name__)

DEFAULT_ACCENT = "#8a1f11"

_DAY = "max-age=86400"
_VALID_DAYS = 180
"""Days for which security.txt promises to be right; RFC 9116 wants less than a year."""


@blueprint.get("/logo")
def logo() -> Response:
    """Send the owner's logo."""
    name = current_site().logo
    if not name:
        abort(404)
    try:
        with open_plain_file(current_archive().store.home / name) as file:
            picture = file.read(LARGEST_LOGO)
    except OSError:
        abort(404)
    return _asset(picture, LOGO_TYPES[Path(name).suffix.lower()])


@blueprint.get("/favicon.ico")
def default_icon() -> Response:
    """Send the icon to browsers that ask for it without having read a page."""
    return icon()


@blueprint.get("/icon.svg")
def icon() -> Response:
    """Send an icon: the first letter of the archive's name on its accent colour."""
    site = current_site()
    letter = text_in(site.name, site.language)[:1].upper()
    accent = site.accent or DEFAULT_ACCENT
    ink = text_on(accent)
    picture = render_template("icon.svg", letter=letter, accent=accent, ink=ink)
    return _asset(picture.encode(), "image/svg+xml")


@blueprint.get("/accent.css")
def accent() -> Response:
    """Send the owner's accent colour for both colour schemes."""
    if not current_site().accent:
        abort(404)
    return _asset(accent_sheet(current_site().accent).encode(), "text/css; charset=utf-8")


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """Send the web app manifest, by which a phone keeps the page among its applications."""
    site = current_site()
    name = text_in(site.name, language())
    described = {
        "name": name,
        "short_name": first_words(name, 24),
        "description": text_in(site.tagline, language()),
        "lang": language(),
        "start_url": url_for("search.form", lang=None),
        "display": "minimal-ui",
        "background_color": "#fdfcf9",
        "theme_color": site.accent or DEFAULT_ACCENT,
        "icons": [{"src": url_for(".icon", lang=None), "sizes": "any", "type": "image/svg+xml"}],
    }
    text = json.dumps({key: value for key, value in described.items() if value}, ensure_ascii=False)
    return _asset(text.encode(), "application/manifest+json")


@blueprint.get("/.well-known/security.txt")
def security_contact() -> Response:
    """Send the address for reports of security problems (RFC 9116), if the owner named one."""
    site = current_site()
    if not site.mail:
        abort(404)
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{site.mail}",
        f"Expires: {today + timedelta(days=_VALID_DAYS):%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(site.languages)}",
    ]
    if site.address:
        lines.append(f"Canonical: {site.address}.well-known/security.txt")
    return _asset(("\n".join(lines) + "\n").encode(), "text/plain; charset=utf-8")


def _asset(content: bytes, media_type: str) -> Response:
    answer = Response(content, content_type=media_type)
    answer.headers["Cache-Control"] = _DAY
    if media_type == "image/svg+xml":
        # A picture may carry its own styles, and nothing else.
        answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return answer
