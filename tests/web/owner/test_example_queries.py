"""The examples of the first page come from the archive, and each of them finds something."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from archive.records import Section, Speaker
from indexer.open_archive import OpenArchive
from tests.factories import ArchiveFactory, article, client_of, day
from web.owner.example_queries import ExampleQuery


@pytest.fixture
def archive(archive_of: ArchiveFactory) -> OpenArchive:
    return archive_of(
        *(
            article(
                f"Chợ nổi Cái Răng ngày {number}",
                publisher='Báo "Sông" Hậu',
                published=day(2023, number, 2),
                sections=(
                    Section((f"Chợ nổi đông ghe, lượt {number}.",), "Mở đầu"),
                    Section(("Ghe bán trái cây.",), "Lời kể", Speaker("Trần Thị Ghe", "Bà")),
                ),
            )
            for number in range(1, 7)
        )
    )


def examples_of(archive: OpenArchive, language: str = "vi") -> list[str]:
    page = client_of(archive).get(f"/?lang={language}").text
    (section,) = re.findall(r'<section class="asking".*?</section>', page, re.DOTALL)
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', section)]
    return [parse_qs(urlsplit(link).query)["q"][0] for link in links]


def test_examples_are_drawn_from_the_archive_and_find_something(archive: OpenArchive) -> None:
    examples = examples_of(archive)
    assert 'người:"Trần Thị Ghe"' in examples
    assert "ngày:6/2023" in examples
    client = client_of(archive)
    for text in examples:
        answer = client.get("/api/v1/search", query_string={"q": text, "match": "full"}).get_json()
        assert answer["total"] > 0, text


def test_examples_have_the_fields_of_the_pages_language(archive: OpenArchive) -> None:
    examples = examples_of(archive, "en")
    assert 'person:"Trần Thị Ghe"' in examples
    assert "date:6/2023" in examples
    assert [text for text in examples if text.startswith(("người", "ngày", "nguồn"))] == []


def test_an_archive_in_english_gives_phrases_too(archive_of: ArchiveFactory) -> None:
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
    archive = archive_of(
        *(
            article(f"Boats on the Perfume River on {name}", f"The Perfume River rose on {name}.")
            for name in days
        )
    )
    examples = examples_of(archive, "en")
    assert examples[:2] == ["perfume river", '"Perfume River"']
    assert not any(text.startswith("=") for text in examples)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("chợ nổi", "vi"),
        ("cho noi", "vi"),
        ('person:"Trần Thị Ghe"', "vi"),
        ("=Răng", "vi"),
        ("ngày:6/2023", ""),
        ("date:6/2023", ""),
        ("perfume river", ""),
        ('publisher:"Perfume River Review"', ""),
        ("café", ""),
        ("118/2023", ""),
    ],
)
def test_an_example_is_called_vietnamese_where_its_words_are(text: str, language: str) -> None:
    assert ExampleQuery(text).language == language


def test_an_english_page_calls_no_english_example_vietnamese(archive_of: ArchiveFactory) -> None:
    archive = archive_of(article("Chợ nổi"), article("Perfume River"))
    settings = archive.store.home / "settings.toml"
    settings.write_text('[site]\nexamples = ["cho noi", "perfume river"]\n', encoding="utf-8")
    page = client_of(archive).get("/?lang=en").text
    assert re.search(r'<dt><a href="[^"]*" lang="vi">cho noi</a>', page)
    assert re.search(r'<dt><a href="[^"]*">perfume river</a>', page)


def test_the_owners_own_examples_come_instead_without_those_that_find_nothing(
    archive: OpenArchive,
) -> None:
    settings = archive.store.home / "settings.toml"
    settings.write_text('[site]\nexamples = ["cho noi", "khủng long"]\n', encoding="utf-8")
    assert examples_of(archive) == ["cho noi"]


def test_an_archive_that_gives_none_shows_no_box(archive_of: ArchiveFactory) -> None:
    archive = archive_of(article("1"))
    assert 'class="asking"' not in client_of(archive).get("/").text
