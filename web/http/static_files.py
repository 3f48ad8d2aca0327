"""Static files: their addresses carry a digest of their bytes, so that browsers keep them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

KEPT_SECONDS = 31_536_000
"""Seconds for which a file is kept under an address with its digest: a year."""

_DIGEST_LENGTH = 12


def register(app: Flask) -> None:
    """Add the digest to the addresses of static files, and let those that have it be kept."""
    digests = _digests(Path(app.static_folder or ""))

    @app.url_defaults
    def add_digest(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["v"] = digests.get(values["filename"])

    @app.after_request
    def allow_keeping(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            digest = digests.get((request.view_args or {}).get("filename", ""))
            # Under another digest, or none, the bytes of an address may change.
            if digest and request.args.get("v") == digest:
                response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}, immutable"
        return response


def _digests(folder: Path) -> dict[str, str]:
    """Return the name of each file in a folder with the digest of its bytes."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:_DIGEST_LENGTH]
        for path in folder.iterdir()
        if path.is_file()
    }
