"""Words of a query in units of one word or two, and the queries that tell which belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.engine.queries import And, Or, Phrase, Query, Term
from indexer.search.query.syntax import WordNode
from indexer.search.readable_phrases import FUNCTION_WORDS

MOST_JOINED = 10
"""Words of the longest query whose units are joined to longer ones."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PairedWords:
    """The words of a run, in units of one word or two.

    Attributes:
        tokens: one for each word.
        bigrams: the forms that each two neighbours stand for.
        spans: the units.
        is_whole: whether the query is these two words and nothing else.
    """

    tokens: Sequence[Token]
    bigrams: Sequence[tuple[str, ...]]
    spans: Sequence[Span]
    is_whole: bool

    @property
    def may_be_joined(self) -> bool:
        """Whether the words are few enough to join their units to longer ones."""
        return len(self.tokens) <= MOST_JOINED

    def read_forms(self, place: int) -> tuple[str, ...]:
        """Return what two neighbours stand for, without the form typed that always fits as well."""
        likeliest, *others = self.bigrams[place]
        typed = " ".join(token.exact for token in self.tokens[place : place + 2])
        return (likeliest, *(form for form in others if form != typed))


def place_alone(nodes: Sequence[WordNode]) -> int | None:
    """Return the place of two neighbouring words that are a query but for function words."""
    if len(nodes) == 2:
        return 0
    forms = [node.likely_forms or (node.tokens[0].exact,) for node in nodes]
    content = [place for place, (form, *_) in enumerate(forms) if form not in FUNCTION_WORDS]
    are_neighbours = len(content) == 2 and content[1] - content[0] == 1
    return content[0] if are_neighbours else None


def pair_up(strengths: Sequence[float]) -> list[Span]:
    """Return spans of one word or two: the pairs whose strengths have the greatest sum."""
    best: list[tuple[float, list[Span]]] = [(0.0, []), (0.0, [(0, 1)])]
    for end, strength in enumerate(strengths, start=2):
        alone = (best[-1][0], [*best[-1][1], (end - 1, end)])
        paired = (best[-2][0] + strength, [*best[-2][1], (end - 2, end)])
        best.append(paired if paired[0] > alone[0] else alone)
    return best[-1][1]


def readings_beside(
    words: PairedWords, candidates: Sequence[Sequence[str]]
) -> Iterator[tuple[int, list[str]]]:
    """Yield the places where two units meet, and what is read there as the units are read.

    In `10 ha tinh` the figure is beside *hà*, no hectares.

    Args:
        words: the words of a run.
        candidates: exact bigrams that each two neighbours may be.
    """
    for (start, middle), (_, end) in pairwise(words.spans):
        if end - start == 2:
            continue
        firsts, lasts = [words.tokens[middle - 1].exact], [words.tokens[middle].exact]
        is_first_read, is_last_read = middle - start == 2, end - middle == 2
        if is_first_read:
            firsts = [form.split(" ")[1] for form in words.read_forms(start)]
        if is_last_read:
            lasts = [form.split(" ")[0] for form in words.read_forms(middle)]
        pairs = [form.split(" ") for form in candidates[middle - 1]]
        fitting = [
            f"{first} {last}"
            for first, last in pairs
            if (not is_first_read or first in firsts) and (not is_last_read or last in lasts)
        ]
        yield middle - 1, fitting or [f"{firsts[0]} {lasts[0]}"]


def _chain(words: PairedWords, span: Span) -> Query:
    """Match the bigrams of a span: nearly the same as its words in a row, and much cheaper."""
    start, end = span
    if end - start == 1:
        return Term(Field.EXACT, words.tokens[start].exact)
    links = [
        Or(tuple(Term(Field.EXACT_PAIRS, form) for form in forms))
        for forms in words.bigrams[start : end - 1]
    ]
    return And(tuple(links))


def cohesion_queries(words: PairedWords, pair: tuple[Span, Span]) -> list[Query]:
    """Return what is counted of two neighbouring units: in a row, both, and each."""
    (start, middle), (_, end) = pair
    parts = [_part(words, span, middle) for span in pair]
    return [_row(words, (start, end)), And(tuple(parts)), *parts]


def _part(words: PairedWords, span: Span, middle: int) -> Query:
    """Match one of two neighbouring units, which meet at a place.

    A bare word stands for what it is beside the other unit: `don` of `don tan cong` is *đòn*, and
    no *đơn*, which is in far more articles.
    """
    start, end = span
    token = words.tokens[start]
    if end - start > 1 or token.exact != token.folded:
        return _chain(words, span)
    readings = [form.split(" ") for form in words.bigrams[middle - 1]]
    own = dict.fromkeys(pair[start - middle + 1] for pair in readings)
    return Or(tuple(Term(Field.EXACT, form) for form in own))


def _row(words: PairedWords, span: Span) -> Query:
    """Match the words of a span in a row.

    Bigrams alone would do so for words that meet nowhere: an article with *ông Park* and with
    *Park Hang Seo* has all bigrams of a name that it never writes.
    """
    folded = tuple(token.folded for token in words.tokens[span[0] : span[1]])
    return And((_chain(words, span), Phrase(Field.FOLDED, folded, 0.0)))
