"""What Zotero, search engines and link previews read of an article's page."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from html.parser import HTMLParser
from urllib.parse import parse_qs, parse_qsl, unquote

import html5lib
import pytest
from flask.testing import FlaskClient

from tests.factories import ArchiveFactory, article, client_of, day

FIRST = article(
    "Bò </script> “sữa” & bơ",
    "Đoạn đầu.",
    lead="Đàn bò trên thảo nguyên.",
    url="https://bao.vn/bo?x=1&y=2",
    publisher="Báo A",
    category="Nông nghiệp",
    authors=("Lê An", "Đỗ Bé"),
    published=day(2022, 12, 19),
    published_precision="day",
)
UNTITLED = article("", "Sáng nay mưa to ở miền Trung.", url="https://www.mua.vn/1")
PERMALINK = f"http://localhost/article/{FIRST.identifier}"


class Head(HTMLParser):
    """The meta elements, links and JSON-LD of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.meta = defaultdict[str, list[str]](list)
        self.links: list[dict[str, str]] = []
        self.data = ""
        self._is_data = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "meta" and "content" in values:
            self.meta[values.get("name") or values.get("property", "")].append(values["content"])
        if tag == "link":
            self.links.append(values)
        self._is_data = tag == "script" and values.get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self._is_data:
            self.data += data


@pytest.fixture(scope="module")
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    return client_of(shared_archive_of(FIRST, UNTITLED))


def head_of(client: FlaskClient, path: str) -> Head:
    return Head(client.get(path).text)


def test_meta_elements_say_what_the_api_says(client: FlaskClient) -> None:
    meta = head_of(client, f"/article/{FIRST.identifier}?lang=en&q=bo").meta
    stored = client.get(f"/api/v1/articles/{FIRST.identifier}").get_json()
    for name in ("citation_title", "DC.title", "og:title"):
        assert meta[name] == [stored["title"]]
    for name in ("citation_author", "DC.creator", "article:author"):
        assert meta[name] == stored["authors"]
    assert meta["citation_publication_date"] == ["2022/12/19"]
    for name in ("DC.date", "article:published_time"):
        assert meta[name] == [stored["published"]]
    for name in ("description", "og:description", "DC.description"):
        assert meta[name] == [stored["lead"]]
    for name in ("citation_public_url", "og:url", "DC.identifier"):
        assert meta[name] == [PERMALINK]
    assert meta["DC.source"] == [stored["url"]]
    assert meta["citation_publisher"] == [stored["publisher"]]
    assert meta["og:type"] == ["article"]
    assert meta["og:site_name"] == ["tàng thư"]


def test_json_ld_agrees_with_the_api(client: FlaskClient) -> None:
    data = json.loads(head_of(client, f"/article/{FIRST.identifier}").data)
    stored = client.get(f"/api/v1/articles/{FIRST.identifier}").get_json()
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == stored["title"]
    assert [author["name"] for author in data["author"]] == stored["authors"]
    assert data["datePublished"] == stored["published"]
    assert data["publisher"]["name"] == stored["publisher"]
    assert (data["url"], data["isBasedOn"]) == (PERMALINK, stored["url"])
    untitled = json.loads(head_of(client, f"/article/{UNTITLED.identifier}").data)
    assert "headline" not in untitled
    assert untitled["publisher"]["name"] == "mua.vn"


@pytest.mark.parametrize("query", ["", "?q=bo", "?lang=en", "?version=1"])
def test_every_form_of_a_page_names_one_canonical_address(client: FlaskClient, query: str) -> None:
    head = head_of(client, f"/article/{FIRST.identifier}{query}")
    canonical = [link["href"] for link in head.links if link["rel"] == "canonical"]
    assert canonical == [PERMALINK]
    assert ("noindex" in "".join(head.meta["robots"])) == (query == "?q=bo")
    languages = {link.get("hreflang") for link in head.links if link["rel"] == "alternate"}
    assert languages >= {"vi", "en"}


def test_other_forms_are_linked_and_are_there(client: FlaskClient) -> None:
    answer = client.get(f"/article/{FIRST.identifier}")
    head = Head(answer.text)
    types = {link.get("type"): link["href"] for link in head.links if link["rel"] == "alternate"}
    for media_type in (
        "application/json",
        "application/x-bibtex",
        "application/x-research-info-systems",
        "application/vnd.citationstyles.csl+json",
    ):
        linked = client.get(types[media_type].removeprefix("http://localhost"))
        assert (linked.status_code, linked.mimetype) == (200, media_type)
    relations = answer.headers["Link"]
    assert f'<{PERMALINK}>; rel="cite-as"' in relations
    assert '<https://schema.org/NewsArticle>; rel="type"' in relations
    assert 'rel="describedby"; type="application/x-bibtex"' in relations


def test_hits_are_context_objects_and_filters_are_not_indexed(client: FlaskClient) -> None:
    head = head_of(client, "/?q=bo+sua")
    assert head.meta["description"]
    assert "robots" not in head.meta
    filtered = head_of(client, "/?q=bo+sua&publisher=Báo+A")
    assert filtered.meta["robots"] == ["noindex, nofollow"]


def test_a_reference_manager_takes_every_hit_of_a_page(client: FlaskClient) -> None:
    """By readers of HTML and of forms that are not ours: context objects are key/value pairs."""
    page = html5lib.parse(client.get("/?q=bo+OR+mua").text, namespaceHTMLElements=False)
    spans = [span.get("title") or "" for span in page.iter("span") if span.get("class") == "Z3988"]
    context_objects = [parse_qs(span, strict_parsing=True) for span in spans]
    for pairs in context_objects:
        assert pairs["ctx_ver"] == ["Z39.88-2004"]
        assert pairs["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:dc"]
        # Zotero's name for what it makes of it.
        assert pairs["rft.type"] == ["newspaperArticle"]
        assert {key.partition(".")[2] for key in pairs if key.startswith("rft.")} <= {
            *("title", "creator", "source", "date", "identifier", "type")
        }
    by_title = {pairs["rft.title"][0]: pairs for pairs in context_objects}
    assert set(by_title) == {FIRST.title, UNTITLED.shown_title}
    pairs = by_title[FIRST.title]
    assert pairs["rft.creator"] == list(FIRST.authors)
    assert pairs["rft.source"] == [FIRST.publisher]
    assert pairs["rft.date"] == ["2022-12-19"]
    assert pairs["rft.identifier"] == [PERMALINK]
    assert "rft.date" not in by_title[UNTITLED.shown_title]
    assert by_title[UNTITLED.shown_title]["rft.source"] == ["[mua.vn]"]


@pytest.mark.parametrize(
    "title",
    [
        'Ăn phở & "bún" 100% <ngon> = rẻ; số #1 ở Huế',
        "Cầu “mới” & bún cũ = 5%",
        "bún ~._- /?# 'a' &amp; %20",
        "BÚN ĐỒNG 漢字 \U0001f600",
    ],
)
def test_a_context_object_keeps_every_sign(archive_of: ArchiveFactory, title: str) -> None:
    """As it stands in a page, read as forms are and as Zotero splits it."""
    client = client_of(archive_of(article(title, "Bún bò.", url="https://bao.vn/?a=1&b=2")))
    page = html5lib.parse(client.get("/?q=bun").text, namespaceHTMLElements=False)
    context = next(span.get("title") or "" for span in page.iter("span") if span.get("title"))
    assert dict(parse_qsl(context, strict_parsing=True))["rft.title"] == title
    parts = dict(part.split("=") for part in context.split("&"))
    assert unquote(parts["rft.title"]) == title
    # A page is small since what it has anyway stands there as it is.
    assert not re.search("%[^2-3]|%20", parts["rft.title"])


def test_the_public_address_of_the_settings_is_the_permalink(archive_of: ArchiveFactory) -> None:
    archive = archive_of(FIRST)
    settings = archive.store.home / "settings.toml"
    settings.write_text('[site]\naddress = "https://kho.vn/bao"\n', encoding="utf-8")
    client = client_of(archive)
    expected = f"https://kho.vn/bao/article/{FIRST.identifier}"
    head = head_of(client, f"/article/{FIRST.identifier}")
    assert head.meta["og:url"] == [expected]
    assert expected in client.get("/export.bib?q=bo").text
    assert expected in client.get("/sitemap.xml").text or "https://kho.vn/bao/sitemap-" in (
        client.get("/sitemap.xml").text
    )
    assert "Sitemap: https://kho.vn/bao/sitemap.xml" in client.get("/robots.txt").text
