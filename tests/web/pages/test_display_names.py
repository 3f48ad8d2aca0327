"""States of documents as readers see them: on results, in a list of values, beside the text."""

from __future__ import annotations

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
