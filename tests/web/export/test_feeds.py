"""The feed is read by a feed reader, its names are stable; the browser's description is XML."""

from __future__ import annotations

import json

import feedparser
import pytest
from flask.testing import FlaskClient
from lxml import etree

from indexer.intake.json_lines import read_record
from indexer.open_archive import OpenArchive
from tests.factories import ArchiveFactory, article, client_of, day
from web.export.feeds import FEED_SIZE, MOST_PAGES

EVIL = article(
    "<b>Công an</b> & ]]>",
    "chữ",
    lead="<script>\x0b\ufffe công an",
    publisher="Báo <i>",
    url="javascript:alert(1)",
    published=day(2024, 5, 6),
)


@pytest.fixture(scope="module")
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    others = (
        article(f"Công an số {n}", published=day(2020, 1 + n % 12, 1 + n % 28))
        for n in range(FEED_SIZE + 5)
    )
    return client_of(shared_archive_of(EVIL, article("Công an không ngày"), *others))


def test_a_feed_reader_reads_the_newest_results(client: FlaskClient) -> None:
    answer = client.get("/feed.atom?q=công+an&sort=oldest")
    feed = feedparser.parse(answer.data)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert len(feed.entries) == FEED_SIZE
    dates = [entry.published for entry in feed.entries]
    assert dates == sorted(dates, reverse=True)
    first = feed.entries[0]
    assert first.link == f"http://localhost/article/{EVIL.identifier}"
    assert (first.title, first.title_detail.type) == (EVIL.title, "text/plain")
    assert not [link for link in first.links if link.rel == "via"]


def test_the_pages_of_a_feed_lead_to_one_another(client: FlaskClient) -> None:
    path, links, pages = "/feed.atom?q=công+an", list[str](), list[dict[str, str]]()
    while path:
        feed = feedparser.parse(client.get(path).data)
        links += [entry.link for entry in feed.entries]
        pages.append({link.rel: link.href for link in feed.feed.links})
        assert feed.feed.opensearch_itemsperpage == str(FEED_SIZE)
        assert feed.feed.opensearch_startindex == str(1 + FEED_SIZE * (len(pages) - 1))
        path = pages[-1].get("next", "").removeprefix("http://localhost")
    assert len(links) == len(set(links)) == FEED_SIZE + 7
    one, two = pages
    assert (one["next"], two["previous"]) == (two["self"], one["self"])
    assert one["first"] == two["first"] == one["self"]
    assert "previous" not in one
    assert "next" not in two
    beyond = client.get(f"/feed.atom?q=an&page={MOST_PAGES + 1}")
    assert (beyond.status_code, b"page" in beyond.data) == (400, True)


@pytest.mark.parametrize("path", ["/feed.atom?q=zzz", "/feed.atom?q=zzz&lang=en&raw=1"])
def test_a_feed_without_results_is_a_feed(client: FlaskClient, path: str) -> None:
    feed = feedparser.parse(client.get(path).data)
    assert not feed.bozo
    assert feed.entries == []
    assert feed.feed.id.startswith("urn:uuid:")


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.atom?q=", "/feed.atom?q=++&lang=en"])
def test_a_feed_of_nothing_asked_has_the_newest_of_all(client: FlaskClient, path: str) -> None:
    feed = feedparser.parse(client.get(path).data)
    assert not feed.bozo
    assert len(feed.entries) == FEED_SIZE
    assert feed.entries[0].link == f"http://localhost/article/{EVIL.identifier}"
    assert feed.feed.title == "tàng thư"
    assert '<link rel="alternate" type="application/atom+xml" href="/feed.atom"' in (
        client.get("/").text
    )


def test_names_do_not_change_with_the_host_or_the_order_of_parameters(client: FlaskClient) -> None:
    first = feedparser.parse(client.get("/feed.atom?q=an&exact=1").data)
    two = feedparser.parse(client.get("http://b.vn/feed.atom?exact=1&q=an").data)
    assert first.feed.id == two.feed.id
    assert [entry.id for entry in first.entries] == [entry.id for entry in two.entries]
    assert len({entry.id for entry in first.entries}) == len(first.entries)


def test_a_browser_can_search_from_its_address_bar(client: FlaskClient) -> None:
    page = client.get("/?q=công+an").text
    assert 'rel="search"' in page
    assert 'type="application/atom+xml"' in page
    root = etree.fromstring(client.get("/opensearch.xml").data)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    urls = {url.get("type"): url.get("template") for url in root.iter(f"{space}Url")}
    assert urls["text/html"].startswith("http://localhost/?q={searchTerms}")
    assert root.findtext(f"{space}ShortName") == "tàng thư"
    offered = urls["application/x-suggestions+json"].replace("{searchTerms}", "cong+a")
    typed, completions = json.loads(client.get(offered).data)
    assert typed == "cong a"
    assert all(completion.lower().startswith("công an") for completion in completions)
    assert completions


def test_an_author_with_the_family_name_first_is_one_author_everywhere(
    archive_of: ArchiveFactory,
) -> None:
    record = json.dumps(
        {"id": "1", "title": "Bridge", "body": "Open.", "authors": ["O'Neil, Mary"]}
    )
    client = client_of(archive_of(read_record(record.encode(), "a.jsonl:1")))
    (entry,) = feedparser.parse(client.get("/feed.atom").data).entries
    assert [author.name for author in entry.authors] == ["O'Neil, Mary"]
    (hit,) = client.get("/api/v1/search?q=bridge").json["hits"]
    assert hit["authors"] == ["O'Neil, Mary"]
    found = client.get("/api/v1/search", query_string={"author": "O'Neil, Mary"}).json
    assert found["total"] == 1


def test_the_short_name_of_an_archive_is_of_whole_words(
    archive: OpenArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANGTHU_SITE_NAME", "Thư viện Trường Đại học Sông Hương & Bạn đọc")
    client = client_of(archive)
    root = etree.fromstring(client.get("/opensearch.xml", headers={"Accept-Language": "en"}).data)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert root.findtext(f"{space}ShortName") == "Thư viện Trường"
    assert root.findtext(f"{space}LongName") == "Thư viện Trường Đại học Sông Hương & Bạn đọc"
    assert root.findtext(f"{space}Description") == "Type with diacritics or without: both find it."
    manifest = client.get("/manifest.webmanifest").json
    assert manifest["short_name"] == "Thư viện Trường Đại học"


def test_the_feed_of_a_page_keeps_what_the_page_asked(client: FlaskClient) -> None:
    page = client.get("/?q=cong+an&exact=1").text
    assert 'href="/feed.atom?q=cong+an&amp;exact=1"' in page
    assert client.get("/?q=an&x=%FF%22%3E").status_code == 200
