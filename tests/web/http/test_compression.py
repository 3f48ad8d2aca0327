"""Compression: texts of some size for those who accept it, and nothing else."""

from __future__ import annotations

import gzip

import pytest
from flask import Flask, Response

from web.http.compression import SMALLEST_BODY, register

LARGE = "chữ " * SMALLEST_BODY


@pytest.mark.parametrize(
    ("kind", "body", "accepted", "is_compressed"),
    [
        ("text/html", LARGE, "gzip", True),
        ("application/json", LARGE, "gzip, br", True),
        ("application/atom+xml", LARGE, "gzip", True),
        ("image/png", LARGE, "gzip", False),
        ("text/html", "ngắn", "gzip", False),
        ("text/html", LARGE, "", False),
        ("text/html", LARGE, "gzip;q=0", False),
    ],
)
def test_texts_are_compressed_for_who_accepts_it(
    kind: str, body: str, accepted: str, is_compressed: bool
) -> None:
    app = Flask("test")
    register(app)
    app.add_url_rule("/", "page", view_func=lambda: Response(body, mimetype=kind))
    answer = app.test_client().get("/", headers={"Accept-Encoding": accepted})
    assert (answer.headers.get("Content-Encoding") == "gzip") == is_compressed
    content = gzip.decompress(answer.data) if is_compressed else answer.data
    assert content.decode() == body
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
