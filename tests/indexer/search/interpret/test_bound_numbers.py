"""A figure is bound to the words that the archive writes it beside, as the number of a thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from indexer.analysis.analyzer import Token
from indexer.search.interpret.bound_numbers import (
    BoundNumber,
    FiguredWords,
    Span,
    WordsAcross,
    bind_numbers,
    has_bound_number,
    is_number,
    named_numbers,
)
from indexer.search.query.syntax import AndNode, UnitNode
from tests.counted_texts import CountedTexts, tokens_of, words_of


def bind(
    typed: str,
    counts: Mapping[str, int],
    lifts: Sequence[float],
    spans: Sequence[Span] = (),
    *,
    across: float = 10.0,
    is_whole: bool = False,
) -> list[BoundNumber]:
    """Return the units with figures of a query, by counts and by the lifts of its neighbours.

    Args:
        typed: the query.
        counts: texts, each with the number of its articles.
        lifts: those of each word and the next one.
        spans: its units and other words; none for each word by itself.
        across: the lift of the words around a `số`.
        is_whole: whether it is a word and a figure, and nothing else.
    """
    nodes = words_of(typed)
    tokens = [node.tokens[0] for node in nodes]
    around = {
        place: WordsAcross((f"{tokens[place - 1].exact} {tokens[place + 1].exact}",), across)
        for place in named_numbers(nodes)
    }
    alone = [(place, place + 1) for place in range(len(tokens))]
    words = FiguredWords(tokens, spans or alone, lifts, around, is_whole)
    return bind_numbers(CountedTexts(counts, 1000), words)


@pytest.mark.parametrize(
    ("word", "is_figure"),
    [("42", True), ("7", True), ("37,5", True), ("1899", True), ("2100", True), ("20190", True)]
    + [("1900", False), ("2026", False), ("3tỷ", False), ("covid19", False), ("số", False)],
)
def test_a_figure_is_no_year(word: str, is_figure: bool) -> None:
    assert is_number(tokens_of(word)[0]) is is_figure


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("bão số 2", [1]),
        ("bao so 2", [1]),
        ("Resolution No. 42", [1]),
        ("Resolution No 42", [1]),
        # Bare `no` is a debt, and full.
        ("cong ty no 42", []),
        ("bão số 2 và nghị quyết số 42", [1, 6]),
        ("số 2", []),
        ("bão số", []),
        ("bão số hai", []),
        ("bão số 2026", []),
        # Words that `số` is one with.
        ("tỷ số 2", []),
        ("ty so 2", []),
        ("quân số 1", []),
        ("quan so 1", [1]),
    ],
)
def test_a_word_names_the_figure_behind_it(typed: str, places: list[int]) -> None:
    assert named_numbers(words_of(typed)) == places


@pytest.mark.parametrize(
    ("typed", "counts", "lifts", "spans", "bound"),
    [
        # Behind a word ordinals stand: it takes more than behind a unit.
        ("điều 12", {"điều 12": 1}, [1.5], [], [(0, 2)]),
        ("điều 12", {"điều 12": 9}, [1.4], [], []),
        ("điều 12", {}, [9.0], [], []),
        ("điều 2012", {"điều 2012": 9}, [9.0], [], []),
        ("nghị quyết 42", {"nghị quyết 42": 1}, [50, 1.0], [(0, 2), (2, 3)], [(0, 3)]),
        ("nghị quyết 42", {"nghị quyết 42": 9}, [50, 0.9], [(0, 2), (2, 3)], []),
        # Before a word it has to be there far more often than by chance.
        ("42 độ", {"42 độ": 1}, [4.0], [], [(0, 2)]),
        ("42 độ", {"42 độ": 9}, [3.9], [], []),
        ("42 độ c xe", {"42 độ c": 2}, [4.0, 50, 1.0], [(0, 1), (1, 3), (3, 4)], [(0, 3)]),
        # Of two neighbours the one that more articles have, behind a word as before it.
        ("xe 42 độ", {"42 độ": 3, "xe 42": 2}, [2.0, 4.0], [], [(1, 3)]),
        ("xe 42 độ", {"42 độ": 2, "xe 42": 3}, [2.0, 4.0], [], [(0, 2)]),
        ("xe 42 độ", {"42 độ": 2, "xe 42": 2}, [2.0, 4.0], [], [(0, 2)]),
        # Two figures beside each other's words; they come in their order.
        ("xe 42 độ 7", {"xe 42": 1, "độ 7": 9}, [2.0, 1.0, 2.0], [], [(0, 2), (2, 4)]),
        ("xe 42 độ 7", {"42 độ": 5, "độ 7": 9}, [2.0, 4.0, 2.0], [], [(2, 4)]),
        # A unit that ends with a figure is whole.
        ("xe covid 19", {"covid 19": 2}, [1.0, 2.0], [(0, 1), (1, 3)], [(1, 3)]),
    ],
)
def test_a_figure_is_bound_to_the_words_that_it_stands_beside(
    typed: str,
    counts: dict[str, int],
    lifts: list[float],
    spans: list[Span],
    bound: list[Span],
) -> None:
    assert [unit.span for unit in bind(typed, counts, lifts, spans)] == bound


@pytest.mark.parametrize(("is_whole", "bound"), [(True, [(0, 2)]), (False, [])])
def test_a_word_and_its_figure_alone_are_meant_together(is_whole: bool, bound: list[Span]) -> None:
    units = bind("bài 5", {"bài 5": 1}, [0.0], is_whole=is_whole)
    assert [unit.span for unit in units] == bound
    assert bind("bài 5", {}, [0.0], is_whole=is_whole) == []


@pytest.mark.parametrize(
    ("typed", "counts", "naming"),
    [
        ("điều 12", {"điều số 12": 2, "điều 12": 1}, "số"),
        ("dieu 12", {"điều số 12": 2}, "so"),
        ("điều 12", {"điều 12": 2}, None),
        ("resolution 42", {"resolution no 42": 2}, "no"),
        ("resolution 42", {"resolution no 42": 2, "resolution so 42": 3}, "so"),
        ("resolution 42", {"resolution no 42": 3, "resolution so 42": 2}, "no"),
        # Behind a Vietnamese word `no` is a debt.
        ("điều 12", {"điều no 12": 9, "điều 12": 1}, None),
    ],
)
def test_articles_may_have_a_word_before_the_figure(
    typed: str, counts: dict[str, int], naming: str | None
) -> None:
    (unit,) = bind(typed, counts, [2.0])
    assert (unit.between.exact if unit.between else None) == naming
    (node,) = [unit.node(words_of(typed), ("a b",))]
    assert ([word.text for word in node.words], node.forms) == (typed.split(), ("a b",))


@pytest.mark.parametrize(
    ("counts", "lift", "across", "unit"),
    [
        # Both ways of writing it are meant, whether it is typed with `số` or not.
        ({"bão 2": 4}, 3.9, 1.5, {"documents": 4, "is_named": True}),
        ({"bão số 2": 4}, 3.9, 1.5, {"named": 4, "is_named": True}),
        # Words that meet by chance are no such unit without it.
        ({"bão 2": 4}, 3.9, 1.4, None),
        ({"bão số 2": 4}, 3.9, 1.4, {"documents": 4, "is_numbered": True}),
        # What has numbers has this one, and no `số 2` of something else.
        ({}, 4.0, 1.0, {"is_numbered": True}),
        ({}, 3.9, 1.0, None),
    ],
)
def test_a_thing_with_numbers_has_the_one_that_is_named(
    counts: dict[str, int], lift: float, across: float, unit: dict[str, object] | None
) -> None:
    units = bind("bão số 2", counts, [lift, 0.0], across=across)
    if unit is None:
        assert units == []
        return
    (bound,) = units
    assert bound.span == (0, 3)
    expected = {"documents": 0, "named": 0, "is_numbered": False, "is_named": False, **unit}
    assert {name: getattr(bound, name) for name in expected} == expected
    nodes = words_of("bão số 2")
    texts = [word.text for word in bound.node(nodes, ()).words]
    assert texts == (["bão", "2"] if bound.is_named else ["bão", "số", "2"])
    assert bound.node(nodes, ()).forms == (("bão 2",) if bound.is_named else ())


@pytest.mark.parametrize(
    ("across", "lift", "counts", "bound"),
    [
        # Behind a unit of two words it is enough that they meet as often as by chance.
        (1.0, 0.0, {"nghị quyết 42": 1}, [(0, 4, True)]),
        (0.9, 0.0, {"nghị quyết 42": 1}, []),
        # Three words are hardly ever in a row by chance where `số` is often behind them.
        (0.0, 4.0, {"nghị quyết 42": 1}, [(0, 4, True)]),
        (0.0, 3.9, {"nghị quyết 42": 1}, []),
        (0.0, 4.0, {}, [(0, 4, False)]),
    ],
)
def test_the_unit_before_is_numbered_as_a_whole(
    across: float, lift: float, counts: dict[str, int], bound: list[tuple[int, int, bool]]
) -> None:
    spans = [(0, 2), (2, 3), (3, 4), (4, 5)]
    units = bind("nghị quyết số 42 mới", counts, [50, lift, 1.0, 0.0], spans, across=across)
    assert [(*unit.span, unit.is_named) for unit in units] == bound
    # Of more than two words no bigram stands for them.
    assert all(unit.forms == () for unit in units)


@pytest.mark.parametrize(
    ("spans", "start"),
    [
        ([(0, 1), (1, 2), (2, 3), (3, 4)], 1),
        ([(0, 2), (2, 3), (3, 4)], 0),
        ([(0, 1), (1, 3), (3, 4)], 1),
        ([(0, 3), (3, 4)], 0),
        ([(0, 1), (1, 4)], 1),
        ([(0, 4)], 0),
        ([(0, 1), (1, 2), (2, 4)], 1),
    ],
)
def test_the_words_that_are_numbered_begin_where_their_unit_does(
    spans: list[Span], start: int
) -> None:
    words = FiguredWords(tokens_of("một hai số 4"), spans, [], {})
    assert words.start_before(2) == start


def test_where_no_words_stand_before_nothing_is_numbered() -> None:
    assert FiguredWords(tokens_of("số 4"), [(0, 1), (1, 2)], [], {}).start_before(0) is None


def test_a_query_has_a_bound_number_where_a_unit_has_a_figure() -> None:
    words = words_of("nghị quyết 42")
    assert has_bound_number(UnitNode(tuple(words), ()))
    assert not has_bound_number(UnitNode(tuple(words[:2]), ()))
    assert has_bound_number(AndNode((words[0], UnitNode(tuple(words[1:]), ()))))
    assert not has_bound_number(AndNode(tuple(words)))
    assert not has_bound_number(None)


def test_tokens_that_stand_between_are_words_of_their_own() -> None:
    (unit,) = bind("điều 12", {"điều số 12": 2}, [0.0])
    assert unit.between == Token(0, 0, "số", "so")
