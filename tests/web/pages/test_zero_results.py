"""A search that found nothing: what finds something, and what is nearest in time."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.factories import ArchiveFactory, article, client_of, day


@pytest.fixture(scope="module")
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    return client_of(
        shared_archive_of(
            article("Học phí tăng", "Học phí.", publisher="Báo A", published=day(2021, 3, 1)),
            article("Học phí giảm", "Học phí.", publisher="Báo A", published=day(2023, 3, 1)),
            article("Lãi suất", "Lãi suất.", publisher="Báo B", published=day(2022, 3, 1)),
        )
    )


def read_section(client: FlaskClient, path: str, identifier: str) -> list[str]:
    page = BeautifulSoup(client.get(path).text, "lxml")
    heading = page.find(id=identifier)
    if heading is None:
        return []
    return [
        item.get_text(" ", strip=True) for item in heading.find_parent("section").find_all("li")
    ]


def test_each_filter_is_tried_without(client: FlaskClient) -> None:
    path = "/?q=học+phí&publisher=Báo+B&from=2022&to=2022"
    assert read_section(client, path, "wider") == ["bỏ mọi bộ lọc 2 bài"]
    path = "/?q=học+phí&publisher=Báo+B"
    assert read_section(client, path, "wider") == ["bỏ “Nguồn báo: Báo B” 2 bài"]


def test_units_are_tried_alone(client: FlaskClient) -> None:
    path = '/?q="học+phí"+"lãi+suất"&match=full'
    assert read_section(client, path, "wider") == ["chỉ “học phí” 2 bài", "chỉ “lãi suất” 1 bài"]


def test_the_nearest_in_time_is_named_on_both_sides(client: FlaskClient) -> None:
    nearest = read_section(client, "/?q=học+phí&from=2022-02&to=2022-04", "nearest")
    assert nearest == [
        "Bài cuối cùng trước đó: Học phí tăng 01/03/2021",
        "Bài đầu tiên sau đó: Học phí giảm 01/03/2023",
    ]


def test_what_nobody_wrote_has_no_wider_search(client: FlaskClient) -> None:
    page = client.get("/?q=zzzyqx").text
    assert "Hãy thử ít từ hơn" in page
    assert 'id="wider"' not in page


@pytest.mark.parametrize("path", ["/?publisher=Không+có", "/?from=1900&to=1901"])
def test_filters_alone_can_find_nothing_too(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200
    assert "Không bài nào qua được" in client.get(path).text


@pytest.mark.parametrize(("typed", "said"), [("khonglung", False), ("khổnglung", True)])
def test_who_typed_without_diacritics_is_not_told_to_leave_them_out(
    archive_of: ArchiveFactory, typed: str, said: bool
) -> None:
    page = client_of(archive_of(article("Công an"))).get(f"/?q={typed}&lang=vi").text
    assert "Hãy thử ít từ hơn hoặc từ khác" in page
    assert ("không cần gõ dấu" in page) is said
