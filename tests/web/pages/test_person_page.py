"""The page of a person: statements by date with their places, roles, other speakers, mentions."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.records import Section, Speaker
from tests.factories import ArchiveFactory, article, client_of, day
from web.pages.person_page import roles_of, speakers_of, statements_of

ASKED = article(
    "Hỏi đáp",
    published=day(2021, 5, 1),
    sections=(
        Section(("Tôi cho là nên.",), "Ý một", Speaker("Lê Văn Cả", "Đại tá", "Giám đốc")),
        Section(("Tôi không.",), "Ý hai", Speaker("Trần Thị Bé", "", "Luật sư")),
        Section(("Nói lại.",), "", Speaker("Lê Văn Cả", "Đại tá", "Giám đốc")),
    ),
)
LATER = article(
    "Về sau",
    published=day(2022, 5, 1),
    sections=(Section(("Chào.",), "", Speaker("Lê Văn Cả", "Thiếu tướng", "Cục trưởng")),),
)
RUNNING = article(
    "Tin chạy",
    "Trời hôm nay đẹp, nhiều người ra đường.",
    "Ông Lê Văn Cả cho biết: “Việc này sẽ xong trong tháng.”",
    published=day(2020, 5, 1),
)
MENTIONED = article("Nhắc tên", "Hội nghị có mặt Lê Văn Cả và nhiều người khác.")


@pytest.fixture(scope="module")
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    return client_of(shared_archive_of(ASKED, LATER, RUNNING, MENTIONED))


def test_statements_newest_first_and_what_stands_beside_them(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/person/Lê Văn Cả").text, "lxml")
    assert [heading.get_text() for heading in page.select("ol.hits h3")] == [
        "Về sau",
        "Hỏi đáp",
        "Tin chạy",
    ]
    quotes = [quote.get_text() for quote in page.select("blockquote")]
    assert quotes[:3] == ["Chào.", "Ý một. Tôi cho là nên.", "Nói lại."]
    assert "Việc này sẽ xong" in quotes[3]
    assert page.select_one("ol.hits a")["href"].endswith("#s1")
    text = page.get_text(" ", strip=True)
    assert "3 bài có phát biểu" in text
    assert "4 bài nhắc đến" in text
    assert page.find(href="/person/Tr%E1%BA%A7n%20Th%E1%BB%8B%20B%C3%A9") is not None


def test_who_says_nothing_has_no_page(client: FlaskClient) -> None:
    assert client.get("/person/Không Ai Cả").status_code == 404
    assert client.get(f"/person/{'a' * 300}").status_code == 404


def test_names_are_escaped_and_may_hold_slashes(archive_of: ArchiveFactory) -> None:
    name = "<b>A</b>/B"
    spoken = article("T", sections=(Section(("x",), "", Speaker(name, "", "<i>r</i>")),))
    page = client_of(archive_of(spoken)).get(f"/person/{name}").text
    assert "<b>A" not in page
    assert "&lt;b&gt;A&lt;/b&gt;/B" in page


def test_the_chip_of_a_person_and_an_article_lead_to_the_page(client: FlaskClient) -> None:
    for path in ("/?person=Lê+Văn+Cả", f"/article/{ASKED.identifier}"):
        page = BeautifulSoup(client.get(path).text, "lxml")
        assert page.find(href="/person/L%C3%AA%20V%C4%83n%20C%E1%BA%A3") is not None


def test_statements_in_the_order_of_the_article() -> None:
    assert [statement.anchor for statement in statements_of(ASKED, "Lê Văn Cả")] == ["s1", "s3"]
    (said,) = statements_of(RUNNING, "Lê Văn Cả")
    assert said.text.startswith("Ông Lê Văn Cả cho biết")
    assert statements_of(MENTIONED, "Lê Văn Cả") == []


def test_a_long_statement_is_cut_at_a_word() -> None:
    long = article("T", sections=(Section(("chữ " * 300,), "", Speaker("A")),))
    (statement,) = statements_of(long, "A")
    assert len(statement.text) <= 402
    assert statement.text.endswith("chữ …")


def test_roles_with_their_first_and_last_dates() -> None:
    roles = roles_of([ASKED, LATER, RUNNING], "Lê Văn Cả")
    assert [(role.text, role.articles) for role in roles] == [
        ("Thiếu tướng, Cục trưởng", 1),
        ("Đại tá, Giám đốc", 1),
    ]
    assert roles[1].first == roles[1].last == day(2021, 5, 1)


def test_speakers_of_an_article_once_each() -> None:
    assert speakers_of(ASKED) == ["Lê Văn Cả", "Trần Thị Bé"]
    assert speakers_of(RUNNING) == ["Lê Văn Cả"]


MANY_WORDS = "Trời đẹp, nhiều người ra đường. " * 20
"""Sentences before the person's."""


@pytest.mark.parametrize(
    ("paragraph", "start", "end"),
    [
        (f"{MANY_WORDS}Ông Lê Văn Cả cho biết: “Sẽ xong.”", "… Trời đẹp,", "“Sẽ xong.”"),
        (f"{MANY_WORDS}Ông Lê Văn Cả cho biết: “Sẽ xong.” {MANY_WORDS}", "… Ông Lê Văn Cả", " …"),
        (f"Ông Lê Văn Cả cho biết: “Sẽ xong.” {MANY_WORDS}", "Ông Lê Văn Cả cho biết", " …"),
        (
            f"Có mặt Lê Văn Cả. {MANY_WORDS}Ông Lê Văn Cả cho biết: “Sẽ xong.” {MANY_WORDS}",
            "… Ông Lê Văn Cả cho biết",
            " …",
        ),
    ],
)
def test_a_long_statement_is_shown_where_it_names_the_person(
    paragraph: str, start: str, end: str
) -> None:
    (said,) = statements_of(article("Tin", paragraph), "Lê Văn Cả")
    assert said.text.startswith(start)
    assert said.text.endswith(end)
    assert "Ông Lê Văn Cả cho biết: “Sẽ xong.”" in said.text
    assert len(said.text) < 410


@pytest.mark.parametrize(
    ("heading", "paragraphs", "expected"),
    [
        ("Bám cơ sở", ("Năm nay đạt kết quả.",), "Bám cơ sở. Năm nay đạt kết quả."),
        ("Vì sao?", ("Do mưa.",), "Vì sao? Do mưa."),
        ("“Lá chắn thép”", ("Do mưa.",), "“Lá chắn thép”. Do mưa."),
        ("Bám cơ sở", (), "Bám cơ sở"),
        ("“Vì sao?”", ("Do mưa.",), "“Vì sao?” Do mưa."),
        ("", ("Do mưa.",), "Do mưa."),
    ],
)
def test_a_heading_does_not_run_into_the_text_below_it(
    heading: str, paragraphs: tuple[str, ...], expected: str
) -> None:
    spoken = Section(paragraphs, heading, Speaker("Lê Văn Cả", "Đại tá"))
    (statement,) = statements_of(article("Tin", sections=(spoken,)), "Lê Văn Cả")
    assert statement.text == expected
