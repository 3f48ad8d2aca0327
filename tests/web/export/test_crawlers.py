"""robots.txt keeps crawlers out of combinations; sitemaps name every article once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from archive.catalogue.operations import OperatorNote
from indexer.open_archive import OpenArchive
from tests.factories import ArchiveFactory, article, client_of
from web.export import crawlers

ARTICLES = [
    replace(article(f"Bài {number}"), captured=datetime(2026, 9 + number % 2, 5, tzinfo=UTC))
    for number in range(7)
]
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def archive(archive_of: ArchiveFactory) -> OpenArchive:
    return archive_of(*ARTICLES)


def locations(client: FlaskClient, path: str) -> list[str]:
    root = ElementTree.fromstring(client.get(path).data)
    return [element.text or "" for element in root.iter(f"{SPACE}loc")]


def rule_matches(rule: str, path: str) -> bool:
    """Robots' own wildcards, which Python's reader does not know."""
    pattern = re.escape(rule).replace(r"\*", ".*")
    return re.match(pattern, path) is not None


def test_articles_and_plain_results_may_be_crawled_and_combinations_may_not(
    archive: OpenArchive,
) -> None:
    text = client_of(archive).get("/robots.txt").text
    rules = re.findall(r"^Disallow: (.+)$", text, re.MULTILINE)
    allowed = ["/", "/?q=bo", "/?q=bo&page=2", "/?q=bo&lang=en", "/about"]
    allowed.append(f"/article/{ARTICLES[0].identifier}")
    refused = ["/?q=bo&publisher=a", "/?publisher=a", "/?q=b&not.author=c", "/?q=b&sort=newest"]
    refused += ["/values/author", "/export.csv?q=a", "/api/v1/search?q=a", "/suggest?q=a"]
    refused.append(f"/article/{ARTICLES[0].identifier}/original")
    for path in allowed:
        assert not any(rule_matches(rule, path) for rule in rules), path
    for path in refused:
        assert any(rule_matches(rule, path) for rule in rules), path
    reader = RobotFileParser()
    reader.parse(text.splitlines())
    assert reader.site_maps() == ["http://localhost/sitemap.xml"]


def test_sitemaps_name_every_article_once_by_month(
    archive: OpenArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawlers, "SITEMAP_SIZE", 2)
    client = client_of(archive)
    maps = locations(client, "/sitemap.xml")
    assert len(maps) == len(set(maps)) == 4
    named = [
        name for each in maps for name in locations(client, each.removeprefix("http://localhost"))
    ]
    expected = {f"http://localhost/article/{each.identifier}" for each in ARTICLES}
    assert (len(named), set(named)) == (7, expected)
    assert "<lastmod>2026-09-05</lastmod>" in client.get("/sitemap-2026-09-1.xml").text
    for path in ("/sitemap-2026-11-1.xml", "/sitemap-2026-09-99.xml", "/sitemap-x-1.xml"):
        assert client.get(path).status_code == 404


def test_what_is_removed_is_in_no_sitemap(archive: OpenArchive) -> None:
    identifier = ARTICLES[0].identifier
    with archive.store.operator_batch() as batch:
        batch.remove(identifier, OperatorNote("x", "y"))
    client = client_of(archive)
    maps = [each.removeprefix("http://localhost") for each in locations(client, "/sitemap.xml")]
    assert not any(identifier in client.get(path).text for path in maps)
