"""Bound numbers: figures of a query that the archive writes beside one of their neighbours.

`nghị quyết 42` is one resolution, and `37,5 độ` one temperature: an article that has the figure
elsewhere is about something else. Years are no such figures: they stand anywhere in a report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.engine.queries import Phrase, Query
from indexer.search.query.syntax import AcronymNode, AndNode, SyntaxNode, UnitNode, WordNode
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.syllables import folded_form, is_bare_syllable

_NUMBER = re.compile(r"(?!(?:19|20)\d\d$)\d+(?:\.\d+)?")
_NAMED = re.compile(r"số|so|no\.|n[º°]\.?", re.IGNORECASE)
_BETWEEN = Token(0, 0, "số", "so")
_BARE_BETWEEN = Token(0, 0, "so", "so")
_FOREIGN_BETWEEN = Token(0, 0, "no", "no")
"""What may stand between a word and its figure: `nghị quyết số 42`, `Resolution No. 42`."""

_COMPOUNDED = frozenset(
    "ẩn bảng bằng biến biển bội các chỉ chữ có con cơ đa dãy dân đầu điểm doanh hàm hằng hệ hộp "
    "là mã một ngoài những phân quân sai sĩ tần tham thiểu thông thuật tỉ tổng trị trong từ tỷ và "
    "với vô xổ".split()
)
"""Words that are one with `số` behind them: in `tỷ số 2`, `xổ số 5` it names no number."""

_COMPOUNDED_BARE = frozenset(map(folded_form, _COMPOUNDED - {"quân"}))
"""Bare `quan so 1` is rather a district's."""

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
    units = [node for node in nodes if isinstance(node, UnitNode | AcronymNode)]
    words = (word.tokens[0] for node in units if len(node.words) > 1 for word in node.words)
    others = (node.respellings for node in units if isinstance(node, AcronymNode))
    figures = (each.forms[0] for respellings in others for each in respellings)
    return any(map(is_number, words)) or any(map(_NUMBER.fullmatch, figures))


@dataclass(frozen=True, slots=True)
class WordsAcross:
    """The words around a `số`, as if it were not there.

    Attributes:
        forms: the bigrams with diacritics that they stand for.
        lift: how much more often than by chance they meet.
    """

    forms: tuple[str, ...]
    lift: float


@dataclass(frozen=True, slots=True)
class FiguredWords:
    """The words of a run with figures, and how they are parted so far.

    Attributes:
        tokens: its words.
        spans: its units and other words.
        lifts: how much more often than by chance each word meets the next one.
        across: the words around a `số`, by its place.
        is_whole: whether the query is a word and its figure, and nothing else: who types `bài 5`
            means both together, if any article has them so.
    """

    tokens: Sequence[Token]
    spans: Sequence[Span]
    lifts: Sequence[float]
    across: Mapping[int, WordsAcross]
    is_whole: bool = False

    def start_before(self, place: int) -> int | None:
        """Return where the words begin whose number is named by a `số` at a place."""
        starts = {end: start for start, end in self.spans}
        # `số` is a word of its own, or the last one of the unit before, or all are one.
        found = [starts.get(end, place) for end in range(place, place + 3)]
        return next((start for start in found if start < place), None)


@dataclass(frozen=True, slots=True)
class BoundNumber:
    """A unit with a figure: its words, and in how many articles they stand in a row.

    Attributes:
        span: the places of its words.
        documents: articles with the words in a row.
        named: articles with a `số` before the figure, which is the last word.
        between: the `số` of most of these articles.
        is_numbered: whether its words are a thing, `số` and its figure, as in `bão số 2`.
        is_named: whether its last word but one is a `số`, which need not stand there.
        forms: of a word and its figure around a `số`, the bigrams that they stand for.
    """

    span: Span
    documents: int
    named: int = 0
    between: Token | None = None
    is_numbered: bool = False
    is_named: bool = False
    forms: tuple[str, ...] = ()

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
        if self.is_named:
            return UnitNode((*words[:-2], words[-1]), self.forms, self.between)
        return UnitNode(words, forms if len(words) == 2 else (), self.between)


def named_numbers(nodes: Sequence[WordNode]) -> list[int]:
    """Return the places of the words that name the figure behind them: `số`, `No.`, `nº`."""
    return [
        place
        for place in range(1, len(nodes) - 1)
        if is_number(nodes[place + 1].tokens[0])
        and (_NAMED.fullmatch(nodes[place].text) or nodes[place].text == "No")
        and not _is_compounded(nodes[place - 1].tokens[0])
    ]


def bind_numbers(statistics: TermStatistics, words: FiguredWords) -> list[BoundNumber]:
    """Return the units that figures make with the unit before or behind them, in their order."""
    candidates = [*_beside(words), *_behind_names(words)]
    counts = iter(statistics.count([query for each in candidates for query in each.queries]))
    units = [each.unit([next(counts) for _ in each.queries]) for each in candidates]
    units += _numbered(words)
    chosen: list[BoundNumber] = []
    for unit in sorted(units, key=_rank):
        if unit.is_meant and not any(_overlap(unit.span, other.span) for other in chosen):
            chosen.append(unit)
    return sorted(chosen, key=lambda unit: unit.span)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Words that may be a unit with a figure, and what is counted to tell.

    Attributes:
        span: the places of the words.
        row: matches them in a row; None where they do not count so.
        named: match them with each `số` before the figure, and these.
        across: the words around a `số` that was typed, if it need not stand there.
        is_numbered: whether they are a thing with a number if any article has them so.
    """

    span: Span
    row: Query | None
    named: Sequence[tuple[Token, Query]] = ()
    across: WordsAcross | None = None
    is_numbered: bool = False

    @property
    def queries(self) -> list[Query]:
        return [*(query for _, query in self.named), *([self.row] if self.row else [])]

    def unit(self, counts: Sequence[int]) -> BoundNumber:
        """Return the unit by the counts of the queries."""
        named, documents = counts[: len(self.named)], sum(counts[len(self.named) :])
        most = max(named, default=0)
        between = self.named[named.index(most)][0] if most else None
        is_numbered = self.is_numbered and documents > 0
        unit = BoundNumber(self.span, documents, most, between, is_numbered)
        if not self.across:
            return unit
        forms = self.across.forms if self.span[1] - self.span[0] == 3 else ()
        return replace(unit, is_named=True, forms=forms)


def _beside(words: FiguredWords) -> Iterator[_Candidate]:
    """Yield the figures with the unit before them, and those with the one behind them."""
    tokens, spans, lifts = words.tokens, words.spans, words.lifts
    least_behind = 0.0 if words.is_whole else LEAST_LIFT_BEHIND
    for place, (start, end) in enumerate(spans):
        number = end - 1
        if not is_number(tokens[number]):
            continue
        is_alone = start == number
        if number:
            start = spans[place - 1][0] if is_alone else start
            row = tokens[start:end]
            least = least_behind if len(row) == 2 else LEAST_LIFT_OF_UNIT
            in_a_row = _in_a_row(row) if lifts[number - 1] >= least else None
            yield _Candidate((start, end), in_a_row, _named(row))
        if is_alone and end < len(tokens) and lifts[number] >= LEAST_LIFT:
            last = spans[place + 1][1]
            yield _Candidate((number, last), _in_a_row(tokens[number:last]))


def _behind_names(words: FiguredWords) -> Iterator[_Candidate]:
    """Yield the words and figures with a `số` between, which articles may leave out."""
    for place, across in words.across.items():
        start = words.start_before(place)
        if start is None:
            continue
        row = [*words.tokens[start:place], words.tokens[place + 1]]
        # Three words are hardly ever in a row by chance.
        is_numbered = len(row) > 2 and words.lifts[place - 1] >= LEAST_LIFT
        least = LEAST_LIFT_BEHIND if len(row) == 2 else LEAST_LIFT_OF_UNIT
        if is_numbered or across.lift >= least:
            yield _Candidate((start, place + 2), _in_a_row(row), _named(row), across)
        elif (start, place + 2) == (0, len(words.tokens)):
            yield _Candidate((start, place + 2), _in_a_row(words.tokens), is_numbered=True)


def _named(row: Sequence[Token]) -> list[tuple[Token, Query]]:
    """Return the queries of words with each `số` before the last one.

    `No.` is behind foreign words: bare Vietnamese `cong ty no 42` is a debt.
    """
    between = [_BARE_BETWEEN if _is_bare(row) else _BETWEEN]
    if not is_bare_syllable(row[-2].folded):
        between.append(_FOREIGN_BETWEEN)
    return [(naming, _in_a_row([*row[:-1], naming, row[-1]])) for naming in between]


def _numbered(words: FiguredWords) -> Iterator[BoundNumber]:
    """Yield the units of things that are told apart by numbers: `bão số 2`, `cảng số 1`.

    They are no `số 2` of anything else, whether or not the archive has that number.
    """
    ends = {end for _, end in words.spans}
    for place in words.across:
        start = words.start_before(place)
        if start is None or place + 2 not in ends:
            continue
        if words.lifts[place - 1] >= LEAST_LIFT:
            yield BoundNumber((start, place + 2), 0, is_numbered=True)


def _rank(unit: BoundNumber) -> tuple[bool, bool, int, Span]:
    """Return the place of a unit: what is numbered first, then what most articles have."""
    articles = unit.documents + unit.named
    is_named = unit.is_named and articles > 0
    return not is_named, not unit.is_numbered, -articles, unit.span


def _in_a_row(tokens: Sequence[Token]) -> Query:
    is_bare = _is_bare(tokens)
    words = tuple(token.folded if is_bare else token.exact for token in tokens)
    return Phrase(Field.FOLDED if is_bare else Field.EXACT, words, 0.0)


def _is_bare(tokens: Sequence[Token]) -> bool:
    return all(token.exact == token.folded for token in tokens)


def _is_compounded(token: Token) -> bool:
    compounded = _COMPOUNDED_BARE if token.exact == token.folded else _COMPOUNDED
    return token.exact in compounded


def _overlap(first: Span, second: Span) -> bool:
    return first[0] < second[1] and second[0] < first[1]
