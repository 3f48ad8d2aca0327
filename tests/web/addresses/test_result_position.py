"""An article in the results it was opened from: back to them, on to the next."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.factories import ArchiveFactory, article, client_of, day


@pytest.fixture(scope="module")
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    articles = (
        article(
            f"Công an phường số {number}",
            f"Tin thứ {number} về một việc khác: {'đường ' * number}",
            publisher="Báo A" if number % 2 else "Báo B",
            published=day(2022, 12, number),
        )
        for number in range(1, 24)
    )
    return client_of(shared_archive_of(*articles))


def links_named(page: str, text: str) -> list[str]:
    links = BeautifulSoup(page, "lxml").find_all("a")
    return [str(link["href"]) for link in links if link.get_text() == text]


@pytest.mark.parametrize(
    "search", ["q=công+an&sort=newest", "q=cong+an&publisher=Báo+B&sort=oldest&n=5", "year=2022"]
)
def test_the_next_results_are_those_of_the_list(client: FlaskClient, search: str) -> None:
    hits = re.findall(r'<h2><a href="([^"]*)"', client.get(f"/?{search}").text)
    address = hits[0].replace("&amp;", "&")
    walked = [urlsplit(address).path]
    for _ in hits[1:]:
        following = links_named(client.get(address).text, "kết quả sau")[0]
        answer = client.get(following)
        assert answer.status_code == 303
        address = answer.headers["Location"]
        walked.append(urlsplit(address).path)
    assert walked == [urlsplit(hit).path for hit in hits]


def test_back_leads_to_the_page_and_place_of_the_result(client: FlaskClient) -> None:
    page = client.get("/?q=công+an&sort=newest&n=5&page=3").text
    address = re.findall(r'<h2><a href="([^"]*)"', page)[1].replace("&amp;", "&")
    back = links_named(client.get(address).text, "← Kết quả tìm “công an”")[0]
    place = urlsplit(back)
    assert parse_qs(place.query) == {
        "q": ["công an"], "sort": ["newest"], "n": ["5"], "page": ["3"]
    }  # fmt: skip
    assert place.fragment == "r12"
    assert f'id="{place.fragment}"' in client.get(back).text


def test_after_the_last_result_the_results_are_shown_again(client: FlaskClient) -> None:
    answer = client.get("/result?q=công+an&sort=newest&at=24")
    assert answer.status_code == 303
    place = urlsplit(answer.headers["Location"])
    assert (place.path, parse_qs(place.query)["page"], place.fragment) == ("/", ["3"], "r23")


@pytest.mark.parametrize("at", ["", "-1", "x"])
def test_a_result_without_a_number_is_none(client: FlaskClient, at: str) -> None:
    assert client.get(f"/result?q=công+an&at={at}").status_code == 404


def test_the_first_result_has_none_before_it(client: FlaskClient) -> None:
    answer = client.get("/result?q=công+an&at=1", follow_redirects=True).text
    assert links_named(answer, "kết quả trước") == []
    assert links_named(answer, "kết quả sau") != []


def test_the_search_goes_along_in_the_language_that_was_chosen(client: FlaskClient) -> None:
    answer = client.get("/result?q=công+an&at=2&lang=en", follow_redirects=True).text
    assert parse_qs(urlsplit(links_named(answer, "next result")[0]).query)["lang"] == ["en"]
