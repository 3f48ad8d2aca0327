"""Units of a query: neighbouring words that the archive writes side by side far more than chance.

`ngân hàng nhà nước` is one unit, `cá chết miền trung` is two: no list of words is asked, only the
archive's own counts. Two words are a unit if their bigram is in many more articles than words
that are spread by chance would give (a likelihood ratio, as in Manning and Schütze, Foundations
of Statistical Natural Language Processing, 1999, ch. 5.3); units are joined to longer ones where
most articles that hold both have them in a row.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.engine.queries import And, Or, Query, Term
from indexer.search.interpret.fitting_forms import agreeing_forms, fitting_forms
from indexer.search.query.syntax import AcronymNode, UnitNode, WordNode
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.syllables import folded_form, is_bare_syllable

WORDS_AN_ARTICLE = 400
"""Words of an average article: how often two words meet in it by chance depends on it.

Only the thresholds below depend on it, so it is no figure of the archive at hand."""

LEAST_LIFT = 12.0
"""Times that a bigram has to be as frequent as by chance, in a longer query.

`bắt cướp` has 17, `giá vàng` 91, `công an` 109; `khi bắt` 8, `hội cần` 4."""

LEAST_LIFT_ALONE = 4.0
"""The same for a query that is two words and nothing else: who types `mới về` means both."""

LEAST_COHESION = 1 / 3
"""The share of the articles with two units in which they stand in a row, to make them one."""

LEAST_ARTICLES = 3
"""Articles that a bigram of two common words has to be in; a rare word's needs a share of its."""

SYLLABLE_LIFT = 40.0
"""Times that a word of one syllable has to be beside a unit as by chance, to be joined to it."""

HIGH_LIFT = 100.0
"""Beyond this a bigram is surely one: that words are rare makes it no likelier to be meant."""

MOST_READINGS = 5
"""Forms of a bigram that are compared by how far they are from chance, the commonest ones."""

MOST_JOINED = 10
"""Words of the longest query whose units are joined to longer ones."""

MOST_ROUNDS = 3
"""Rounds of joining units, each of which counts once for all neighbours."""

Span = tuple[int, int]


class UnitParser:
    """Parts the words of queries into units by the statistics of one index."""

    def __init__(self, statistics: TermStatistics) -> None:
        self._statistics = statistics

    def parse(
        self, nodes: Sequence[WordNode | AcronymNode]
    ) -> list[WordNode | AcronymNode | UnitNode]:
        """Return neighbouring words with those that are a unit in a node of their own."""
        parted: list[WordNode | AcronymNode | UnitNode] = []
        for run in _runs(nodes):
            if isinstance(run, list):
                parted += self._parse_run(run, is_whole=len(nodes) == len(run) == 2)
            else:
                parted.append(run)
        return parted

    def is_unit(self, first: WordNode, second: WordNode) -> bool:
        """Tell whether two words are one unit in any query."""
        if len(first.tokens) != 1 or len(second.tokens) != 1 or not second.is_plain:
            return False
        forms = agreeing_forms(self._statistics, (*first.tokens, *second.tokens))[:MOST_READINGS]
        look_up_bigrams(self._statistics, forms)
        return any(self.lift(form) >= LEAST_LIFT for form in forms)

    def _parse_run(self, nodes: list[WordNode], is_whole: bool) -> Iterator[WordNode | UnitNode]:
        tokens = [node.tokens[0] for node in nodes]
        pairs = list(pairwise(tokens))
        candidates = [agreeing_forms(self._statistics, pair)[:MOST_READINGS] for pair in pairs]
        typed = [f"{first.exact} {second.exact}" for first, second in pairs]
        look_up_bigrams(
            self._statistics, [*(form for forms in candidates for form in forms), *typed]
        )
        bigrams = list(map(self._readings, pairs, candidates))
        lifts = [max(map(self.lift, forms)) for forms in bigrams]
        spans = _pair_up(lifts, LEAST_LIFT_ALONE if is_whole else LEAST_LIFT)
        if len(nodes) <= MOST_JOINED:
            spans = self._join(tokens, bigrams, spans)
        for start, end in spans:
            if end - start == 1:
                yield nodes[start]
            else:
                forms = bigrams[start] if end - start == 2 else ()
                yield UnitNode(tuple(nodes[start:end]), forms)

    def _readings(self, pair: Sequence[Token], candidates: Sequence[str]) -> tuple[str, ...]:
        """Return the forms that two words stand for, without those that meet by chance.

        `dong dat` is `động đất`, though `đồng đạt` is in as many articles.
        """
        # As in a likelihood ratio, articles count by how far they are from chance.
        weights = {
            form: self._statistics.document_frequency(Field.EXACT_PAIRS, form)
            * math.log1p(min(self.lift(form), HIGH_LIFT) / LEAST_LIFT)
            for form in candidates
        }
        return fitting_forms(self._statistics, pair, weights if any(weights.values()) else None)

    def lift(self, bigram: str) -> float:
        """Return how much more often than by chance the words of an exact bigram meet.

        Two foreign names that the archive has in either order are a list of names, not a name.
        """
        statistics = self._statistics
        words = bigram.split(" ")
        orders = [bigram, " ".join(reversed(words))]
        together, reverse = statistics.document_frequencies(Field.EXACT_PAIRS, orders)
        frequencies = statistics.document_frequencies(Field.EXACT, words)
        if not together or (
            together < LEAST_ARTICLES and together < LEAST_COHESION * min(frequencies)
        ):
            return 0.0
        if reverse * 3 > together and not any(is_bare_syllable(folded_form(w)) for w in words):
            return 0.0
        return self._rate(together) * WORDS_AN_ARTICLE / self._expected(frequencies)

    def _rate(self, documents: int) -> float:
        """Return the occurrences an article, of a word that is spread by Poisson's law."""
        total = max(2, self._statistics.documents)
        return -math.log1p(-min(documents, total - 1) / total)

    def _expected(self, frequencies: Sequence[int]) -> float:
        return max(1e-12, math.prod(map(self._rate, frequencies)))

    def _join(
        self, tokens: Sequence[Token], bigrams: Sequence[Sequence[str]], spans: list[Span]
    ) -> list[Span]:
        """Join neighbouring units that mostly stand in a row, the most cohesive ones first."""
        for _ in range(MOST_ROUNDS):
            pairs = [
                (left, right)
                for left, right in pairwise(spans)
                if right[1] - left[0] > 2 and any(map(self.lift, bigrams[right[0] - 1]))
            ]
            cohesion = self._cohesion(tokens, bigrams, pairs)
            if max(cohesion, default=0.0) < LEAST_COHESION:
                break
            left, right = pairs[cohesion.index(max(cohesion))]
            place = spans.index(left)
            spans = [*spans[:place], (left[0], right[1]), *spans[place + 2 :]]
        return spans

    def _cohesion(
        self,
        tokens: Sequence[Token],
        bigrams: Sequence[Sequence[str]],
        pairs: Sequence[tuple[Span, Span]],
    ) -> list[float]:
        """Return for pairs of neighbouring units how much they belong together.

        That is the share of the articles with both that have them in a row. A word of one
        syllable is in too many articles for that: there it is enough to be far from chance.
        """
        queries: list[Query] = []
        for left, right in pairs:
            parts = [_chain(tokens, bigrams, span) for span in (left, right)]
            queries += [_chain(tokens, bigrams, (left[0], right[1])), And(tuple(parts)), *parts]
        counts = self._statistics.count(queries)
        cohesion: list[float] = []
        for place, (left, right) in enumerate(pairs):
            in_a_row, both, *parts_counts = counts[4 * place : 4 * place + 4]
            share = in_a_row / max(1, both)
            if 1 in (left[1] - left[0], right[1] - right[0]):
                lift = self._rate(in_a_row) * WORDS_AN_ARTICLE / self._expected(parts_counts)
                share = max(share, min(1.0, LEAST_COHESION * lift / SYLLABLE_LIFT))
            cohesion.append(share)
        return cohesion


def look_up_bigrams(statistics: TermStatistics, bigrams: Iterable[str]) -> None:
    """Look up what the lifts of exact bigrams depend on, by one call.

    That is the frequencies of the bigrams, in either order, and of their words.
    """
    words = [bigram.split(" ") for bigram in bigrams]
    orders = [" ".join(order) for pair in words for order in (pair, reversed(pair))]
    texts = [word for pair in words for word in pair]
    statistics.look_up({Field.EXACT_PAIRS: orders, Field.EXACT: texts})


def _pair_up(lifts: Sequence[float], least_lift: float) -> list[Span]:
    """Return spans of one word or two: the pairs with the greatest lift are made first."""
    starts: set[int] = set()
    for position in sorted(range(len(lifts)), key=lambda position: -lifts[position]):
        if lifts[position] >= least_lift and not {position - 1, position + 1} & starts:
            starts.add(position)
    return [
        (position, position + 1 + (position in starts))
        for position in range(len(lifts) + 1)
        if position - 1 not in starts
    ]


def _chain(tokens: Sequence[Token], bigrams: Sequence[Sequence[str]], span: Span) -> Query:
    """Match the bigrams of a span: nearly the same as its words in a row, and much cheaper."""
    start, end = span
    if end - start == 1:
        token = tokens[start]
        bare = token.exact == token.folded
        return Term(Field.FOLDED if bare else Field.EXACT, token.exact)
    links = [
        Or(tuple(Term(Field.EXACT_PAIRS, form) for form in forms))
        for forms in bigrams[start : end - 1]
    ]
    return And(tuple(links))


def _runs(
    nodes: Sequence[WordNode | AcronymNode],
) -> Iterator[list[WordNode] | WordNode | AcronymNode]:
    """Yield the runs of words that may be parts of a unit, and the other nodes by themselves."""
    run: list[WordNode] = []
    for node in nodes:
        part = node if isinstance(node, WordNode) and _may_be_part(node) else None
        if run and not (part and _are_neighbours(run[-1], part)):
            yield run
            run = []
        if part:
            run.append(part)
        else:
            yield node
    if run:
        yield run


def _may_be_part(word: WordNode) -> bool:
    return word.is_plain and len(word.tokens) == 1 and not word.tokens[0].extras


def _are_neighbours(first: WordNode, second: WordNode) -> bool:
    """Tell whether only a blank is between two words of a query, no phrase and no bracket."""
    return second.start - first.end == 1
