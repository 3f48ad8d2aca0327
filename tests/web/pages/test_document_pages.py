"""The pages of a document that are known: of its sections, and of those that wait for OCR."""

from __future__ import annotations

from archive.document_account import DocumentAccount, RecognizedPage, WaitingPage
from archive.records import Section
from tests.factories import article
from web.pages.document_pages import DocumentPage, document_pages, sections_on


def test_pages_come_in_order_with_their_first_section() -> None:
    document = article(
        "Nghị định",
        sections=(
            Section(("a",), locator="Điều 1, trang 5", page=2),
            Section(("b",), locator="Điều 2, trang 5", page=2),
            Section(("c",), locator="trang 4", page=1),
            Section(("d",)),
        ),
        account=DocumentAccount(waiting=(WaitingPage(3, "trang 6"), WaitingPage(2, "trang 5"))),
    )
    assert document_pages(document) == [
        DocumentPage(1, "trang 4", 3),
        DocumentPage(2, "trang 5", 1),
        DocumentPage(3, "trang 6"),
    ]
    assert [number for number, _ in sections_on(document, 2)] == [1, 2]


def test_a_page_whose_first_section_has_no_locator_has_that_of_another_or_its_number() -> None:
    sections = (
        Section(("a",), page=1),
        Section(("b",), locator="Điều 1, trang iv", page=1),
        Section(("c",), page=2),
    )
    assert document_pages(article("Nghị định", sections=sections)) == [
        DocumentPage(1, "trang iv", 1),
        DocumentPage(2, "trang 2", 3),
    ]


def test_a_recognised_page_is_known_by_its_locator() -> None:
    account = DocumentAccount(recognized=(RecognizedPage(7, "trang vii", 90),))
    document = article("Quét", sections=(Section(("a",), locator="trang vii"),), account=account)
    assert document_pages(document) == [DocumentPage(7, "trang vii", 1)]


def test_an_article_without_pages_has_none() -> None:
    assert document_pages(article("Báo", "Một đoạn văn.")) == []
