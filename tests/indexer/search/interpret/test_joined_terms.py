"""Words of a query that are one term in articles become one word, others stay apart."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.search.interpret.joined_terms import join_phrase, join_terms
from indexer.search.query.parser import parse
from indexer.search.query.syntax import PhraseNode, WordNode, leaves

ANALYZER = Analyzer()


@pytest.mark.parametrize(
    ("typed", "joined"),
    [
        ("giá quý I tăng 30 phần trăm", ["giá", "quý I", "tăng", "30 phần trăm"]),
        ("công an TP HCM", ["công", "an", "TP HCM"]),
        ("đại hội XII", ["đại hội XII"]),
        ("quý +I", ["quý", "I"]),
        ('quý "của" I', ["quý", "I"]),
        ("quý =I", ["quý", "I"]),
        ("ngày 30 tháng 4 năm 1975", ["ngày 30 tháng 4 năm 1975"]),
        ("ngày 30 tháng", ["ngày", "30", "tháng"]),
        ("sáng 19 tháng 12 năm 2022", ["sáng", "19 tháng 12 năm 2022"]),
        ("30 thang 4 1975", ["30 thang 4", "1975"]),
        ("3 tháng 10 ngày", ["3", "tháng", "10", "ngày"]),
        ("42 tháng 4", ["42", "tháng", "4"]),
        ("lãi quý I/2017", ["lãi", "quý I", "2017"]),
        ("quý 1/2017 tăng", ["quý 1", "2017", "tăng"]),
        ("tháng 1/2017", ["tháng", "1/2017"]),
    ],
)
def test_neighbours_that_are_one_term_are_joined(typed: str, joined: list[str]) -> None:
    words = [leaf for leaf in leaves(parse(typed, ANALYZER).tree) if isinstance(leaf, WordNode)]
    assert [word.text for word in join_terms(words)] == joined


@pytest.mark.parametrize(
    ("typed", "is_word", "folded"),
    [
        ('"30/4"', True, ["30", "4"]),
        ('"quý I"', True, ["quy", "i"]),
        ('="30/4"', False, ["30", "4"]),
        ('"lễ 30/4"', False, ["le", "30", "4"]),
        ('"tăng 30%"', False, ["tang", "30%"]),
        ('"C++ và C#"', False, ["c++", "va", "c#"]),
        ('"công an"', False, ["cong", "an"]),
        ('"V-League"', False, ["v", "league"]),
    ],
)
def test_a_phrase_that_is_one_term_is_a_word(typed: str, is_word: bool, folded: list[str]) -> None:
    (leaf,) = leaves(parse(typed, ANALYZER).tree)
    assert isinstance(leaf, PhraseNode)
    node = join_phrase(leaf)
    assert isinstance(node, WordNode) is is_word
    assert [token.folded for token in node.tokens] == folded
