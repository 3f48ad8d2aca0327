"""Lowering: what every node becomes, and what is refused; no server needed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from indexer.analysis.fields import Field
from indexer.engine import queries as q
from indexer.engine.queries import Column, Query
from indexer.opensearch_engine.expanded_nodes import ExpandedNode
from indexer.opensearch_engine.lowering import (
    MATCH_NONE,
    MOST_CASES,
    QueryFacts,
    QueryLowering,
)
from indexer.opensearch_engine.mapping import COVERAGE_FIELDS
from indexer.opensearch_engine.query_walk import walk
from tests.oracle.test_oracle import queries

HOA = q.Term(Field.FOLDED, "hoa")
SECTION = ("an",)


def lower(node: Query, **facts: Any) -> dict[str, Any]:
    return QueryLowering(QueryFacts(**facts)).lower(node)


def row(lines: str) -> dict[str, Any]:
    """Return the query for words in a row, in what nobody or somebody said."""
    inside = {"path": "sections", "query": {"match_phrase": {"sections.exact_at": lines}}}
    places = [{"match_phrase": {"exact_at": lines}}, {"nested": inside}]
    return {"bool": {"should": places, "minimum_should_match": 1}}


def test_terms_and_phrases() -> None:
    assert lower(HOA) == {"term": {"folded": {"value": "hoa", "boost": 1.0}}}
    unscored = lower(q.Term(Field.FOLDED, "hoa", 0.0))
    assert unscored == {"bool": {"filter": [{"term": {"folded": "hoa"}}]}}
    phrase = lower(q.Phrase(Field.EXACT, ("", "điện", "", "phủ"), 2.0))["bool"]
    assert phrase["filter"] == [row("điện\n\x1e\nphủ")]
    assert [query["term"]["exact"]["boost"] for query in phrase["must"]] == [2.0, 2.0]
    title = lower(q.Phrase(Field.TITLE, ("dien", "phu")))["bool"]
    assert title["filter"] == [{"match_phrase": {"title": "dien\nphu"}}]


def test_a_folded_phrase_is_one_of_exact_words() -> None:
    phrase = q.MultiPhrase(Field.FOLDED, (("cong", "dien"), (), ("an",)), 0, 0.0)
    forms = {"cong": ["công", "cộng"], "dien": ["điện"], "an": ["an", "\ud800"]}
    exact = row("công\x1fcộng\x1fđiện\n\x1e\nan")
    assert lower(phrase, forms=forms) == {"bool": {"filter": [exact]}}
    assert lower(phrase, forms={"dien": ["điện"]}) == {"bool": {"filter": [MATCH_NONE]}}
    inside = str(lower(q.InSection(SECTION, q.Term(Field.PAIRS, "dien an")), forms=forms))
    assert "{'sections.exact_at': 'điện\\nan'}" in inside


def test_a_window_asks_for_a_word_at_each_position() -> None:
    forms = {"hoa": ["hoa"], "an": ["an"], "a": ["a"], "b": ["b"]}
    phrase = q.MultiPhrase(Field.FOLDED, (("hoa",), ("hoa",), ("an",)), 7, 0.0)
    (condition,) = lower(phrase, forms=forms)["bool"]["filter"]
    rule = condition["bool"]["should"][0]["intervals"]["exact_at"]["all_of"]
    assert rule["filter"]["script"]["source"] == "interval.end - interval.start < 10"
    twice = [query["all_of"] for query in rule["intervals"] if "all_of" in query]
    # `hoa` twice, and three words of either.
    assert sorted(len(query["intervals"]) for query in twice) == [2, 3]
    wide = str(lower(q.MultiPhrase(Field.FOLDED, (("a",), ("b",)), 5000), forms=forms))
    assert "interval.start < 100" in wide


@pytest.mark.parametrize("text", ["", "a\nb", "\x1d", "a\x1fb", "\x1e", "\ud800"])
def test_what_no_term_holds_matches_nothing(text: str) -> None:
    assert lower(q.Term(Field.FOLDED, text)) == MATCH_NONE
    assert lower(q.MultiPhrase(Field.FOLDED, (("a",), (text,)))) == MATCH_NONE
    assert lower(q.InSection((text,), HOA)) == MATCH_NONE
    prefix = q.Prefix(Field.FOLDED, "a")
    assert lower(prefix, terms={prefix: [text]}) == MATCH_NONE


def test_values_that_cannot_be_sent_are_left_out() -> None:
    assert lower(q.HasValue(Column.AUTHOR, ("\ud800",))) == MATCH_NONE
    values = lower(q.HasValue(Column.AUTHOR, ("\ud800", "An")))
    assert values["constant_score"]["filter"] == {"terms": {"author_value": ["An"]}}


def test_dates_beyond_all_numbers_are_bounded() -> None:
    limits = lower(q.InRange(Column.PUBLISHED, -(1 << 80), 1 << 80))
    (bounds,) = limits["constant_score"]["filter"]["range"].values()
    assert bounds == {"gte": -(1 << 63) + 1, "lt": (1 << 63) - 1}


@pytest.mark.parametrize(
    ("minimum", "weights", "expected"),
    [(1, (), 1), (2, (), 2), (0.5, (0.25, 0.25), 2), (0.2, (0.2, 0.7), 1), (0, (0, 0), 1)],
)
def test_equal_weights_are_counted(
    minimum: float, weights: tuple[float, ...], expected: int
) -> None:
    node = q.Or((HOA, q.Term(Field.FOLDED, "an")), minimum, weights)
    assert lower(node)["bool"]["minimum_should_match"] == expected


def test_other_weights_are_summed() -> None:
    node = q.Or((HOA, q.Term(Field.FOLDED, "an")), 0.9, (0.2, 0.7))
    (required,) = lower(node)["bool"]["must"]
    # Nothing that is added to the scores, and no boost from outside, makes it enough.
    assert required["constant_score"]["boost"] == 0
    enough = required["constant_score"]["filter"]["function_score"]
    assert enough["min_score"] == pytest.approx(0.9, abs=2e-6)


def test_a_section_is_asked_for_each_case_of_its_documents_conditions() -> None:
    identifier = q.HasIdentifier(("a",))
    section = lower(q.InSection(SECTION, q.Or((HOA, identifier))))["bool"]
    (places,) = section["filter"]
    assert len(places["bool"]["should"]) == 2
    many = tuple(q.HasIdentifier((str(number),)) for number in range(MOST_CASES + 1))
    with pytest.raises(ValueError, match="conditions"):
        lower(q.InSection(SECTION, q.And(many)))


@pytest.mark.parametrize(
    "node",
    [
        q.InRange(Column.MONTH, 1, 2),
        q.HasValue(Column.PUBLISHED, ("1",)),
        q.Phrase(Field.PAIRS, ("a b", "b c")),
        q.Or((HOA,), 1, (1, 1)),
        q.Or((HOA, HOA), 1, (1, -1)),
        q.InSection(SECTION, q.InSection(SECTION, q.MatchAll())),
        q.InSection(SECTION, q.Coverage(HOA, Field.TITLE, ("hoa",))),
        q.InSection(SECTION, q.InRange(Column.MONTH, 1, 2)),
        q.InSection((), q.Phrase(Field.PAIRS, ("a b", "b c"))),
        q.InSection(SECTION, q.Prefix(Field.PAIRS, "a")),
        q.Coverage(HOA, Field.FOLDED, ("hoa",)),
        q.Wildcard(Field.FOLDED, "*a"),
        q.Wildcard(Field.FOLDED, ""),
        q.Fuzzy(Field.EXACT, "hòa"),
        q.Fuzzy(Field.FOLDED, "hoa", 3),
        q.Fuzzy(Field.FOLDED, ""),
    ],
    ids=lambda node: type(node).__name__,
)
def test_wrong_uses_are_refused(node: Query) -> None:
    with pytest.raises(ValueError, match="."):
        lower(node)


@settings(max_examples=200, deadline=None, database=None)
@given(query=queries)
def test_every_query_is_lowered(query: Query) -> None:
    nodes = list(walk(query))
    coverages = [node for node in nodes if isinstance(node, q.Coverage)]
    terms = {node: ["an", "hoa"] for node in nodes if isinstance(node, ExpandedNode)}
    idf = {(node.field, text): 1.5 for node in coverages for text in node.texts}
    in_section = [node for node in nodes if isinstance(node, q.InSection)]
    try:
        lowered = lower(query, terms=terms, idf=idf)
    except ValueError:
        fields = {node.field for node in coverages}
        pairs = any(isinstance(node, ExpandedNode) for node in nodes)
        assert fields - COVERAGE_FIELDS.keys() or (in_section and pairs)
    else:
        assert len(lowered) == 1
