"""Words of a query that are one term in articles become one word, others stay apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.search.interpret.joined_terms import join_phrase, join_terms, read_days
from indexer.search.query.parser import parse
from indexer.search.query.syntax import PhraseNode, WordNode, leaves
from tests.counted_texts import CountedTexts, words_of

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


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        (
            "giá quý I tăng 30 phần trăm",
            [(0, 3, ()), (4, 9, ("quý1",)), (10, 14, ()), (15, 27, ("30%",))],
        ),
        ("ngày 30 tháng 4 năm 1975", [(0, 24, ("1975-04-30", "1975-04", "30/4"))]),
        ("sáng 19 tháng 12 năm 2022", [(0, 4, ()), (5, 25, ("2022-12-19", "2022-12", "19/12"))]),
        ("lãi quý I/2017", [(0, 3, ()), (4, 9, ("quý1",)), (10, 14, ())]),
        ("quý VIII/2017 lãi", [(0, 8, ("quý8",)), (9, 13, ()), (14, 17, ())]),
        ("quý 1/2017", [(0, 5, ("quý1",)), (6, 10, ())]),
        ("tháng 1/2017", [(0, 5, ()), (6, 12, ("2017-01",))]),
        ("quý 123/2017", [(0, 3, ()), (4, 12, ())]),
        ("quý I/17", [(0, 3, ()), (4, 8, ())]),
        ("quý =I/2017", [(0, 3, ()), (5, 11, ())]),
        ("I/2017", [(0, 6, ())]),
        ("gọi 0912 345 678 ngay", [(0, 3, ()), (4, 16, ("0912345678",)), (17, 21, ())]),
        ("công an TP HCM", [(0, 4, ()), (5, 7, ()), (8, 14, ("tphcm",))]),
        ("30 / 4", [(0, 2, ()), (5, 6, ())]),
        ("V-League quý I", [(0, 8, ("vleague",)), (9, 14, ("quý1",))]),
    ],
)
def test_a_joined_word_has_its_place_and_carries_the_term(
    typed: str, parts: list[tuple[int, int, tuple[str, ...]]]
) -> None:
    joined = join_terms(words_of(typed))
    assert [(word.start, word.end, word.tokens[0].extras) for word in joined] == parts
    assert all(typed[word.start : word.end] == word.text for word in joined)


@pytest.mark.parametrize(
    ("typed", "counts", "extras"),
    [
        # No match ends 30 to 4, or 13 to 4; of 12 to 4 the archive's counts tell.
        ("lễ 30-4", {}, ("30/4",)),
        ("trận 13-4", {"13-4": 9}, ("13/4",)),
        ("trận 12-4", {"12/4": 2, "12-4": 1}, ("12-4", "12/4")),
        ("trận 12-4", {"12/4": 3, "12-4": 1}, ("12/4",)),
        ("trận 3-1", {"3/1": 3, "3-1": 1}, ("3/1",)),
        ("trận 3-1", {"3/1": 2, "3-1": 1}, ("3-1", "3/1")),
        ("trận 3-1", {"3/1": 1}, ("3/1",)),
        ("trận 3-1", {}, ("3-1", "3/1")),
        ("trận =3-1", {"3/1": 9}, ("3-1", "3/1")),
        ("trận ab-cd", {"ab/cd": 9}, ("abcd",)),
    ],
)
def test_two_figures_with_a_hyphen_are_a_day_where_they_are_no_score(
    typed: str, counts: dict[str, int], extras: tuple[str, ...]
) -> None:
    _, word = read_days(words_of(typed), CountedTexts({"trận": 1, **counts}))
    assert word.tokens[0].extras == extras
    assert len(word.tokens) == 2


@pytest.mark.parametrize(
    ("typed", "exact"),
    [('"tăng 30% và"', ["tăng", "30%", "và"]), ('"C++ 30"', ["c++", "30"]), ('"a b"', ["a", "b"])],
)
def test_a_signed_word_of_a_phrase_is_the_term_that_both_make(typed: str, exact: list[str]) -> None:
    (leaf,) = leaves(parse(typed, ANALYZER).tree)
    assert isinstance(leaf, PhraseNode)
    assert [token.exact for token in join_phrase(leaf).tokens] == exact
    # With a distance between its words, or as it is, a phrase is no term.
    assert join_phrase(replace(leaf, slop=1)) == replace(leaf, slop=1)
    assert join_phrase(replace(leaf, tokens=())) == replace(leaf, tokens=())


def test_a_word_of_nothing_but_signs_is_passed_over() -> None:
    first, sign, second = words_of("quý của I/2017")
    joined = join_terms([first, replace(sign, tokens=()), second])
    assert [word.text for word in joined] == ["quý", "của", "I/2017"]


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("lãi No.42 tăng", [("lãi", 0, 3), ("No.", 4, 6), ("42", 7, 9), ("tăng", 10, 14)]),
        ("n°42", [("n°", 0, 1), ("42", 2, 4)]),
    ],
)
def test_a_figure_and_what_names_it_stand_as_if_a_blank_were_between(
    typed: str, parts: list[tuple[str, int, int]]
) -> None:
    assert [(word.text, word.start, word.end) for word in join_terms(words_of(typed))] == parts
