"""Bound numbers: figures of a query that the archive writes beside one of their neighbours.

`nghị quyết 42` is one resolution, and `37,5 độ` one temperature: an article that has the figure
elsewhere is about something else. Years are no such figures: they stand anywhere in a report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.engine.queries import MatchNone, Phrase, Query
from indexer.search.query.syntax import AndNode, SyntaxNode, UnitNode, WordNode
from indexer.search.term_statistics import TermStatistics

_NUMBER = re.compile(r"(?!(?:19|20)\d\d$)\d+(?:\.\d+)?")
_BETWEEN = Token(0, 0, "số", "so")
_BARE_BETWEEN = Token(0, 0, "so", "so")
"""What may stand between a word and its figure: `nghị quyết số 42`."""

_NAMING = (_BETWEEN.exact, _BARE_BETWEEN.exact)

_COMPOUNDED = frozenset(
    "an bang bien boi chi chu co con da dan diem doanh ham hang he hop ma mot phan quan sai si tan "
    "tham thieu thong thuat ti tri ty vo xo".split()
)
"""Words that are one with `số` behind them: in `tỷ số 2`, `xổ số 5` it names no number."""

LEAST_LIFT = 4.0
"""Times that a figure has to be before a word as by chance; `10 hà` of `bão số 10 hà tĩnh` is."""

LEAST_LIFT_BEHIND = 1.5
"""The same behind a word, where ordinal numbers stand: `tập 5` has 2.3, `điều 12` 2.0, `nam 2`
(of `việt nam 2`) 1.2.
"""

LEAST_LIFT_OF_UNIT = 1.0
"""The same behind a unit of several words, of which two at least are no chance."""

Span = tuple[int, int]


def is_number(token: Token) -> bool:
    """Tell whether a word is a figure that is no year."""
    return _NUMBER.fullmatch(token.exact) is not None


def has_bound_number(meaning: SyntaxNode | None) -> bool:
    """Tell whether an interpreted query has a unit with a figure."""
    nodes = meaning.children if isinstance(meaning, AndNode) else (meaning,)
    return any(
        is_number(word.tokens[0])
        for node in nodes
        if isinstance(node, UnitNode)
        for word in node.words
    )


@dataclass(frozen=True, slots=True)
class BoundNumber:
    """A unit with a figure: its words, and in how many articles they stand in a row.

    Attributes:
        span: the places of its words.
        documents: articles with the words in a row.
        named: articles with `số` before the figure, which is the last word.
        is_numbered: whether its words are a thing, `số` and its figure, as in `bão số 2`.
    """

    span: Span
    documents: int
    named: int = 0
    is_numbered: bool = False

    @property
    def is_meant(self) -> bool:
        """Whether any article has the words so, or a thing that has numbers has another one."""
        return self.documents + self.named > 0 or self.is_numbered

    def node(self, nodes: Sequence[WordNode], forms: tuple[str, ...]) -> UnitNode:
        """Return the node of the unit; `số` may stand before the figure where articles have it.

        Args:
            nodes: the words of the query.
            forms: those of the first two words of the unit.
        """
        words = tuple(nodes[slice(*self.span)])
        forms = forms if len(words) == 2 else ()
        if not self.named:
            return UnitNode(words, forms)
        is_bare = all(word.tokens[0].exact == word.tokens[0].folded for word in words)
        return UnitNode(words, forms, between=_BARE_BETWEEN if is_bare else _BETWEEN)


def bind_numbers(
    statistics: TermStatistics,
    tokens: Sequence[Token],
    spans: Sequence[Span],
    lifts: Sequence[float],
    *,
    is_whole: bool = False,
) -> list[BoundNumber]:
    """Return the units that figures make with the unit before or behind them, in their order.

    Args:
        statistics: count the articles.
        tokens: the words of a query.
        spans: its units and other words.
        lifts: how much more often than by chance each word meets the next one.
        is_whole: whether the query is a word and its figure, and nothing else: who types `bài 5`
            means both together, if any article has them so.
    """
    least_behind = 0.0 if is_whole else LEAST_LIFT_BEHIND
    candidates: list[tuple[Span, list[Query]]] = []
    for place, (start, end) in enumerate(spans):
        number = end - 1
        if not is_number(tokens[number]):
            continue
        is_alone = start == number
        if number:
            start = spans[place - 1][0] if is_alone else start
            row = tokens[start:end]
            named = [*row[:-1], _BETWEEN, row[-1]]
            least = least_behind if len(row) == 2 else LEAST_LIFT_OF_UNIT
            in_a_row = [_in_a_row(row)] if lifts[number - 1] >= least else []
            candidates.append(((start, end), [_in_a_row(named), *in_a_row]))
        if is_alone and end < len(tokens) and lifts[number] >= LEAST_LIFT:
            last = spans[place + 1][1]
            candidates.append(((number, last), [MatchNone(), _in_a_row(tokens[number:last])]))
    counts = iter(statistics.count([query for _, queries in candidates for query in queries]))
    units = [_unit(span, [next(counts) for _ in queries]) for span, queries in candidates]
    units += _numbered(tokens, spans, lifts)
    chosen: list[BoundNumber] = []
    for unit in sorted(units, key=_rank):
        if unit.is_meant and not any(_overlap(unit.span, other.span) for other in chosen):
            chosen.append(unit)
    return sorted(chosen, key=lambda unit: unit.span)


def _numbered(
    tokens: Sequence[Token], spans: Sequence[Span], lifts: Sequence[float]
) -> Iterator[BoundNumber]:
    """Yield the units of things that are told apart by numbers: `bão số 2`, `cảng số 1`.

    They are no `số 2` of anything else, whether or not the archive has that number.
    """
    starts = {end: start for start, end in spans}
    ends = {end for _, end in spans}
    for number in filter(lambda place: is_number(tokens[place]), range(2, len(tokens))):
        before, naming = tokens[number - 2 : number]
        # `số` is a word of its own, or the last one of the unit before.
        start = starts.get(number - 1, starts.get(number))
        is_named = naming.exact in _NAMING and before.folded not in _COMPOUNDED
        if start is None or not is_named or number + 1 not in ends:
            continue
        if start < number - 1 and lifts[number - 2] >= LEAST_LIFT:
            yield BoundNumber((start, number + 1), 0, is_numbered=True)


def _rank(unit: BoundNumber) -> tuple[bool, int, Span]:
    """Return the place of a unit: what is numbered first, then what most articles have."""
    return not unit.is_numbered, -unit.documents - unit.named, unit.span


def _unit(span: Span, counts: Sequence[int]) -> BoundNumber:
    named, *rows = counts
    return BoundNumber(span, sum(rows), named)


def _in_a_row(tokens: Sequence[Token]) -> Query:
    is_bare = all(token.exact == token.folded for token in tokens if token is not _BETWEEN)
    words = tuple(token.folded if is_bare else token.exact for token in tokens)
    return Phrase(Field.FOLDED if is_bare else Field.EXACT, words, 0.0)


def _overlap(first: Span, second: Span) -> bool:
    return first[0] < second[1] and second[0] < first[1]
