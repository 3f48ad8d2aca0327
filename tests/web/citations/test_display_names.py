"""States of documents and names of categories as readers see them: on results, in lists, beside."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from archive.document_account import DocumentAccount, RecognizedPage, WaitingPage
from indexer.intake.ocr.tesseract import LANGUAGE
from tests.factories import ArchiveFactory, article, client_of

PROGRAM = f"tesseract 5, {LANGUAGE}"
SCAN = article(
    "Công văn số 5",
    account=DocumentAccount(state="needs-ocr", reason="has no words on its 2 pages"),
)
MIXED = article(
    "Công văn có phụ lục",
    "Phần đầu có chữ.",
    account=DocumentAccount(state="needs-ocr", waiting=(WaitingPage(2, "trang 2", 1),)),
)
READ = article(
    "Công văn đã nhận dạng",
    "Chữ trong ảnh.",
    account=DocumentAccount(
        recognized=(RecognizedPage(1, "trang 1", 95), RecognizedPage(2, "trang 2", 41)),
        program=PROGRAM,
    ),
)
PLAIN = article("Công văn thường", "Chữ của bài.")


@pytest.fixture
def client(archive_of: ArchiveFactory) -> FlaskClient:
    return client_of(archive_of(SCAN, MIXED, READ, PLAIN))


def page_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_a_document_without_words_is_found_by_its_name_and_says_that_it_waits(
    client: FlaskClient,
) -> None:
    text = page_of(client, '/?q="công văn số 5"&lang=vi')
    assert "Công văn số 5" in text
    assert '<p class="state">bản quét chờ nhận dạng (OCR)</p>' in text


def test_states_are_a_filter_where_there_are_some(client: FlaskClient) -> None:
    text = page_of(client, "/?q=công văn&lang=vi")
    assert "Tình trạng đọc" in text
    assert "state=needs-ocr" in text
    assert "Tình trạng đọc" not in page_of(client, "/?q=công văn thường&match=full&lang=vi")
    english = page_of(client, "/?q=công văn&lang=en")
    assert '<span lang="en">a scan that waits for OCR</span>' in english
    listed = client.get("/api/v1/search?q=công văn&state=needs-ocr").get_json()
    assert {hit["id"] for hit in listed["hits"]} == {SCAN.identifier, MIXED.identifier}
    assert {hit["state"] for hit in listed["hits"]} == {"needs-ocr"}
    others = client.get("/api/v1/search?q=công văn&not.state=needs-ocr").get_json()
    assert {hit["state"] for hit in others["hits"]} == {"complete"}
    facets = client.get("/api/v1/facets?q=công văn&column=state").get_json()["facets"]
    assert facets == {"state": [{"value": "needs-ocr", "documents": 2}]}


@pytest.mark.parametrize(
    ("identifier", "vietnamese", "english"),
    [
        (SCAN.identifier, "bản quét đang chờ nhận dạng chữ (OCR)", "a scan that waits for OCR"),
        (MIXED.identifier, "1 trang của tài liệu này là ảnh", "1 page of this document"),
        (READ.identifier, "Văn bản nhận dạng từ ảnh, độ tin cậy 68 %", "certainty 68 %"),
        (
            READ.identifier,
            'Độ tin cậy thấp: <span lang="vi">trang 2 (41 %)</span>',
            "Low certainty",
        ),
    ],
)
def test_the_page_of_a_document_says_how_far_it_was_read(
    client: FlaskClient, identifier: str, vietnamese: str, english: str
) -> None:
    assert vietnamese in page_of(client, f"/article/{identifier}?lang=vi")
    assert english in page_of(client, f"/article/{identifier}?lang=en")
    plain = page_of(client, f"/article/{PLAIN.identifier}?lang=vi")
    assert "OCR" not in plain
    assert "độ tin cậy" not in plain


def test_json_says_what_recognised_the_words(client: FlaskClient) -> None:
    read = client.get(f"/api/v1/articles/{READ.identifier}").get_json()
    assert read["state"] == "complete"
    assert read["ocr"] == {
        "program": PROGRAM,
        "confidence": 68,
        "pages": [
            {"locator": "trang 1", "confidence": 95},
            {"locator": "trang 2", "confidence": 41},
        ],
    }
    scan = client.get(f"/api/v1/articles/{SCAN.identifier}").get_json()
    assert (scan["state"], scan["ocr"]) == ("needs-ocr", None)
    assert "account" not in scan


@pytest.fixture
def sections(archive_of: ArchiveFactory) -> FlaskClient:
    return client_of(
        archive_of(
            article("Tin một", "công an", category="society"),
            article("Tin hai", "công an", category="society"),
            article("Tin ba", "công an", category="Xã hội"),
            article("Tin bốn", "công an", category="Ngõ nhỏ"),
        )
    )


def categories_of(sections: FlaskClient, address: str) -> list[tuple[str, str]]:
    """The languages and the names of the values to choose from, in their order."""
    text = sections.get(address).text
    values = text.partition('id="beside-category"')[2].partition("</section>")[0]
    return re.findall(r'<span lang="(\w+)">([^<]+)</span>', values)


def test_values_of_one_name_are_told_apart(sections: FlaskClient) -> None:
    vietnamese = [("vi", "Xã hội (society)"), ("vi", "Ngõ nhỏ"), ("vi", "Xã hội")]
    assert categories_of(sections, "/?q=công an&lang=vi") == vietnamese
    english = categories_of(sections, "/?q=công an&lang=en")
    assert english == [("en", "Society (society)"), ("vi", "Ngõ nhỏ"), ("en", "Society (Xã hội)")]
    chosen = categories_of(sections, "/?q=công an&category=society&lang=vi")
    assert chosen[0] == ("vi", "✓ Xã hội (society)")


def test_a_filter_keeps_the_value_and_shows_the_name(sections: FlaskClient) -> None:
    text = sections.get("/?q=công an&lang=vi").text
    assert "category=society" in text
    filtered = sections.get("/?q=công an&category=society&lang=vi").text
    assert "<b>Xã hội</b>" in filtered
    assert "Tin hai" in filtered
    assert "Tin ba" not in filtered
    listed = sections.get("/values/category?q=công an&lang=en").text
    assert 'lang="en">Society (Xã hội)</a>' in listed
    article_page = re.findall(r'href="(/article/\w+)', filtered)[0]
    assert '<span lang="en">Society</span>' in sections.get(f"{article_page}?lang=en").text
    assert '<span lang="vi">Xã hội</span>' in sections.get(f"{article_page}?lang=vi").text


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        # By the name that the page shows, and by each value.
        ('chuyên mục:"xã hội"', {"Tin một", "Tin hai", "Tin ba"}),
        ('category:"xa hoi"', {"Tin một", "Tin hai", "Tin ba"}),
        ("category:society", {"Tin một", "Tin hai", "Tin ba"}),
        ("category:=society", {"Tin một", "Tin hai"}),
        ("category:soc*", {"Tin một", "Tin hai"}),
        ("chuyên mục:ngõ", {"Tin bốn"}),
        ("tin -category:society", {"Tin bốn"}),
    ],
)
def test_a_query_finds_a_section_by_each_of_its_names(
    sections: FlaskClient, typed: str, found: set[str]
) -> None:
    hits = sections.get("/api/v1/search", query_string={"q": typed}).json
    assert hits is not None
    assert {hit["title"] for hit in hits["hits"]} == found
