"""Categories in the language of the page, where the owner gave them no name."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.factories import ArchiveFactory, article, client_of
from web.pages.section_names import is_section, section_name


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [
        ("society", "Xã hội", "Society"),
        ("Society", "Xã hội", "Society"),
        ("xa-hoi", "Xã hội", "Society"),
        ("the_thao", "Thể thao", "Sport"),
        ("tech", "Công nghệ", "Technology"),
        ("Tech", "Công nghệ", "Tech"),
        ("sức khoẻ", "Sức khỏe", "Health"),
        ("Sức khoẻ", "Sức khoẻ", "Health"),
        ("Ô tô - Xe máy", "Ô tô - Xe máy", "Cars"),
        ("THẾ GIỚI", "THẾ GIỚI", "World"),
        ("Quoc te", "Quốc tế", "International"),
    ],
)
def test_a_usual_section_has_its_name_in_both_languages(
    value: str, vietnamese: str, english: str
) -> None:
    assert is_section(value)
    assert section_name(value, "vi") == vietnamese
    assert section_name(value, "en") == english


@pytest.mark.parametrize(
    "value", ["", " ", "-", "Anh", "anh", "sach", "Sạch", "Thế giời", "Mã độc & <b>", "x" * 9000]
)
def test_what_is_no_usual_section_stays_as_it_is(value: str) -> None:
    assert not is_section(value)
    assert section_name(value, "vi") == section_name(value, "en") == value


@pytest.fixture
def client(archive_of: ArchiveFactory) -> FlaskClient:
    return client_of(
        archive_of(
            article("Tin một", "công an", category="society"),
            article("Tin hai", "công an", category="society"),
            article("Tin ba", "công an", category="Xã hội"),
            article("Tin bốn", "công an", category="Ngõ nhỏ"),
        )
    )


def categories_of(client: FlaskClient, address: str) -> list[tuple[str, str]]:
    """The languages and the names of the values to choose from, in their order."""
    text = client.get(address).text
    values = text.partition('id="beside-category"')[2].partition("</section>")[0]
    return re.findall(r'<span lang="(\w+)">([^<]+)</span>', values)


def test_values_of_one_name_are_told_apart(client: FlaskClient) -> None:
    vietnamese = [("vi", "Xã hội (society)"), ("vi", "Ngõ nhỏ"), ("vi", "Xã hội")]
    assert categories_of(client, "/?q=công an&lang=vi") == vietnamese
    english = categories_of(client, "/?q=công an&lang=en")
    assert english == [("en", "Society (society)"), ("vi", "Ngõ nhỏ"), ("en", "Society (Xã hội)")]
    chosen = categories_of(client, "/?q=công an&category=society&lang=vi")
    assert chosen[0] == ("vi", "✓ Xã hội (society)")


def test_a_filter_keeps_the_value_and_shows_the_name(client: FlaskClient) -> None:
    text = client.get("/?q=công an&lang=vi").text
    assert "category=society" in text
    filtered = client.get("/?q=công an&category=society&lang=vi").text
    assert "<b>Xã hội</b>" in filtered
    assert "Tin hai" in filtered
    assert "Tin ba" not in filtered
    listed = client.get("/values/category?q=công an&lang=en").text
    assert 'lang="en">Society (Xã hội)</a>' in listed
    article_page = re.findall(r'href="(/article/\w+)', filtered)[0]
    assert '<span lang="en">Society</span>' in client.get(f"{article_page}?lang=en").text
    assert '<span lang="vi">Xã hội</span>' in client.get(f"{article_page}?lang=vi").text
