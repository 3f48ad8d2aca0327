"""Documents with scanned pages: words in their places, and failures that cost one page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive.document_account import ReadingState
from archive.errors import IntakeError, NotAnArticleError
from archive.records import Article
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.ocr.document_recognition import (
    open_scanned,
    recognize_page,
    spool_pages,
    with_recognized_pages,
)
from indexer.intake.ocr.page_spool import PageSpool, SpooledPage
from indexer.intake.ocr.recognized_lines import RecognizedLine, RecognizedWords
from indexer.intake.ocr.tesseract import OcrInterruptedError, Tesseract
from tests.indexer.intake.ocr.scans import (
    BUFFALO,
    TEXT,
    GreyPicture,
    drawn_page,
    error_rate,
    png,
    require_tesseract,
    scanned_pdf,
    tiff,
)
from tests.indexer.intake.pdf.made_pdf import down, made_pdf

PROGRAM = Tesseract("/nowhere/tesseract", "0")
NOTHING = RecognizedWords()


def words(*texts: str, confidence: int = 90) -> RecognizedWords:
    lines = [RecognizedLine(text, 100, 2000, 200 + 60 * n, 40) for n, text in enumerate(texts)]
    return RecognizedWords(tuple(lines), confidence, 3508)


def recognized(data: bytes, *outcomes: RecognizedWords | str) -> Article:
    """The article of a document whose waiting pages have these words, or fail so."""
    with ReaderChildren() as children:
        document = open_scanned(data, "a.pdf", "", children)
    pages = {
        page.number: SpooledPage(page.number, "", failure=outcome)
        if isinstance(outcome, str)
        else SpooledPage(page.number, "", outcome)
        for page, outcome in zip(document.waiting, outcomes, strict=True)
    }
    return with_recognized_pages(document, pages, PROGRAM)


def test_the_pages_of_a_scanned_pdf_are_read() -> None:
    tesseract = require_tesseract()
    data = scanned_pdf([drawn_page(TEXT), None, drawn_page(BUFFALO)])
    with ReaderChildren() as children:
        document = open_scanned(data, "a.pdf", "", children)
        assert [page.number for page in document.waiting] == [1, 3]
        first, third = (recognize_page(document, n, children, tesseract) for n in (1, 3))
    pages = {1: SpooledPage(1, "", first), 3: SpooledPage(3, "", third)}
    article = with_recognized_pages(document, pages, tesseract)
    assert [section.locator for section in article.sections] == ["trang 1", "trang 3"]
    text = " ".join(article.sections[0].paragraphs)
    assert error_rate(text, " ".join(TEXT)) <= 0.005
    assert " ".join(article.sections[1].paragraphs) == " ".join(BUFFALO)
    assert article.reading_state == ReadingState.COMPLETE
    assert article.origin.reader == "ocr"
    assert article.account
    assert article.account.program == tesseract.label
    assert article.account.confidence > 90


@pytest.mark.parametrize("make", [lambda page: png(page), lambda page: tiff([page])])
def test_pictures_are_read(make: type) -> None:
    tesseract = require_tesseract()
    with ReaderChildren() as children:
        document = open_scanned(make(drawn_page(BUFFALO)), "a", "", children)
        outcome = recognize_page(document, 1, children, tesseract)
    assert " ".join(line.text for line in outcome.lines) == " ".join(BUFFALO)


def upside_down(picture: GreyPicture) -> GreyPicture:
    return GreyPicture(picture.width, picture.height, picture.pixels[::-1])


@pytest.mark.parametrize("make", [png, lambda page: scanned_pdf([page])])
def test_a_page_that_lies_upside_down_is_read_upright(make: type) -> None:
    tesseract = require_tesseract()
    with ReaderChildren() as children:
        document = open_scanned(make(upside_down(drawn_page(BUFFALO))), "a", "", children)
        outcome = recognize_page(document, 1, children, tesseract)
    assert " ".join(line.text for line in outcome.lines) == " ".join(BUFFALO)
    assert outcome.confidence > 80


@dataclass
class Readings:
    """In the program's place: it reads words with the certainty that is next, and counts."""

    certainties: list[int]
    text: str = "Trang này nói về con trâu."
    count: int = 0

    def recognize(self, *_words: object) -> str:
        certainty = self.certainties[self.count]
        self.count += 1
        rows = ["1\t1\t0\t0\t0\t0\t0\t0\t900\t1200\t-1\t"]
        rows += [
            f"5\t1\t1\t1\t1\t{place}\t{place * 60}\t9\t50\t20\t{certainty}\t{word}"
            for place, word in enumerate(self.text.split())
        ]
        return "\n".join(rows)


@pytest.mark.parametrize(
    ("text", "certainties", "count", "best"),
    [
        ("Trang này nói về con trâu.", [95], 1, 95),
        ("Trang này nói về con trâu.", [41, 90], 2, 90),
        ("Trang này nói về con trâu.", [41, 20, 88], 3, 88),
        ("Trang này nói về con trâu.", [41, 20, 30, 22], 4, 41),
        ("~| xqzvw ¬ kjhgfd |", [95, 20, 30, 22], 4, 95),
        ("", [0], 1, 0),
    ],
)
def test_a_page_is_turned_until_it_is_read_with_certainty(
    text: str, certainties: list[int], count: int, best: int
) -> None:
    program: Any = Readings(certainties, text)
    with ReaderChildren() as children:
        document = open_scanned(png(drawn_page(())), "a", "", children)
        outcome = recognize_page(document, 1, children, program)
    assert (program.count, outcome.confidence) == (count, best)


def test_a_turn_that_fails_leaves_the_page_as_it_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    program: Any = Readings([41])
    with ReaderChildren() as children:
        document = open_scanned(png(drawn_page(())), "a", "", children)
        monkeypatch.setattr(children, "read_bytes", fail)
        assert recognize_page(document, 1, children, program).confidence == 41


def fail(*_words: object) -> bytes:
    raise IntakeError("cannot be turned")


def mixed_pdf() -> bytes:
    """Pages of words around two of a picture each."""
    head = "Trang này có lớp chữ và nói về"
    return made_pdf(
        [down(f"{head} con trâu."), [], [], down(f"{head} con bò.")], picture=True, first_label=11
    )


def test_recognised_pages_stand_between_those_with_words() -> None:
    article = recognized(mixed_pdf(), words("Trang quét thứ nhất."), words("Trang quét thứ hai."))
    assert [section.locator for section in article.sections] == [
        f"trang {label}" for label in (11, 12, 13, 14)
    ]
    assert article.sections[2].paragraphs == ("Trang quét thứ hai.",)


def test_a_paragraph_goes_on_over_the_page() -> None:
    article = recognized(mixed_pdf(), words("Hội chợ có hơn một"), words("trăm gian hàng."))
    assert article.sections[1].paragraphs == ("Hội chợ có hơn một trăm gian hàng.",)
    assert [section.locator for section in article.sections] == ["trang 11", "trang 12", "trang 14"]


def test_a_failure_costs_one_page_and_is_named() -> None:
    article = recognized(mixed_pdf(), "took longer than 9 s", words("Trang quét thứ hai."))
    assert [section.locator for section in article.sections] == ["trang 11", "trang 13", "trang 14"]
    assert article.account
    assert article.account.state == ReadingState.PARTIAL
    assert article.account.reason == "page 2: took longer than 9 s"
    assert [page.locator for page in article.account.recognized] == ["trang 13"]


def test_signs_without_sense_are_no_words() -> None:
    article = recognized(mixed_pdf(), words("~| xqzvw ¬ kjhgfd |", "|| ¦¦ wqx"), NOTHING)
    assert [section.locator for section in article.sections] == ["trang 11", "trang 14"]
    assert article.account
    assert article.account.reason == "page 2: no words that OCR can read"


@pytest.mark.parametrize(
    ("outcome", "state", "reason"),
    [
        (NOTHING, ReadingState.PARTIAL, "OCR reads no words on its pages"),
        ("is broken", ReadingState.DAMAGED, "page 1: is broken"),
    ],
)
def test_a_document_without_words_is_never_fine(
    outcome: RecognizedWords | str, state: str, reason: str
) -> None:
    article = recognized(png(drawn_page(())), outcome)
    assert article.account
    assert (article.reading_state, article.account.reason) == (state, reason)


def test_running_heads_of_scans_are_left_out() -> None:
    pages = [
        words(
            "CÔNG BÁO Số 12", *(f"Dòng {n} của trang nói về chợ {n}." for n in range(8)), str(page)
        )
        for page in (4, 5, 6)
    ]
    data = tiff([drawn_page(()), drawn_page(()), drawn_page(())])
    texts = [text for section in recognized(data, *pages).sections for text in section.paragraphs]
    assert not any("CÔNG BÁO" in text for text in texts)
    assert any("Dòng 7" in text for text in texts)


def test_uncertain_pages_are_told() -> None:
    article = recognized(mixed_pdf(), words("Trang mờ có chữ.", confidence=41), words("Trang rõ."))
    assert article.account
    assert [page.locator for page in article.account.uncertain] == ["trang 12"]
    assert article.account.confidence == 66


def test_what_has_no_pages_is_refused() -> None:
    with ReaderChildren() as children, pytest.raises(NotAnArticleError, match="no pages"):
        open_scanned("Chỉ là chữ".encode(), "a.txt", "", children)


def test_pages_in_the_spool_are_not_read_again(tmp_path: Path) -> None:
    asked: list[int] = []

    def recognize(number: int) -> RecognizedWords:
        asked.append(number)
        if len(asked) == 2:
            raise OcrInterruptedError("killed")
        if number == 3:
            raise IntakeError("broken")
        return words(f"Trang {number}")

    with ReaderChildren() as children:
        document = open_scanned(mixed_pdf(), "a.pdf", "", children)
    spool = PageSpool(tmp_path, "a" * 64, PROGRAM.label)
    with pytest.raises(OcrInterruptedError):
        spool_pages(document, spool, recognize, PROGRAM, lambda: False)
    with pytest.raises(OcrInterruptedError, match="so far are kept"):
        spool_pages(document, spool, recognize, PROGRAM, lambda: True)
    pages = spool_pages(document, spool, recognize, PROGRAM, lambda: False)
    assert asked == [2, 3, 3]
    assert pages[3].failure == "broken"
    assert spool_pages(document, spool, recognize, PROGRAM, lambda: True) == pages
