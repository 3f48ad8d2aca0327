"""Pages hold the scripts that they need, and the policy allows these texts and no other."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from flask.testing import FlaskClient

from tests.conftest import ArchiveFactory
from tests.factories import article, client_of, day
from web.http.page_script import dense_script, page_scripts

ARTICLE, OTHER = (
    article(f"Tin {month}", "công an", published=day(2022, month, 5)) for month in (3, 4)
)

MOST_BYTES = 14_000
"""Bytes of script in a page."""


@pytest.fixture
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    return client_of(shared_archive_of(ARTICLE, OTHER))


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/", ["search_field", "chart"]),
        ("/?q=an", ["search_field", "chart"]),
        (f"/article/{ARTICLE.identifier}?q=an", ["search_field", "copy", "hits"]),
        (f"/article/{ARTICLE.identifier}", ["search_field", "copy"]),
        ("/trends", ["search_field"]),
        ("/nothing", ["search_field"]),
        ("/?lang=en", ["search_field", "chart"]),
    ],
)
def test_a_page_holds_its_scripts_and_the_policy_names_their_hashes(
    client: FlaskClient, address: str, names: list[str]
) -> None:
    answer = client.get(address)
    scripts = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    assert scripts == [page_scripts()[name] for name in names]
    policy = dict(
        part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; ")
    )
    digests = [hashlib.sha256(script.encode()).digest() for script in page_scripts().values()]
    sources = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
    assert policy["script-src"].split() == sources
    assert "unsafe" not in str(policy)
    assert not re.search(r"<script[^>]+src=", answer.text)


def test_the_scripts_are_small_and_do_not_end_their_elements() -> None:
    assert sum(map(len, page_scripts().values())) <= MOST_BYTES
    for script in page_scripts().values():
        assert script.isascii()
        assert "\r" not in script
        assert not re.search(r"<!--|</?script", script, re.IGNORECASE)


@pytest.mark.parametrize(
    ("text", "dense"),
    [
        ("// One.\n// Two.\nlet a = 1; // why\n\n    go(a);\n", "let a = 1;\ngo(a);"),
        ('const a = "http://bao.vn"; // where\n', 'const a = "http://bao.vn";'),
        ("if (a) {  // what\n  b();\n}\n", "if (a) {\nb();\n}"),
    ],
)
def test_a_dense_script_has_neither_comments_nor_indents(text: str, dense: str) -> None:
    assert dense_script(text) == dense
