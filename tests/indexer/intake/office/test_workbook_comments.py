"""Comments on cells: notes and threads, each once, with the name of its cell."""

from __future__ import annotations

import pytest

from indexer.intake.office import workbook as module
from indexer.intake.office.workbook import read_workbook
from tests.indexer.intake.office.made_packages import workbook

ROW = '<row><c t="inlineStr"><is><t>Một hàng</t></is></c></row>'
NOTES = (
    '<commentList><comment ref="A1"><text><r><t>Số liệu </t></r><r><t>chưa\nkiểm</t></r>'
    '<rPh><t>ghi âm</t></rPh></text></comment><comment ref="B2"><text><t>Đã sửa</t></text>'
    '</comment><comment ref="C3"><text/></comment></commentList>'
)
THREADS = (
    '<threadedComment ref="B2"><text>Ai sửa số này?</text></threadedComment>'
    '<threadedComment ref="B2"><text>Tôi sửa hôm qua.</text></threadedComment>'
)


def paragraphs_of(**comments: str) -> tuple[str, ...]:
    article = read_workbook(workbook({"Lúa": ROW, "Ngô": ROW}, comments=comments), "a.xlsx")
    assert [section.locator for section in article.sections] == ["trang tính Lúa", "trang tính Ngô"]
    assert article.sections[1].paragraphs == ("Một hàng",)
    return article.sections[0].paragraphs


def test_notes_stand_below_the_rows_of_their_sheet() -> None:
    assert paragraphs_of(comments=NOTES) == ("Một hàng", "A1: Số liệu chưa kiểm", "B2: Đã sửa")


def test_a_thread_takes_the_place_of_the_note_that_repeats_it() -> None:
    assert paragraphs_of(comments=NOTES, threadedComment=THREADS) == (
        "Một hàng",
        "B2: Ai sửa số này?",
        "B2: Tôi sửa hôm qua.",
        "A1: Số liệu chưa kiểm",
    )


@pytest.mark.parametrize("notes", ["", "<commentList/>", "<commentList><comment/></commentList>"])
def test_a_sheet_without_comments_has_its_rows(notes: str) -> None:
    assert paragraphs_of(comments=notes) == ("Một hàng",)


def test_comments_beyond_the_limit_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_ROWS", 1)
    article = read_workbook(workbook({"Lúa": ROW}, comments={"comments": NOTES}), "a.xlsx")
    assert article.sections[0].paragraphs == ("Một hàng", "A1: Số liệu chưa kiểm")
    assert article.account is not None
    assert article.account.state == "partial"
