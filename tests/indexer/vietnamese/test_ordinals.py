"""Ordinals in figures, Roman numerals and words."""

from __future__ import annotations

import pytest

from indexer.vietnamese.multi_word_terms import SPANNING, leading_span, spanning_terms
from indexer.vietnamese.ordinals import ORDINAL_WORDS, Ordinal, find_ordinal, is_ordinal
from indexer.vietnamese.syllables import exact_form


@pytest.mark.parametrize(
    ("text", "ordinals"),
    [
        ("quý i", [(0, 2, "quý1")]),
        ("quý 1", [(0, 2, "quý1")]),
        ("quý ba năm 2016", [(0, 2, "quý3")]),
        ("quy iv", [(0, 2, "quý4")]),
        ("quý bà", []),
        ("quy ba", []),
        ("trong thế kỷ xxi", [(1, 4, "thếkỷ21")]),
        ("the ky 20", [(0, 3, "thếkỷ20")]),
        ("kỷ 20", []),
        ("khóa xiv", [(0, 2, "khóa14")]),
        ("đại hội 12", [(0, 3, "đạihội12")]),
        ("đại hội đảng xii", [(0, 4, "đạihội12")]),
        ("đại hội đại biểu toàn quốc lần thứ xii", [(0, 9, "đạihội12"), (6, 9, "lầnthứ12")]),
        ("dai hoi dang lan thu 12", [(0, 6, "đạihội12"), (3, 6, "lầnthứ12")]),
        ("đại hội có 12 đại biểu", []),
        ("đại hội làm rõ vi phạm", []),
        ("hội 12", []),
        ("lần thứ hai", [(0, 3, "lầnthứ2")]),
        ("thứ hai", []),
        ("kỳ họp thứ 2", [(1, 4, "họpthứ2")]),
        ("quân khu iv", [(0, 3, "quânkhu4")]),
        ("khu iv", []),
        ("giai đoạn ii", [(0, 3, "giaiđoạn2")]),
        ("cấp iii hạng 2 loại i", [(0, 2, "cấp3"), (2, 4, "hạng2"), (4, 6, "loại1")]),
        ("chương iiii", []),
        ("khóa 2016", []),
        ("quý", []),
        ("cấp hai", []),
    ],
)
def test_an_ordinal_is_known_by_the_word_before_it(
    text: str, ordinals: list[tuple[int, int, str]]
) -> None:
    words = list(map(exact_form, text.split()))
    known = [
        ordinal
        for place, word in enumerate(words)
        if word in ORDINAL_WORDS and (ordinal := find_ordinal(words, place))
    ]
    assert known == [Ordinal(*ordinal) for ordinal in ordinals]


@pytest.mark.parametrize(
    ("term", "is_one"), [("quy1", True), ("daihoi12", True), ("hoi12", False), ("quy", False)]
)
def test_a_term_of_an_ordinal_is_known(term: str, is_one: bool) -> None:
    assert is_ordinal(term) is is_one


@pytest.mark.parametrize(
    ("text", "length", "terms"),
    [
        ("30 phần trăm dân số", 3, ("30%",)),
        ("16.67 phan tram", 3, ("16.67%",)),
        ("đại hội xii của", 3, ("đạihội12",)),
        ("ngày 30 tháng 4 tại", 4, ("30/4",)),
        ("ngày 30 tháng 4 năm 1975 tại", 6, ("1975-04-30", "1975-04", "30/4")),
        ("tháng 4 năm 1975", 4, ("1975-04",)),
        ("tp hcm", 2, ("tphcm",)),
        ("tp hồ chí minh", 0, ()),
        ("lễ ngày 30 tháng 4", 0, ()),
        ("ba phần trăm", 0, ()),
        ("công an", 0, ()),
    ],
)
def test_the_longest_term_at_the_beginning_is_read(
    text: str, length: int, terms: tuple[str, ...]
) -> None:
    assert leading_span(text.split()) == (length, terms)


def test_spanning_terms_begin_at_their_first_word() -> None:
    words = "tăng 30 phần trăm trong quý i tại tp hcm".split()
    positions = [place for place, word in enumerate(words) if word in SPANNING]
    assert spanning_terms(words, positions) == [(1, "30%"), (5, "quý1"), (8, "tphcm")]
