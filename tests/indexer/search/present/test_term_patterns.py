"""Whole words that a wildcard or a fuzzy word matches are highlighted."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.search.present.highlight_terms import collect_highlight_terms
from indexer.search.present.highlighter import Highlighter
from indexer.search.query.parser import parse

ANALYZER = Analyzer()
TEXT = "Phòng cháy, (phong trào), Phụng; Càng cua: Nguyễn Nguyn nguyên-tử ngành Hải Phòng’s"


@pytest.mark.parametrize(
    ("typed", "exact", "words"),
    [
        ("ph*ng", False, ["Phòng", "phong", "Phụng", "Phòng"]),
        ("ph*ng", True, ["Phòng", "phong", "Phụng", "Phòng"]),
        ("ph?ng", False, ["Phòng", "phong", "Phụng", "Phòng"]),
        ("phò*g", False, ["Phòng", "Phòng"]),
        ("phò*g", True, ["Phòng", "Phòng"]),
        ("=phò*g", False, ["Phòng", "Phòng"]),
        ("=ph?o*", False, []),
        ("title:c*g", False, ["Càng"]),
        ("-c*g", False, []),
        ("nguyen~", False, ["Nguyễn Nguyn nguyên"]),
        ("nguyem~2", False, ["Nguyễn Nguyn nguyên"]),
        ("nguyem~", False, ["Nguyễn", "nguyên"]),
        ("xguyen~2", False, []),
        ("ph*ng cháy", False, ["Phòng cháy", "phong", "Phụng", "Phòng"]),
        ("я*г c*g", False, ["Càng"]),
    ],
)
def test_whole_words_are_highlighted(typed: str, exact: bool, words: list[str]) -> None:
    terms = collect_highlight_terms(parse(typed, ANALYZER), exact)
    spans = Highlighter(ANALYZER, terms).highlight(TEXT)
    assert [span.text for span in spans if span.highlighted] == words
    assert "".join(span.text for span in spans) == TEXT


@pytest.mark.parametrize(
    ("typed", "exact"),
    [("phò*g", [True, False, True]), ("ph?ng cháy", [True, True, True, True, True])],
)
def test_highlights_tell_whether_diacritics_agree(typed: str, exact: list[bool]) -> None:
    terms = collect_highlight_terms(parse(typed, ANALYZER))
    highlights = Highlighter(ANALYZER, terms).find_highlights(TEXT)
    assert [highlight.exact for highlight in highlights] == exact
