"""Slips in parameters are named, pages are linked, other sites may read, mirrors lose nothing."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from html import unescape

import pytest
from flask.testing import FlaskClient

from archive.catalogue.operations import OperatorNote
from indexer.open_archive import OpenArchive
from tests.factories import ArchiveFactory, article, client_of, keep

ARTICLES = [article(f"Bò sữa số {number}", f"Đàn bò số {number}.") for number in range(7)]


@pytest.fixture(scope="module")
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    return client_of(shared_archive_of(*ARTICLES))


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("search?q=bo&form=2022", ["form"]),
        ("search?q=bo&from=bogus&sort=bogus&page=abc&n=-1", ["from", "sort", "page", "n"]),
        ("search?q=bo&n=101", ["n"]),
        ("search?q=bo&page=0", ["page"]),
        ("search?q=bo&match=all", ["match"]),
        ("search?q=bo&exact=yes", ["exact"]),
        ("search?q=bo&year=22&not.month=2022", ["year", "not.month"]),
        ("search?q=bo&q=sua", ["q"]),
        ("search?q=bo&month=2022-13&not.month=2022-00", ["month", "not.month"]),
        ("search?q=bo&state=whole&not.state=x", ["state", "not.state"]),
        ("search?q=bo&lang=fr", ["lang"]),
        ("search?q=bo&from=2022-03&to=2022-02", ["from"]),
        ("facets?q=bo&from=2022&to=2021", ["from"]),
        ("facets?q=bo&column=colour", ["column"]),
        ("histogram?q=bo&page=1", ["page"]),
        ("suggest?q=bo&n=x", ["n"]),
        ("changes?since=-1", ["since"]),
        ("changes?since=999", ["since"]),
        (f"articles/{ARTICLES[0].identifier}?version=x", ["version"]),
        (f"articles/{ARTICLES[0].identifier}/versions?x=1", ["x"]),
    ],
)
def test_wrong_parameters_are_named(client: FlaskClient, path: str, names: list[str]) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    problem = answer.get_json()
    assert [each["name"] for each in problem["parameters"]] == names
    assert all(name in problem["detail"] for name in names)


@pytest.mark.parametrize(
    "path",
    [
        "search?q=bo&from=&sort=&n=&page=&year=&exact=&lang=en",
        "search?q=bo&from=19/12/2022&to=hôm+qua&sort=newest&match=any&exact=1&raw=0",
        "search?author=a&author=b&not.year=2022&month=2022-01",
        "suggest?q=b&n=20",
        "changes?since=3&n=2",
    ],
)
def test_right_and_empty_parameters_are_none_to_complain_of(client: FlaskClient, path: str) -> None:
    assert client.get(f"/api/v1/{path}").status_code == 200


def test_pages_link_to_one_another(client: FlaskClient) -> None:
    path, names = "/api/v1/search?q=bo+sua&n=2&sort=newest", list[str]()
    while path:
        answer = client.get(path.removeprefix("http://localhost"))
        page = answer.get_json()
        names += [hit["id"] for hit in page["hits"]]
        links = answer.headers.getlist("Link")
        assert (page["next"] is None) == (not any('rel="next"' in link for link in links))
        path = page["next"]
    assert sorted(names) == sorted(each.identifier for each in ARTICLES)


@pytest.mark.parametrize(
    "path", ["/api/v1/search?q=bo", "/api/v1/articles/none", "/feed.atom?q=bo", "/export.csv?q=bo"]
)
def test_pages_of_other_sites_may_read(client: FlaskClient, path: str) -> None:
    for method in ("GET", "OPTIONS"):
        headers = client.open(path, method=method).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Link" in headers["Access-Control-Expose-Headers"]
    preflight = client.open(path, method="OPTIONS")
    assert (preflight.status_code, preflight.data) == (204, b"")
    assert "Content-Type" not in preflight.headers


def test_pages_for_people_stay_their_own(client: FlaskClient) -> None:
    headers = client.get("/").headers
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_mirror_is_told_that_an_archive_went_back(client: FlaskClient) -> None:
    last = client.get("/api/v1/changes").get_json()["last"]
    assert client.get(f"/api/v1/changes?since={last}").get_json()["changes"] == []
    answer = client.get(f"/api/v1/changes?since={last + 1}")
    assert answer.status_code == 400
    assert "Begin again with 0" in answer.get_json()["detail"]


class Mirror:
    """A mirror that follows `/api/v1/changes`, and is killed before any of its requests.

    What it wrote before a kill stays: articles at once, the number only after its whole page.
    """

    def __init__(self, client: FlaskClient, chance: random.Random) -> None:
        self._client, self._chance = client, chance
        self.last, self.kills = 0, 0
        self.articles: dict[str, str] = {}

    def follow(self, requests: int) -> bool:
        """Ask a few times; False when there was nothing new."""
        for _ in range(requests):
            answer = self._client.get(f"/api/v1/changes?since={self.last}&n=3").get_json()
            if not answer["changes"]:
                return False
            for change in answer["changes"]:
                if self._chance.random() < 0.1:
                    self.kills += 1
                    return True
                self.take(change["id"])
            self.last = answer["last"]
        return True

    def take(self, identifier: str) -> None:
        """Take the newest version of an article; one that is gone is deleted."""
        answer = self._client.get(f"/api/v1/articles/{identifier}")
        if answer.status_code == 200:
            self.articles[identifier] = answer.get_json()["title"]
        else:
            assert answer.status_code in (404, 410)
            self.articles.pop(identifier, None)


def change_something(archive: OpenArchive, chance: random.Random, number: int) -> None:
    store, note = archive.store, OperatorNote("x", "y")
    names = [name for name, _ in store.identifiers()]
    kind = chance.choice(["add", "add", "version", "remove", "hide", "edit", "delete"])
    if kind == "add" or not names:
        keep(store, article(f"Bài {number}", url=f"https://b.vn/{number}"))
        return
    name = chance.choice(names)
    if kind == "version":
        keep(store, replace(store.get(name), title=f"Bản {number}", captured=None, digest=""))
        return
    if kind == "delete":
        store.delete(name)
        return
    with store.operator_batch() as batch:
        if kind == "remove":
            batch.remove(name, note)
        elif kind == "hide":
            batch.hide(name, note)
            if chance.random() < 0.5:
                batch.show_again(name, note)
        else:
            batch.edit(name, {"title": f"Sửa {number}"}, note)


@pytest.mark.parametrize("count", [150, pytest.param(1000, marks=pytest.mark.slow)])
def test_a_mirror_that_follows_ends_equal(archive: OpenArchive, count: int) -> None:
    chance = random.Random(7)
    mirror = Mirror(client_of(archive, rate="", seconds_per_minute=0.0), chance)
    for number in range(count):
        change_something(archive, chance, number)
        if chance.random() < 0.2:
            mirror.follow(chance.randrange(3))
    while mirror.follow(10):
        pass
    expected = {name: archive.store.get(name).title for name, _ in archive.store.identifiers()}
    assert mirror.articles == expected
    assert mirror.last == archive.store.last_sequence()
    assert mirror.kills > count // 50


PAGES = {
    *("search.form", "search.result", "search.values", "articles.article", "articles.changes"),
    *("calendar.years", "calendar.month", "calendar.day", "collections.collections"),
    *("collections.collection", "collections.reading_list", "persons.person", "replay.page"),
    *("replay.capture", "document_pages.view", "trends.page", "owner.owner_page"),
    *("permalinks.by_address", "permalinks.by_identifier", "access.login", "access.logout"),
    *("admin.overview", "admin.coverage", "admin.problems", "admin.changes", "admin.article"),
}
"""Addresses for people, who are forgiven what they type."""

WITHOUT_PARAMETERS = {
    *("static", "replay.resource", "api.openapi", "opensearch.description", "health.health"),
    *("health.ready", "metrics.metrics", "assets.logo", "assets.default_icon", "assets.icon"),
    *("assets.accent", "assets.manifest", "assets.security_contact", "crawlers.robots"),
    *("crawlers.sitemaps", "crawlers.sitemap"),
}
"""Addresses on which no parameter has any bearing."""

OWN_ERRORS = {"oai.oai"}
"""Addresses whose protocol has errors of its own."""

PARTS = {
    "identifier": ARTICLES[0].identifier,
    **{"kind": "csv", "number": "1", "size": "small", "column": "publisher", "name": "rights"},
    **{"year": "2022", "month": "12", "address": "https://b.vn/1", "filename": "x.css"},
}


def addresses_of(client: FlaskClient) -> dict[str, str]:
    """An address of each endpoint that can be read."""
    rules = [rule for rule in client.application.url_map.iter_rules() if "GET" in rule.methods]
    return {
        rule.endpoint: re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda part: PARTS[part[1]], rule.rule)
        for rule in rules
    }


def test_each_address_for_programs_names_wrong_parameters(client: FlaskClient) -> None:
    passed_over, chosen = PAGES | WITHOUT_PARAMETERS | OWN_ERRORS, set[str]()
    for endpoint, address in addresses_of(client).items():
        if endpoint not in passed_over:
            chosen.add(endpoint)
            answer = client.get(address, query_string={"form": "2022", "lang": "fr"})
            assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
            problems = answer.get_json()["parameters"]
            assert [each["name"] for each in problems] == ["form", "lang"], endpoint
    assert {"feeds.feed", "trends.table", "exports.export", "articles.cite"} <= chosen


def test_pages_forgive_wrong_parameters(client: FlaskClient) -> None:
    wrong = {"form": "2022", "page": "x", "version": "x", "from": "x", "sort": "x", "by": "x"}
    for endpoint, address in addresses_of(client).items():
        if endpoint in PAGES | WITHOUT_PARAMETERS:
            right = client.get(address).status_code
            assert client.get(address, query_string=wrong).status_code in (right, 200), endpoint


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("feed.atom?q=bo&from=bogus&page=0", ["from", "page"]),
        ("feed.atom?q=bo&from=2022&to=2021", ["from"]),
        ("export.csv?q=bo&bom=no", ["bom"]),
        ("trends.csv?q=bo&by=day&measure=articles", ["by", "measure"]),
        ("trends.svg?q=bo&measure=", []),
        ("trends.csv?" + "&".join(f"q={number}" for number in range(6)), ["q"]),
        ("list.bib?" + "&".join(f"id={number}" for number in range(101)), ["id"]),
        ("list.bib?id=" + "a" * 65, ["id"]),
        ("suggest?q=bo&n=5", ["n"]),
        (f"article/{ARTICLES[0].identifier}/cite.bib?version=0&section=x", ["version", "section"]),
        (f"article/{ARTICLES[0].identifier}/original?version=x&sha256=abc", ["version", "sha256"]),
        (f"article/{ARTICLES[0].identifier}/pages/1/small.webp?v=x&version=-1", ["v", "version"]),
    ],
)
def test_files_feeds_and_pictures_name_wrong_parameters(
    client: FlaskClient, path: str, names: list[str]
) -> None:
    answer = client.get(f"/{path}")
    assert answer.status_code == (400 if names else 200)
    assert [each["name"] for each in answer.get_json()["parameters"]] == names if names else True


@pytest.mark.parametrize(
    "search",
    ["q=bo&chart=share&n=20&sort=oldest", "q=bo&from=bogus&to=x", "q=bo&page=x&sort=x"],
)
def test_pages_link_to_files_and_feeds_that_answer(client: FlaskClient, search: str) -> None:
    page = client.get(f"/?{search}").text
    links = re.findall(r'href="(/(?:export\.|feed)[^"]*)"', page)
    assert len(links) >= 2
    for link in set(links):
        with client.get(unescape(link)) as answer:
            assert answer.status_code == 200, link


def test_a_page_names_what_it_passes_over(client: FlaskClient) -> None:
    page = client.get("/?q=bo&page=x&n=1000&exact=yes").text
    assert all(wrong in page for wrong in ("page=x", "n=1000", "exact=yes"))
