"""Long articles come in parts: nothing is lost, no part is long, sections keep their numbers."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from archive.records import Article, Caption, Section
from tests.factories import ArchiveFactory, article, client_of
from web.pages import article_parts
from web.pages.article_parts import ArticlePart, article_part

LONG = article(
    "Biên bản",
    lead="Lời dẫn.",
    sections=tuple(
        Section(tuple(f"Câu {number} đoạn {n} nói về đê điều." for n in range(9)), f"Mục {number}")
        for number in range(1, 8)
    ),
    captions=(Caption("Ảnh đê", "PV"), Caption("Ảnh cầu")),
)


@pytest.fixture(autouse=True)
def _short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(article_parts, "LONGEST_PART", 1000)


def parts_of(item: Article) -> list[ArticlePart]:
    count = article_part(item).count
    return [article_part(item, number) for number in range(1, count + 1)]


def texts_of(*items: Article) -> str:
    """Return all texts without their blanks."""
    texts: list[str] = []
    for item in items:
        texts.append(item.lead)
        texts += [text for section in item.sections for text in section.paragraphs]
        texts += [f"{caption.text}{caption.credit}" for caption in item.captions]
    return "".join("".join(texts).split())


@pytest.mark.parametrize(
    "item",
    [
        article("Ngắn", "Một đoạn."),
        article("Không có gì"),
        LONG,
        article("Một đoạn dài", "đê điều " * 400),
        article("Không dấu cách", "x" * 2500),
        article("Lời dẫn dài", lead="đê điều " * 400),
        article("Nhiều đoạn ngắn", *"abcdefghijklmnopqrstuvwxyz"),
        article("Chỉ có đề mục", sections=tuple(Section((), f"Mục {n}") for n in range(40))),
        article("Nhiều ảnh", captions=tuple(Caption(f"Ảnh {n}") for n in range(40))),
    ],
    ids=lambda item: item.title,
)
def test_parts_hold_everything_once_and_none_is_long(item: Article) -> None:
    parts = parts_of(item)
    assert "".join(texts_of(part.article) for part in parts) == texts_of(item)
    assert all(len(texts_of(part.article)) <= 1000 for part in parts)
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    headings = {
        number: section.heading for part in parts for number, section in part.numbered_sections
    }
    assert headings == {n: section.heading for n, section in enumerate(item.sections, 1)}


def test_a_short_article_is_one_part() -> None:
    assert article_part(article("Ngắn", "Một đoạn."), 5).count == 1


@pytest.mark.parametrize(("number", "expected"), [(0, 1), (1, 1), (2, 2), (999, -1)])
def test_a_number_that_is_none_gives_the_nearest_part(number: int, expected: int) -> None:
    part = article_part(LONG, number)
    assert part.number == (part.count if expected < 0 else expected)


def test_a_section_is_found_in_the_part_where_it_begins() -> None:
    for number in range(1, 8):
        part = article_part(LONG, 1, number)
        assert number in dict(part.numbered_sections)
        assert part.number == 1 or part.first_section <= number


@pytest.fixture
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    # On a busy machine a page may take any time; what is cut short then has no highlights.
    return client_of(shared_archive_of(LONG), budget=60.0)


def test_parts_lead_to_one_another(client: FlaskClient) -> None:
    address = f"/article/{LONG.identifier}"
    count = article_part(LONG).count
    path: str | None = f"{address}?q=de"
    seen: list[str] = []
    while path:
        page = client.get(path).text
        assert len(page) < 20_000
        assert f"phần {len(seen) + 1} / {count}" in page
        seen.append(page)
        _, _, link = page.partition('rel="next" href="')
        path = link.partition('"')[0].replace("&amp;", "&")
    assert len(seen) == count
    for number in range(1, 8):
        assert any(f'<section id="s{number}">' in page for page in seen)
    assert all('id="h1"' in page for page in seen)
    assert "Ảnh" not in seen[0]
    assert "Ảnh" in seen[-1]
    assert '<section id="s7">' in client.get(f"{address}?section=7").text


def test_the_interface_says_how_many_parts_there_are(client: FlaskClient) -> None:
    address = f"/api/v1/articles/{LONG.identifier}"
    first = client.get(address).get_json()
    assert (first["part"], first["first_section"]) == (1, 1)
    sections = [
        (number, text)
        for part in range(1, first["parts"] + 1)
        for answer in [client.get(f"{address}?part={part}").get_json()]
        for number, section in enumerate(answer["sections"], answer["first_section"])
        for text in section["paragraphs"]
    ]
    expected = enumerate(LONG.sections, 1)
    assert sections == [(number, text) for number, item in expected for text in item.paragraphs]
