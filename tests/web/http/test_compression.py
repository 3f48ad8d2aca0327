"""Compression: texts of some size for those who accept it, and nothing else."""

from __future__ import annotations

import gzip
import random
import zlib
from pathlib import Path

import brotli
import pytest
from flask import Flask, Response, send_file

from web.http.compression import SMALLEST_BODY, compress_stream, register

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
        ("application/problem+json", LARGE, "gzip", "gzip"),
        ("application/ld+json", LARGE, "gzip", "gzip"),
        ("application/jsonl", LARGE, "gzip", "gzip"),
        ("application/x-bibtex", LARGE, "gzip", "gzip"),
        ("application/x-research-info-systems", LARGE, "gzip", "gzip"),
        ("image/svg+xml", LARGE, "gzip", "gzip"),
        ("text/javascript", LARGE, "gzip", "gzip"),
        ("application/javascript", LARGE, "gzip;q=0.1", "gzip"),
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
    assert answer.headers.get("Content-Length") == str(len(answer.data))


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


def test_what_is_sent_in_blocks_is_compressed_as_one_text_of_unknown_length() -> None:
    app = Flask("test")
    register(app)
    blocks = [b"mot", b"", b"x" * 100_000, b"hai"]

    def view() -> Response:
        return Response(iter(blocks), headers={"Content-Length": "100006"}, mimetype="text/csv")

    app.add_url_rule("/", "page", view_func=view)
    answer = app.test_client().get("/", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(answer.data) == b"".join(blocks)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Content-Length" not in answer.headers


def test_no_block_is_empty_and_what_is_there_does_not_wait_for_the_end() -> None:
    incompressible = [random.Random(number).randbytes(9000) for number in range(20)]
    received = list(compress_stream(incompressible))
    assert all(received)
    assert len(received) > 2
    assert gzip.decompress(b"".join(received)) == b"".join(incompressible)
    # One member, of the window that every reader has.
    assert zlib.decompress(b"".join(received), wbits=31) == b"".join(incompressible)
    assert gzip.decompress(b"".join(compress_stream([]))) == b""


@pytest.mark.parametrize(("accepted", "is_compressed"), [("gzip", True), ("", False)])
def test_a_file_is_compressed_whole(tmp_path: Path, accepted: str, is_compressed: bool) -> None:
    (tmp_path / "trang.css").write_text(LARGE)
    app = Flask("test")
    register(app)
    app.add_url_rule("/", "page", view_func=lambda: send_file(tmp_path / "trang.css"))
    with app.test_client().get("/", headers={"Accept-Encoding": accepted}) as answer:
        content = gzip.decompress(answer.data) if is_compressed else answer.data
        assert content.decode() == LARGE
        assert answer.headers["Content-Length"] == str(len(answer.data))
