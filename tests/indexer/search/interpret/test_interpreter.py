"""Interpretation as a whole: keystrokes beside the signs of the query language."""

from __future__ import annotations

from typing import Any

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.search.interpret.interpreter import Interpreter
from indexer.search.query.interpreted_query import InterpretedQuery
from indexer.search.query.syntax import NotNode, WordNode, flatten
from indexer.search.query_notices import KeystrokesNotice, RepairNotice, SignNotice, SpellingNotice
from indexer.search.search_records import MatchMode, SearchRequest
from indexer.search.service import SearchService
from indexer.vietnamese.glossary import Glossary
from tests.counted_texts import CountedTexts
from tests.factories import ArchiveFactory, article

ARTICLES = (
    article("Công an", "Công an xã, họ Nguyễn."),
    article("Hải quan", "Hải quan kiểm tra."),
)


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES).search


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("cong~", "cong~"),
        ("xa~ ho^.i", "xã hội"),
        ("coong nguyen~", "công nguyen~"),
        ("coong~ nguyen~2", "công~ nguyen~2"),
        ("kieem~2 coong an", "kiêm~2 công an"),
        ("ho~2 coong an", "ho~2 công an"),
        ("ha?i quan", "hải quan"),
    ],
)
def test_signs_are_keystrokes_only_beyond_doubt(
    searcher: SearchService, typed: str, searched: str
) -> None:
    page = searcher.search(SearchRequest(typed))
    assert page.searched == searched
    decoded = any(isinstance(notice, KeystrokesNotice) for notice in page.notices)
    assert decoded == (typed != searched)


def interpret(counts: dict[str, int], typed: str, **values: Any) -> InterpretedQuery:
    statistics = CountedTexts(counts, 1000)
    request = SearchRequest(typed, **values)
    return Interpreter(request, Analyzer(), statistics, Glossary()).interpret()


@pytest.mark.parametrize(
    ("typed", "values", "repaired", "suggestion"),
    [
        ("ronadlo", {}, "ronaldo", ""),
        ("ronadlo", {"exact": True}, None, "ronaldo"),
        ("ronadlo", {"match": MatchMode.ANY}, None, "ronaldo"),
        ("ronadlo", {"as_typed": True}, None, ""),
        ("ronaldo", {}, None, ""),
        ("", {}, None, ""),
    ],
)
def test_a_repair_is_searched_or_suggested(
    typed: str, values: dict[str, Any], repaired: str | None, suggestion: str
) -> None:
    query = interpret({"ronaldo": 9}, typed, **values)
    assert query.suggestion == suggestion
    assert (query.repaired and query.repaired.searched) == repaired
    assert any(isinstance(each, RepairNotice) for each in query.notices) == bool(repaired)


@pytest.mark.parametrize(
    ("typed", "sign", "unit"),
    [
        ("-công an", "-", "công an"),
        ("xe -công an", "-", "công an"),
        ("xe -công an xã", "-", "công an xã"),
        ("xe -công an tỉnh", "-", "công an"),
        ("xe =công an", "=", "công an"),
        ("title:công an", "title:", "công an"),
        ("-title:công an", "-title:", "công an"),
        ("xe -công =an", "", ""),
        ("xe -công lý", "", ""),
        ("xe -công", "", ""),
        ("xe -công (an)", "", ""),
        ("công an -xe", "", ""),
        ('-"công" an', "", ""),
    ],
)
def test_a_sign_that_is_for_the_first_word_of_a_unit_is_said(
    typed: str, sign: str, unit: str
) -> None:
    counts = {"công an": 9, "công an xã": 9, "xe": 9}
    notices = interpret(counts, typed).notices
    signs = [(each.sign, each.unit) for each in notices if isinstance(each, SignNotice)]
    assert signs == [(sign, unit)] * bool(sign)
    as_typed = interpret(counts, typed, as_typed=True).notices
    assert not any(isinstance(each, SignNotice) for each in as_typed)


@pytest.mark.parametrize(
    ("counts", "typed", "is_decoded"),
    [
        # One word among three others is keys only where its neighbours hold the word.
        ({"bỉn": 1, "a1 b1 c1": 5}, "a1 b1 c1 birn", False),
        ({"c1 bỉn": 1, "a1 b1": 5}, "a1 b1 c1 birn", True),
        ({"bỉn a1": 1, "b1 c1": 5}, "birn a1 b1 c1", True),
        ({"b1 bỉn": 1, "a1": 5, "c1": 1}, "a1 birn b1 c1", False),
        ({"bỉn": 1, "a1 b1": 5}, "a1 b1 birn", True),
        ({"bỉn": 1, "mán": 1, "a1 b1": 5}, "a1 b1 birn mans", True),
    ],
)
def test_one_word_among_plain_ones_is_hardly_keystrokes(
    counts: dict[str, int], typed: str, is_decoded: bool
) -> None:
    notices = interpret(counts, typed).notices
    assert any(isinstance(each, KeystrokesNotice) for each in notices) == is_decoded


@pytest.mark.parametrize(
    ("values", "restored"),
    [({}, True), ({"match": MatchMode.ANY}, False), ({"exact": True}, False)]
    + [({"as_typed": True}, False)],
)
def test_bare_words_are_restored_unless_what_was_typed_is_meant(
    values: dict[str, Any], restored: bool
) -> None:
    counts = {"ba mà": 3, "má": 2}
    assert bool(interpret(counts, "ba ma", **values).restorations) == restored
    assert not interpret(counts, "bà ma", **values).restorations
    meaning = interpret({"nhà": 3}, "nha", **values).meaning
    assert isinstance(meaning, WordNode)
    assert meaning.likely_forms == (() if "as_typed" in values else ("nhà",))


@pytest.mark.parametrize(
    ("counts", "is_excluded"),
    [
        ({"nói không chơi": 9}, False),
        ({"nói không": 9, "không chơi": 9}, True),
        ({"chơi": 9}, True),
    ],
)
def test_a_negation_that_the_archive_writes_in_a_row_is_a_word(
    counts: dict[str, int], is_excluded: bool
) -> None:
    tree = interpret(counts, "nói KHÔNG chơi").tree
    assert any(isinstance(node, NotNode) for node in flatten((tree,))) == is_excluded


@pytest.mark.parametrize(
    ("counts", "typed", "texts", "values"),
    [
        ({"quận 3": 9}, "quận ba", ["quận 3"], {}),
        ({"quận 3": 9}, "quận ba", [], {"as_typed": True}),
        ({"quận 3": 9}, "quận ba", [], {"exact": True}),
        ({"50 USD": 9, "50 đô la": 9}, "$50", ["đô la"], {}),
        ({"50 USD": 9, "50 đô la": 9}, "$50", [], {"as_typed": True}),
    ],
)
def test_figures_and_amounts_are_read_unless_what_was_typed_is_meant(
    counts: dict[str, int], typed: str, texts: list[str], values: dict[str, Any]
) -> None:
    notices = interpret(counts, typed, **values).notices
    assert [notice.text for notice in notices if isinstance(notice, SpellingNotice)] == texts
