"""Static files: their addresses carry a digest of their bytes, so that browsers keep them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

KEPT_SECONDS = 31_536_000
"""Seconds for which a file is kept under an address with its digest: a year."""

SCRIPT = "page.js"
"""The endpoint and the file name of all scripts together."""

_DIGEST_LENGTH = 12


def register(app: Flask) -> None:
    """Add the digest to the addresses of static files, and let those that have it be kept."""
    folder = Path(app.static_folder or "")
    script = _join_scripts(folder / "scripts")
    digests = _digests(folder) | {SCRIPT: _digest(script)}

    @app.url_defaults
    def add_digest(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in ("static", SCRIPT):
            values["v"] = digests.get(values.get("filename", SCRIPT))

    @app.get(f"{app.static_url_path}/{SCRIPT}", endpoint=SCRIPT)
    def send_script() -> Response:
        response = Response(script, content_type="text/javascript; charset=utf-8")
        response.add_etag()
        response.make_conditional(request)
        return response

    @app.after_request
    def allow_keeping(response: Response) -> Response:
        if request.endpoint in ("static", SCRIPT) and response.status_code in (200, 304):
            digest = digests.get((request.view_args or {}).get("filename", SCRIPT))
            # Under another digest, or none, the bytes of an address may change.
            if digest and request.args.get("v") == digest:
                response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}, immutable"
        return response


def _join_scripts(folder: Path) -> bytes:
    """Return all scripts of the pages as one, so that a page asks for one file."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.glob("*.js")))


def _digests(folder: Path) -> dict[str, str]:
    """Return the name of each file in a folder with the digest of its bytes."""
    return {path.name: _digest(path.read_bytes()) for path in folder.iterdir() if path.is_file()}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_DIGEST_LENGTH]
