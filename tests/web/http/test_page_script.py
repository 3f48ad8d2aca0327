"""Each page holds the script of all, and the policy allows this text and no other."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from flask.testing import FlaskClient

from tests.conftest import ArchiveFactory
from tests.factories import article, client_of
from web.http.page_script import page_script

ARTICLE = article("Tin", "công an")

MOST_BYTES = 14_000
"""Bytes of script in a page."""


@pytest.fixture
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    return client_of(shared_archive_of(ARTICLE))


@pytest.mark.parametrize(
    "address",
    ["/", "/?q=an", f"/article/{ARTICLE.identifier}?q=an", "/trends", "/nothing", "/?lang=en"],
)
def test_the_policy_names_the_hash_of_the_one_script(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    scripts = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    digests = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    ]
    policy = dict(
        part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; ")
    )
    assert [policy["script-src"]] == digests
    assert "unsafe" not in str(policy)
    assert not re.search(r"<script[^>]+src=", answer.text)


def test_the_script_is_small_and_does_not_end_its_element() -> None:
    script = page_script()
    assert script.isascii()
    assert "\r" not in script
    assert not re.search(r"<!--|</?script", script, re.IGNORECASE)
    assert len(script) <= MOST_BYTES
