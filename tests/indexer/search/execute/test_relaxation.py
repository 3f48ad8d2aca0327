"""The steps of relaxation: what is demanded of an article where nothing matches fully."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Field
from indexer.engine.queries import Or, Term
from indexer.search.execute.relaxation import (
    FEWEST_BUT_ONE,
    MOST_BUT_ONE,
    STEPS,
    Place,
    Step,
    _most_pairs,
    as_placed,
    place_phrases,
    quotes_headline,
    relaxed_notice,
)
from indexer.search.query.parser import parse
from indexer.search.query.syntax import (
    AndNode,
    NotNode,
    OrNode,
    PhraseNode,
    SyntaxNode,
    WordNode,
    matching_leaves,
)

WORDS = "một hai ba bốn năm sáu bảy tám chín mười trăm nghìn triệu tỷ".split()


def tree_of(typed: str) -> SyntaxNode | None:
    return parse(typed, Analyzer()).tree


def quoted(count: int) -> str:
    return f'"{" ".join(WORDS[:count])}"'


def phrases(node: SyntaxNode | None) -> list[tuple[str, int]]:
    leaves = matching_leaves(node)
    return [
        (" ".join(token.exact for token in leaf.tokens), leaf.slop)
        for leaf in leaves
        if isinstance(leaf, PhraseNode)
    ]


@pytest.mark.parametrize("count", [2, 3, 4, 5, 12, 13])
def test_a_quotation_is_looked_for_near_and_perhaps_without_a_word(count: int) -> None:
    words = WORDS[:count]
    runs = [words]
    if FEWEST_BUT_ONE <= count <= MOST_BUT_ONE:
        runs += [[*words[:place], *words[place + 1 :]] for place in range(count)]
    loosened = place_phrases(tree_of(quoted(count)), Place.NEAR)
    assert phrases(loosened) == [(" ".join(run), count) for run in runs]
    assert isinstance(loosened, OrNode) is (len(runs) > 1)
    anywhere = place_phrases(tree_of(quoted(count)), Place.ANYWHERE)
    assert isinstance(anywhere, AndNode)
    assert [child.text for child in anywhere.children if isinstance(child, WordNode)] == words


@pytest.mark.parametrize("typed", ['"một"', '="một hai"', "một hai", "một OR hai", "một -hai", ""])
def test_what_is_no_quotation_of_words_stays(typed: str) -> None:
    tree = tree_of(typed)
    assert place_phrases(tree, Place.NEAR) == tree
    assert place_phrases(tree, Place.ANYWHERE) == tree


def test_what_is_near_already_or_excluded_stays() -> None:
    loose = tree_of('"một hai"~3')
    assert place_phrases(loose, Place.NEAR) == loose
    assert isinstance(place_phrases(loose, Place.ANYWHERE), AndNode)
    for join in ("", "OR "):
        placed = place_phrases(tree_of(f'xe {join}"một hai" -"ba bốn"'), Place.NEAR)
        assert phrases(placed) == [("một hai", 2)]
    excluded = place_phrases(tree_of('xe -"ba bốn"'), Place.ANYWHERE)
    assert isinstance(excluded, AndNode)
    assert isinstance(excluded.children[-1], NotNode)
    assert isinstance(excluded.children[-1].child, PhraseNode)


@pytest.mark.parametrize(
    ("typed", "required"),
    [
        (quoted(3), []),
        # All but three: a wrong word parts two neighbours, and one may be left out.
        (quoted(4), [(3, 1)]),
        (quoted(5), [(4, 1)]),
        (quoted(6), [(5, 2)]),
        (f"xe {quoted(4)} {quoted(6)}", [(3, 1), (5, 2)]),
        (f"={quoted(4)}", []),
        (f"xe {quoted(3)}", []),
        ("một hai ba bốn", []),
    ],
)
def test_most_neighbours_of_a_quotation_are_demanded(
    typed: str, required: list[tuple[int, int]]
) -> None:
    queries = [query for query in _most_pairs(tree_of(typed)) if isinstance(query, Or)]
    assert [(len(query.children), query.minimum_should_match) for query in queries] == required
    if required:
        assert queries[0].children[0] == Term(Field.PAIRS, "mot hai", 0.0)


@pytest.mark.parametrize(
    ("typed", "is_headline"),
    [(quoted(7), False), (quoted(8), True), (f"xe {quoted(8)}", True), (" ".join(WORDS), False)]
    + [(f"xe -{quoted(8)}", False)],
)
def test_eight_quoted_words_are_a_headline(typed: str, is_headline: bool) -> None:
    assert quotes_headline(tree_of(typed)) is is_headline


@pytest.mark.parametrize(
    ("typed", "place", "is_partial", "is_placed"),
    [
        (quoted(8), Place.IN_A_ROW, False, False),
        (quoted(8), Place.IN_A_ROW, True, True),
        (quoted(7), Place.IN_A_ROW, True, False),
        (quoted(2), Place.NEAR, False, True),
        (quoted(2), Place.ANYWHERE, False, True),
    ],
)
def test_hits_show_words_by_themselves_where_these_were_found_apart(
    typed: str, place: Place, is_partial: bool, is_placed: bool
) -> None:
    query = parse(typed, Analyzer())
    placed = as_placed(query, Step(100, place), is_partial)
    assert isinstance(placed.tree, AndNode) is is_placed
    assert (placed is query) is not is_placed


def test_steps_demand_less_and_less_and_the_notice_says_so() -> None:
    shares = [step.share for step in STEPS.values()]
    assert shares == sorted(shares, reverse=True)
    assert (max(shares), min(shares)) == (100, 0)
    notice = relaxed_notice(Step(33, Place.ANYWHERE), iter(["xe"]), 4)
    assert (notice.share, notice.missing, notice.apart, notice.near) == (33, ("xe",), 4, False)
    assert relaxed_notice(Step(100, Place.NEAR), (), 0).near
