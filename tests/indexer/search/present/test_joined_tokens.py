"""A term of several tokens ends where its last token does."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.search.present.joined_tokens import joined_end


@pytest.mark.parametrize(
    ("text", "term", "span"),
    [
        ("GPT-3 và 5", "gpt3", "GPT-3"),
        ("TP HCM nay", "tphcm", "TP HCM"),
        ("19/12/2022, 7", "2022-12-19", "19/12/2022"),
        ("19/12/2022, 7", "2022-12", "19/12/2022"),
        ("ngày 19 tháng 12 năm 2022 và", "2022-12-19", "ngày 19 tháng 12 năm 2022"),
        ("ngày 30 tháng 4 hằng năm", "30/4", "ngày 30 tháng 4"),
        ("46/2016/NĐ-CP nêu", "46/2016/nd-cp", "46/2016/NĐ-CP"),
        ("một hai", "ba", "một"),
        ("30/4/1975 và", "30/4", "30/4"),
        ("quý I năm", "quy1", "quý I"),
        ("quý 1/2017", "quy1", "quý 1"),
        ("thế kỷ XXI này", "theky21", "thế kỷ XXI"),
        ("Đại hội Đảng lần thứ XII của", "daihoi12", "Đại hội Đảng lần thứ XII"),
        ("30 phần trăm số", "30%", "30 phần trăm"),
        ("30% số", "30%", "30"),
        ("H&M mở", "h&m", "H&M"),
    ],
)
def test_a_joined_term_has_its_whole_span(text: str, term: str, span: str) -> None:
    tokens = dict(enumerate(Analyzer().tokens(text)))
    assert text[: joined_end(term, 0, tokens)] == span
