"""The second pass: a legal document's record, sections and identifier; citations of any article."""

from __future__ import annotations

import pytest

from archive.article_identifiers import identifier_of
from archive.records import from_json, text_digest, to_json
from indexer.intake.legal.legal_pass import MOST_CITATIONS, with_legal_record
from tests.indexer.intake.legal.decrees import DECREE, document


def test_a_decree_is_read_with_its_head_sections_and_citations() -> None:
    plain = document(*DECREE, title="CHÍNH PHỦ")
    decree = with_legal_record(plain)
    assert decree.title == "Nghị định số 99/2031/NĐ-CP Quy định việc thử máy tìm kiếm"
    assert decree.legal
    assert (decree.legal.number, decree.legal.kind) == ("99/2031/NĐ-CP", "Nghị định")
    assert (decree.legal.issuer, decree.legal.signer) == ("CHÍNH PHỦ", "Lê Văn Thử")
    assert (decree.published_text, decree.legal.signed) == ("2031-05-02", "2031-05-02")
    assert decree.cited_numbers == ("10/2029/QH16", "12/2030/NĐ-CP")
    assert [(section.locator, section.heading) for section in decree.sections] == [
        ("", ""),
        ("Chương I", "Chương I: QUY ĐỊNH CHUNG"),
        ("Điều 1", "Điều 1. Phạm vi điều chỉnh"),
        ("Điều 2", "Điều 2. Giải thích từ ngữ"),
        ("Chương II", "Chương II: ĐIỀU KHOẢN THI HÀNH"),
        ("Điều 2a", "Điều 2a. Việc chuyển tiếp"),
        ("Điều 3", "Điều 3. Hiệu lực"),
        ("", ""),
    ]
    assert decree.identifier == identifier_of(plain)
    assert from_json(to_json(decree)) == decree


def test_nothing_of_a_decree_is_lost() -> None:
    decree = with_legal_record(document(*DECREE))
    shown = [decree.title]
    for section in decree.sections:
        shown += [section.heading, *section.paragraphs]
    text = " ".join(shown)
    assert [line for line in DECREE if line not in text] == []


def test_pages_stay_in_the_locators() -> None:
    decree = with_legal_record(document(*DECREE, locator="trang 12"))
    assert [section.locator for section in decree.sections][1:3] == [
        "Chương I, trang 12",
        "Điều 1, trang 12",
    ]


def test_news_keeps_its_text_and_the_numbers_that_it_cites() -> None:
    news = document(
        "Theo Nghị định 46/2016/NĐ-CP, mức phạt là 200.000 đồng.",
        "Nghị định 46/2016/NĐ–CP và Quyết định 1956/QĐ-TTg; ngày 12/2022, mở cửa 24/7.",
        title="Mức phạt mới",
    )
    marked = with_legal_record(news)
    assert marked.cited_numbers == ("46/2016/NĐ-CP", "1956/QĐ-TTg")
    assert (marked.legal, marked.sections, marked.title) == (None, news.sections, news.title)
    assert text_digest(marked) == text_digest(news)


@pytest.mark.parametrize(
    "lines",
    [
        ("Hỏi đáp", "Số: 12 đường Láng", "Điều 1. Không hút thuốc"),
        ("Nghị định số 99/2031/NĐ-CP có gì mới?", "Điều 5. là điều được hỏi nhiều."),
        ("Số: 99/2031/NĐ-CP", "là số của nghị định mới."),
        ("Căn cứ Luật số 35/2018/QH14", "Điều 1. Phạm vi", "NGHỊ ĐỊNH"),
        (),
    ],
)
def test_what_only_names_a_document_is_none(lines: tuple[str, ...]) -> None:
    assert with_legal_record(document(*lines)).legal is None


def test_citations_are_bounded() -> None:
    lines = [f"Nghị định {number}/2020/NĐ-CP" for number in range(1, 400)]
    assert len(with_legal_record(document(*lines)).cited_numbers) == MOST_CITATIONS


@pytest.mark.parametrize(
    "piece",
    ["Điều 1. ", "Chương I ", "Số: ", "1/2023/", "ngày 1 tháng ", "TM.", "A B ", "-", "PHỤ LỤC "],
)
def test_hostile_lines_are_bounded(piece: str) -> None:
    with_legal_record(document(*DECREE[:6], piece * 20_000, *DECREE[10:12], piece * 20_000))
    with_legal_record(document(*DECREE[:6], *[piece] * 20_000))
