"""The calendar: counts by month and day, gaps, the articles of a day, the days next to it."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer.vietnamese.dates import VIETNAM
from tests.factories import ArchiveFactory, article, client_of, day


@pytest.fixture(scope="module")
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    late = datetime(2022, 12, 19, 23, 59, tzinfo=VIETNAM)
    return client_of(
        shared_archive_of(
            article("Cuối năm ngoái", "a", publisher="Báo B", published=day(2016, 12, 31)),
            article("Sáng", "b", publisher="Báo B", published=day(2022, 12, 19)),
            article("Khuya", "c", publisher="Báo Ă", published=late),
            article("Hôm sau", "d", published=day(2022, 12, 20)),
            article("Trong năm", "e", published=day(2022, 1, 1), published_precision="year"),
            article("Không ngày", "g"),
        )
    )


def soup(client: FlaskClient, path: str) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "lxml")


def texts(page: BeautifulSoup, selector: str) -> list[str]:
    return [re.sub(r"\s+", " ", part.get_text(" ", strip=True)) for part in page.select(selector)]


def test_every_month_of_the_years_that_have_articles(client: FlaskClient) -> None:
    page = soup(client, "/calendar")
    assert texts(page, ".year h2") == ["2022 4 bài", "2016 1 bài"]
    # What is heard, and what is seen.
    months = texts(page, ".year .months")[0]
    assert months.startswith("tháng 1/2022: 1 bài Tháng 1 1 Tháng 2 không có bài nào Tháng 3 ")
    assert months.endswith("tháng 12/2022: 3 bài Tháng 12 3")
    assert texts(page, ".note") == ["2017–2021: không có bài nào"]
    assert "5 bài có ngày · 1 bài không có ngày" in texts(page, "main .about")[0]


def test_the_days_of_a_month_stand_under_their_weekdays(client: FlaskClient) -> None:
    page = soup(client, "/calendar/2022-12")
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.select("td")]
        for row in page.select("tbody tr")
    ]
    assert all(len(row) == 7 for row in rows)
    # 19 December 2022 was a Monday.
    assert rows[3][:2] == ["19/12/2022: 2 bài 19 2", "20/12/2022: 1 bài 20 1"]
    assert rows[0][:4] == ["", "", "", "1 không có bài nào"]


def test_months_without_articles_are_passed_over(client: FlaskClient) -> None:
    page = soup(client, "/calendar/2020-02")
    links = {link["rel"][0]: link["href"] for link in page.select(".back a[rel]")}
    assert links == {"prev": "/calendar/2016-12", "next": "/calendar/2022-01"}
    assert "29" in texts(page, "td")[-2 if texts(page, "td")[-1] == "" else -1]


def test_a_day_by_publisher_with_times_and_the_days_beside_it(client: FlaskClient) -> None:
    page = soup(client, "/calendar/2022-12-19")
    assert texts(page, "section.day h2") == ["Báo Ă 1 bài", "Báo B 1 bài"]
    assert texts(page, "section.day li") == ["Khuya 23:59", "Sáng 12:00"]
    links = {link["rel"][0]: link["href"] for link in page.select(".back a[rel]")}
    assert links == {"prev": "/calendar/2022-01-01", "next": "/calendar/2022-12-20"}


def test_a_coarse_date_is_said_on_the_day_it_stands_under(client: FlaskClient) -> None:
    assert texts(soup(client, "/calendar/2022-01-01"), "section.day li") == ["Trong năm 2022"]


def test_a_day_without_articles_is_a_page(client: FlaskClient) -> None:
    page = soup(client, "/calendar/2022-12-01")
    assert "không có bài nào" in page.get_text()


@pytest.mark.parametrize(
    "path",
    ["2022-13", "2022-00", "2022-02-30", "0999-01", "3000-01-01", "2022-1", "22-01", "2022", "x"],
)
def test_no_page_for_what_is_no_day(client: FlaskClient, path: str) -> None:
    assert client.get(f"/calendar/{path}").status_code == 404


def test_an_archive_without_an_index_has_an_empty_calendar(archive_of: ArchiveFactory) -> None:
    client = client_of(archive_of())
    assert "Không bài nào có ngày" in client.get("/calendar").text
    assert client.get("/calendar/2022-12").status_code == 200
    assert client.get("/calendar/2022-12-19").status_code == 200
