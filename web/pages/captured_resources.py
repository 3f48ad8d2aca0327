"""Captured resources of a replayed page: pictures, style sheets and fonts, nearest in time."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Response, abort, url_for

from archive.errors import IntakeError
from archive.originals.captures import CapturedResource
from archive.records import Version
from archive.store import Store
from indexer.intake.decompression import unpack_brotli
from indexer.intake.html.page_replay import ReplayAddresses, replay_style

MOST_RESOURCES = 400
"""Resources of one page that are looked for; a page of a newspaper has some hundred."""

LONGEST_ADDRESS = 2000

_STYLE = "text/css"
_SHOWN = (
    _STYLE,
    "image/avif",
    "image/bmp",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/svg+xml",
    "image/webp",
    "image/x-icon",
    "image/vnd.microsoft.icon",
    "font/woff",
    "font/woff2",
)
"""Media types that are sent to a replayed page; a browser guesses no other."""

_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@dataclass
class ResourceFinder:
    """The addresses of a page's resources in the archive: each leads to the capture it had then.

    Args:
        store: the archive's store.
        identifier: the article of the page.
        version: the version that was captured.
    """

    store: Store
    identifier: str
    version: Version
    _urls: dict[str, str] = field(default_factory=dict)

    def url(self, address: str) -> str:
        """Return where a captured resource is; empty where it was not captured."""
        if address not in self._urls:
            if len(self._urls) >= MOST_RESOURCES or len(address) > LONGEST_ADDRESS:
                return ""
            capture = nearest_capture(self.store, address, self.version)
            self._urls[address] = self._url_of(address) if capture else ""
        return self._urls[address]

    def _url_of(self, address: str) -> str:
        name = base64.urlsafe_b64encode(address.encode()).decode().rstrip("=")
        return url_for(
            "replay.resource",
            identifier=self.identifier,
            name=name,
            version=self.version.number,
            lang=None,
        )


def nearest_capture(store: Store, address: str, version: Version) -> CapturedResource | None:
    """Return the capture of a resource that is nearest in time to that of a page."""
    moment = datetime.fromisoformat(version.captured)
    captures = [
        capture
        for capture in store.captures(address)
        if capture.status == 200 and _media_type(capture) in _SHOWN
    ]

    def distance(capture: CapturedResource) -> timedelta:
        return abs(datetime.fromisoformat(capture.captured) - moment)

    return min(captures, key=distance, default=None)


def send_resource(finder: ResourceFinder, name: str) -> Response:
    """Send the captured resource of a name that `ResourceFinder.url` gave."""
    try:
        address = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
    except (binascii.Error, ValueError):
        abort(404)
    capture = nearest_capture(finder.store, address, finder.version)
    if capture is None:
        abort(404)
    record = finder.store.originals.read_record(capture.location, capture.digest)
    try:
        content = unpack_brotli(record.payload) if record.coding == "br" else record.payload
        if _media_type(capture) == _STYLE:
            content = replay_style(content, ReplayAddresses(address, finder.url, lambda page: ""))
    except IntakeError:
        abort(404)
    answer = Response(content, content_type=_media_type(capture))
    answer.headers["Content-Security-Policy"] = _POLICY
    # The frame that asks has an origin of its own.
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _media_type(capture: CapturedResource) -> str:
    return capture.media_type.partition(";")[0].strip().lower()
