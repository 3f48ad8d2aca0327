"""Pages of collections, and reading lists that their addresses hold."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer.open_archive import OpenArchive
from tests.factories import ArchiveFactory, article, client_of, day

FIRST = article("Học phí tăng", "Học phí.", url="https://bao.vn/mot", published=day(2021, 3, 1))
SECOND = article("Lãi suất", "Lãi suất.", publisher="Báo B", published=day(2022, 3, 1))


@pytest.fixture(scope="module")
def archive(shared_archive_of: ArchiveFactory) -> OpenArchive:
    return shared_archive_of(FIRST, SECOND)


@pytest.fixture(scope="module")
def client(archive: OpenArchive) -> FlaskClient:
    folder: Path = archive.store.home / "collections"
    folder.mkdir()
    (folder / "hoc.toml").write_text(
        f'title = "Về học phí"\ndescription = "Chọn **lọc**."\nquery = "q=học+phí"\n'
        f'articles = ["{SECOND.identifier}", "gone", "{FIRST.identifier}"]\n',
        encoding="utf-8",
    )
    return client_of(archive)


def soup(client: FlaskClient, path: str) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "lxml")


def test_a_collection_shows_its_articles_and_its_query(client: FlaskClient) -> None:
    assert soup(client, "/collections").find(href="/collections/hoc").get_text() == "Về học phí"
    page = soup(client, "/collections/hoc")
    assert page.strong.get_text() == "lọc"
    chosen, results = page.select("ol.headlines")
    assert [link.get_text() for link in chosen.select("a")] == ["Lãi suất", "Học phí tăng"]
    assert [link.get_text() for link in results.select("a")] == ["Học phí tăng"]
    assert page.find(href="/?q=h%E1%BB%8Dc+ph%C3%AD") is not None
    assert client.get("/collections/none").status_code == 404


def test_a_list_grows_by_addresses_and_identifiers(client: FlaskClient) -> None:
    answer = client.get("/list?title=Của+tôi&add=https://www.bao.vn/mot")
    assert answer.status_code == 303
    place = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert place == {"title": ["Của tôi"], "id": [FIRST.identifier]}
    again = client.get(f"{answer.headers['Location']}&add={SECOND.identifier}")
    page = soup(client, again.headers["Location"])
    assert [item.a.get_text() for item in page.select("ol.headlines li")] == [
        "Học phí tăng",
        "Lãi suất",
    ]
    assert "Của tôi" in page.h1.get_text()
    taken_out = page.select("ol.headlines li")[0].select("a")[1]["href"]
    assert parse_qs(urlsplit(taken_out).query)["id"] == [SECOND.identifier]


def test_a_list_is_taken_along_in_its_order(client: FlaskClient) -> None:
    place = f"/list?id={SECOND.identifier}&id=none&id={FIRST.identifier}&title=Học+%26+vay"
    links = soup(client, place).select(".take a")
    assert [link.get_text() for link in links] == ["CSV", "JSON lines", "BibTeX", "RIS"]
    answers = [client.get(link["href"]) for link in links]
    for answer in answers:
        assert answer.status_code == 200
        assert 0 < answer.text.index("Lãi suất") < answer.text.index("Học phí tăng")
    assert answers[0].headers["Content-Disposition"] == "attachment; filename=hoc-vay.csv"
    records = [json.loads(line) for line in answers[1].text.splitlines()]
    assert [record["identifier"] for record in records] == [SECOND.identifier, FIRST.identifier]
    assert soup(client, "/list?id=none").select(".take") == []
    assert client.get("/list.exe?id=1").status_code == 404
    assert client.get("/list.ris").status_code == 200


def test_what_is_not_there_is_said(client: FlaskClient) -> None:
    page = soup(client, "/list?add=<b>không+có")
    assert "<b>không có" in page.find(id="not-added").get_text()
    assert page.find(attrs={"name": "add"})["aria-invalid"] == "true"
    assert "không còn trong kho" in soup(client, "/list?id=none").get_text()


def test_lists_are_bounded(client: FlaskClient) -> None:
    many = "&".join(f"id={number:020}" for number in range(500))
    page = soup(client, f"/list?{many}")
    assert len(page.find_all(attrs={"name": "id"})) == 100
    assert page.find(attrs={"name": "add"}) is None


def test_an_article_begins_a_list(client: FlaskClient) -> None:
    page = soup(client, f"/article/{FIRST.identifier}")
    assert page.find(href=f"/list?id={FIRST.identifier}") is not None
