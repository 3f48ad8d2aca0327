"""Compression: texts of some size for those who accept it, and nothing else."""

from __future__ import annotations

import gzip

import brotli
import pytest
from flask import Flask, Response

from web.http.compression import SMALLEST_BODY, register

LARGE = "chữ " * SMALLEST_BODY


@pytest.mark.parametrize(
    ("kind", "body", "accepted", "coding"),
    [
        ("text/html", LARGE, "gzip", "gzip"),
        ("application/json", LARGE, "gzip, deflate, br, zstd", "br"),
        ("text/html", LARGE, "br", "br"),
        ("text/html", LARGE, "gzip;q=1, br;q=0.5", "gzip"),
        ("text/html", LARGE, "gzip, br;q=0", "gzip"),
        ("application/atom+xml", LARGE, "gzip", "gzip"),
        ("image/png", LARGE, "gzip, br", None),
        ("text/html", "ngắn", "gzip", None),
        ("text/html", "ngắn", "gzip, br", None),
        ("text/html", LARGE, "", None),
        ("text/html", LARGE, "gzip;q=0", None),
    ],
)
def test_texts_are_compressed_for_who_accepts_it(
    kind: str, body: str, accepted: str, coding: str | None
) -> None:
    app = Flask("test")
    register(app)
    app.add_url_rule("/", "page", view_func=lambda: Response(body, mimetype=kind))
    answer = app.test_client().get("/", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == coding
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(coding or "", bytes)
    assert unpack(answer.data).decode() == body
    # A cache between must not give one reader's form to another.
    assert ("Accept-Encoding" in answer.vary) == (kind != "image/png")


@pytest.mark.parametrize(
    ("size", "headers", "status", "is_compressed"),
    [
        (SMALLEST_BODY, {}, 200, True),
        (SMALLEST_BODY - 1, {}, 200, False),
        (SMALLEST_BODY, {"Content-Encoding": "br"}, 200, False),
        (SMALLEST_BODY, {}, 404, True),
        (SMALLEST_BODY, {}, 303, True),
    ],
)
def test_a_body_of_some_size_is_compressed_once(
    size: int, headers: dict[str, str], status: int, is_compressed: bool
) -> None:
    app = Flask("test")
    register(app)
    answer = Response("x" * size, status, headers, mimetype="text/css")
    app.add_url_rule("/", "page", view_func=lambda: answer)
    received = app.test_client().get("/", headers={"Accept-Encoding": "gzip"})
    assert (received.headers.get("Content-Encoding") == "gzip") == is_compressed


def test_what_has_not_changed_has_nothing_to_compress() -> None:
    app = Flask("test")
    register(app)
    app.add_url_rule("/", "page", view_func=lambda: Response(status=304, mimetype="text/css"))
    answer = app.test_client().get("/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert not answer.vary
