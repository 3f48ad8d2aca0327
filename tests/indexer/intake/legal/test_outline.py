"""The outline of legal documents: sections, anchors, clauses and points."""

from __future__ import annotations

import pytest

from archive.records import Section
from indexer.intake.legal.outline import (
    LegalLine,
    legal_clauses,
    outline_sections,
    section_anchor,
)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Điều 1: Tên", "a"], [("Điều 1", "Điều 1. Tên", ("a",))]),
        (["Điều 12đ.", "a"], [("Điều 12đ", "Điều 12đ", ("a",))]),
        (["Điều 1. " + "dài " * 80], [("Điều 1", "Điều 1", (("dài " * 80).strip(),))]),
        (
            ["Chương II. THI HÀNH", "Điều 1. A"],
            [("Chương II", "Chương II: THI HÀNH", ()), ("Điều 1", "Điều 1. A", ())],
        ),
        (["Phần thứ nhất", "CHUNG"], [("Phần thứ nhất", "Phần thứ nhất: CHUNG", ())]),
        (["Mục 3", "Điều 5. A"], [("Mục 3", "Mục 3", ()), ("Điều 5", "Điều 5. A", ())]),
        (["PHỤ LỤC I", "Biểu mẫu"], [("PHỤ LỤC I", "PHỤ LỤC I: Biểu mẫu", ())]),
        # Sentences, and articles that are quoted to be put into another document.
        (["Điều 5 của Nghị định này"], [("", "", ("Điều 5 của Nghị định này",))]),
        (["“Điều 5. Phạm vi"], [("", "", ("“Điều 5. Phạm vi",))]),
        (["Chương II của Luật này"], [("", "", ("Chương II của Luật này",))]),
        (
            ["Điều 1. A", "b", "Nơi nhận:", "c"],
            [("Điều 1", "Điều 1. A", ("b",)), ("", "", ("Nơi nhận:", "c"))],
        ),
    ],
)
def test_lines_become_sections(
    lines: list[str], expected: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    sections = outline_sections([LegalLine(line) for line in lines])
    assert [(part.locator, part.heading, part.paragraphs) for part in sections] == expected


@pytest.mark.parametrize(
    ("locator", "anchor"),
    [
        ("Điều 5", "dieu-5"),
        ("Điều 2a", "dieu-2a"),
        ("Điều 2đ, trang 7", "dieu-2dd"),
        ("Chương II", "chuong-ii"),
        ("Mục 3", "muc-3"),
        ("trang 12", ""),
        ("", ""),
    ],
)
def test_sections_have_anchors(locator: str, anchor: str) -> None:
    assert section_anchor(Section((), locator=locator)) == anchor


def test_clauses_and_points_have_anchors_and_names() -> None:
    section = Section(
        ("Mở đầu", "1. Một", "a) A", "đ) Đ", "3. Lạc", "2. Hai", "b) B"), locator="Điều 4"
    )
    assert [
        (clause.anchor, clause.name) if clause else None for clause in legal_clauses(section)
    ] == [
        None,
        ("dieu-4-khoan-1", "khoản 1 Điều 4"),
        ("dieu-4-khoan-1-diem-a", "điểm a khoản 1 Điều 4"),
        ("dieu-4-khoan-1-diem-dd", "điểm đ khoản 1 Điều 4"),
        None,
        ("dieu-4-khoan-2", "khoản 2 Điều 4"),
        ("dieu-4-khoan-2-diem-b", "điểm b khoản 2 Điều 4"),
    ]


def test_points_of_an_article_without_clauses_are_its_own() -> None:
    section = Section(("a) A", "b) B"), locator="Điều 4")
    assert [clause and clause.anchor for clause in legal_clauses(section)] == [
        "dieu-4-diem-a",
        "dieu-4-diem-b",
    ]


def test_other_sections_have_none() -> None:
    assert list(legal_clauses(Section(("1. Một", "a) A"), locator="trang 1"))) == [None, None]


def test_sections_begin_on_the_pages_of_their_first_lines() -> None:
    lines = (
        LegalLine("Căn cứ Luật Thử máy;", "trang 5", 1),
        LegalLine("Điều 1. Phạm vi", "trang 5", 1),
        LegalLine("1. Quy định này.", "trang 6", 2),
        LegalLine("Điều 2. Hiệu lực", "trang 6", 2),
        LegalLine("Có hiệu lực ngay.", "trang 7", 3),
    )
    sections = outline_sections(lines)
    assert [(each.locator, each.page) for each in sections] == [
        ("", 1),
        ("Điều 1, trang 5", 1),
        ("Điều 2, trang 6", 2),
    ]
