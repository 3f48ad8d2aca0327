"""Static files are kept by browsers under addresses that change with their bytes."""

from __future__ import annotations

import gzip
import hashlib
import re

import brotli
import pytest
from flask.testing import FlaskClient

from tests.conftest import ArchiveFactory
from tests.factories import article, client_of
from web.http.static_files import dense_sheet


@pytest.fixture
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    return client_of(shared_archive_of(article("Tin", "công an")))


def test_pages_name_static_files_by_the_digest_of_their_bytes(client: FlaskClient) -> None:
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/?q=an").text)
    assert addresses
    for address in addresses:
        with client.get(address) as answer:
            digest = hashlib.sha256(answer.data).hexdigest()
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert address.endswith(f"?v={digest[:12]}")


@pytest.mark.parametrize("query", ["", "?v=", "?v=000000000000"])
def test_an_address_without_the_digest_is_asked_for_again(client: FlaskClient, query: str) -> None:
    with client.get(f"/static/style.css{query}") as answer:
        assert answer.status_code == 200
        assert "immutable" not in answer.headers.get("Cache-Control", "")
    assert client.get(f"/static/none.css{query}").status_code == 404


@pytest.mark.parametrize(
    ("text", "dense"),
    [
        ("/* a, b; c */\na { b: c; }\n", "a{b:c}"),
        (".a :is(b, c) > d:hover { e: f g; h: i }", ".a :is(b,c) > d:hover{e:f g;h:i}"),
        ("a { width: calc(50% - 1rem); }", "a{width:calc(50% - 1rem)}"),
        (
            'a { font: 1rem "Noto Serif", serif; content: "…" / ""; }',
            'a{font:1rem "Noto Serif",serif;content:"…" / ""}',
        ),
        ("@media (min-width: 62rem) {\n  a { b: c; }\n}", "@media (min-width:62rem){a{b:c}}"),
    ],
)
def test_a_dense_sheet_says_the_same_without_gaps(text: str, dense: str) -> None:
    assert dense_sheet(text) == dense + "\n"


def test_a_sheet_that_did_not_change_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/static/style.css").headers["ETag"]
    assert client.get("/static/style.css", headers={"If-None-Match": tag}).status_code == 304


def test_a_sheet_is_packed_with_brotli(client: FlaskClient) -> None:
    plain = client.get("/static/style.css").data
    packed = client.get("/static/style.css", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed.data) == plain
    assert len(packed.data) < len(gzip.compress(plain))
