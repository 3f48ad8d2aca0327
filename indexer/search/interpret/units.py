"""Units of a query: neighbouring words that the archive writes side by side far more than chance.

`ngân hàng nhà nước` is one unit, `cá chết miền trung` is two: no list of words is asked, only the
archive's own counts. Two words are a unit if their bigram is in many more articles than words
that are spread by chance would give (a likelihood ratio, as in Manning and Schütze, Foundations
of Statistical Natural Language Processing, 1999, ch. 5.3); units are joined to longer ones where
most articles that hold both have them in a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.search.interpret.bigram_lifts import (
    LEAST_COHESION,
    LEAST_LIFT,
    LEAST_LIFT_ALONE,
    WORDS_AN_ARTICLE,
    BigramLifts,
    look_up_bigrams,
)
from indexer.search.interpret.bigram_repair import RARE
from indexer.search.interpret.bound_numbers import (
    BoundNumber,
    FiguredWords,
    WordsAcross,
    bind_numbers,
    is_number,
    named_numbers,
)
from indexer.search.interpret.capitalized_names import with_names
from indexer.search.interpret.fitting_forms import agreeing_forms, fitting_forms
from indexer.search.interpret.paired_words import (
    PairedWords,
    Span,
    cohesion_queries,
    pair_leftovers,
    pair_up,
    place_alone,
    read_words,
    readings_behind,
    readings_beside,
    without_chance,
    without_edges,
)
from indexer.search.query.syntax import AcronymNode, UnitNode, WordNode
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.name_words import FORMS_OF_ADDRESS
from indexer.vietnamese.syllables import is_bare_syllable

LEAST_LIFT_OF_PERSON = 0.5
"""The same of a form of address and a given name that are the query: `ông Nhân` is no *bệnh nhân*.
"""

SYLLABLE_LIFT = 40.0
"""Times that a word of one syllable has to be beside a unit as by chance, to be joined to it."""

MOST_READINGS = 5
"""Forms of a bigram that are compared by how far they are from chance, the commonest ones."""

MOST_ROUNDS = 3
"""Rounds of joining units, each of which counts once for all neighbours."""

_Part = WordNode | AcronymNode | UnitNode


class UnitParser:
    """Parts the words of queries into units by the statistics of one index.

    Attributes:
        bigrams: how much two words belong together.
    """

    def __init__(self, statistics: TermStatistics, *, is_repaired: bool = False) -> None:
        """Keep the statistics; of a repaired query, what it counts can wait for what is looked up.

        Args:
            statistics: those of the index.
            is_repaired: whether the words are those of a repair.
        """
        self._statistics, self._is_repaired = statistics, is_repaired
        self.bigrams = BigramLifts(statistics)

    def parse(self, nodes: Sequence[WordNode | AcronymNode]) -> list[_Part]:
        """Return neighbouring words with those that are a unit in a node of their own."""
        runs = list(_runs(nodes))
        paired = {
            place: self._pair_words(run, is_alone=len(runs) == 1)
            for place, run in enumerate(runs)
            if isinstance(run, list)
        }
        self._look_up_rows([words for words in paired.values() if words.may_be_joined])
        parted: list[_Part] = []
        for place, run in enumerate(runs):
            if isinstance(run, list):
                parted += self._unite(run, paired[place])
            else:
                parted.append(run)
        return parted

    def is_unit(self, first: WordNode, second: WordNode) -> bool:
        """Tell whether two words are one unit in any query."""
        if len(first.tokens) != 1 or len(second.tokens) != 1 or not second.is_plain:
            return False
        forms = agreeing_forms(self._statistics, (*first.tokens, *second.tokens))[:MOST_READINGS]
        look_up_bigrams(self._statistics, forms)
        return any(self.bigrams.lift(form) >= LEAST_LIFT for form in forms)

    def _pair_words(self, nodes: Sequence[WordNode], *, is_alone: bool) -> PairedWords:
        """Return the words of a run, which may be all of a query, paired where they are units."""
        tokens = [node.tokens[0] for node in nodes]
        pairs = list(pairwise(tokens))
        agreeing = [agreeing_forms(self._statistics, pair) for pair in pairs]
        candidates = [_candidates(agreeing, place) for place in range(len(pairs))]
        typed = [f"{first.exact} {second.exact}" for first, second in pairs]
        read = read_words(nodes)
        looked_up = [*chain.from_iterable(candidates), *typed, *map(" ".join, pairwise(read))]
        look_up_bigrams(self._statistics, looked_up)
        bigrams = [
            self._readings(pair, forms[:MOST_READINGS])
            for pair, forms in zip(pairs, agreeing, strict=True)
        ]
        lifts = [max(map(self.bigrams.lift, forms)) for forms in bigrams]
        alone = place_alone(nodes) if is_alone else None
        is_whole = is_alone and len(nodes) == 2
        # Who types two words means them side by side, even where every other article has both.
        strengths = [
            max(map(self.bigrams.strength, forms))
            if lift >= (0.0 if is_whole else _least_lift(pair, place == alone))
            else 0.0
            for place, (lift, forms, pair) in enumerate(zip(lifts, bigrams, pairs, strict=True))
        ]
        strengths = without_chance(strengths, tokens, read)
        weak = without_chance(self.bigrams.weak_strengths(read), tokens, read)
        spans = pair_leftovers(pair_up(strengths), weak)
        words = PairedWords(tokens, bigrams, spans, read, is_whole)
        beside = dict(readings_beside(words, candidates))
        readings = [
            self._best(pairs[place], beside[place]) if place in beside else forms
            for place, forms in enumerate(bigrams)
        ]
        words = replace(words, bigrams=readings)
        return words if is_whole else replace(words, bigrams=self._read_beside(words, candidates))

    def _read_beside(
        self, words: PairedWords, candidates: Sequence[Sequence[str]]
    ) -> list[tuple[str, ...]]:
        """Return what neighbours stand for, with what the unit before a bare one makes of it.

        By itself `tham my` is rather *thẩm mỹ*, behind `thu tuong` it is *thăm Mỹ* as well.
        """
        readings = list(words.bigrams)
        for place, form in readings_behind(words, candidates):
            if self.bigrams.weigh(form):
                readings[place] = tuple(dict.fromkeys((form, *readings[place])))
        return readings

    def _best(self, pair: Sequence[Token], forms: Sequence[str]) -> tuple[str, ...]:
        """Return those of some forms of two words that do not meet by chance; all if all do."""
        weights = {form: self.bigrams.weigh(form) for form in forms}
        if not any(weights.values()):
            return tuple(forms)
        return fitting_forms(self._statistics, pair, weights)

    def _unite(self, nodes: Sequence[WordNode], words: PairedWords) -> Iterator[_Part]:
        """Yield the words of a run, those of a unit in a node of their own."""
        spans = self._join(words) if words.may_be_joined else words.spans
        spans = [part for span in spans for part in without_edges(span, words.spans, words.read)]
        spans = with_names(nodes, spans)
        bound = {unit.span[0]: unit for unit in self._bind(nodes, words, spans)}
        last = 0
        for start, end in spans:
            if start < last:
                continue
            if start in bound:
                last = bound[start].span[1]
                yield bound[start].node(nodes, words.bigrams[start])
            elif end - start == 1:
                yield nodes[start]
            else:
                forms = words.bigrams[start] if end - start == 2 else ()
                yield UnitNode(tuple(nodes[start:end]), forms)

    def _bind(
        self, nodes: Sequence[WordNode], words: PairedWords, spans: Sequence[Span]
    ) -> list[BoundNumber]:
        """Return the units of figures that the archive writes beside one of their neighbours."""
        tokens = words.tokens
        if not any(map(is_number, tokens)):
            return []
        around = {place: (tokens[place - 1], tokens[place + 1]) for place in named_numbers(nodes)}
        forms = {
            place: agreeing_forms(self._statistics, pair)[:MOST_READINGS]
            for place, pair in around.items()
        }
        look_up_bigrams(self._statistics, chain(*words.bigrams, *forms.values()))
        lifts = [max(map(self.bigrams.lift_of, bigrams)) for bigrams in words.bigrams]
        across = {
            place: WordsAcross(
                self._readings(pair, forms[place]),
                max(map(self.bigrams.lift_of, forms[place]), default=0.0),
            )
            for place, pair in around.items()
        }
        return bind_numbers(
            self._statistics, FiguredWords(tokens, spans, lifts, across, words.is_whole)
        )

    def _readings(self, pair: Sequence[Token], candidates: Sequence[str]) -> tuple[str, ...]:
        """Return the forms that two words stand for, without those that meet by chance.

        `dong dat` is `động đất`, though `đồng đạt` is in as many articles.
        """
        weights = {form: self.bigrams.weigh(form) for form in candidates}
        return fitting_forms(self._statistics, pair, weights if any(weights.values()) else None)

    def _join(self, words: PairedWords) -> list[Span]:
        """Join neighbouring units that mostly stand in a row, the most cohesive ones first."""
        spans = list(words.spans)
        for _ in range(MOST_ROUNDS):
            pairs = [
                (left, right)
                for left, right in pairwise(spans)
                if right[1] - left[0] > 2
                and not (words.stands_apart(left) or words.stands_apart(right))
                and any(map(self.bigrams.lift, words.bigrams[right[0] - 1]))
            ]
            cohesion = self._cohesion(words, pairs)
            if max(cohesion, default=0.0) < LEAST_COHESION:
                break
            left, right = pairs[cohesion.index(max(cohesion))]
            place = spans.index(left)
            spans = [*spans[:place], (left[0], right[1]), *spans[place + 2 :]]
        return spans

    def _look_up_rows(self, runs: Sequence[PairedWords]) -> None:
        """Look up at once what joining the units of all runs may ask in several rounds."""
        if not self._statistics.is_remote:
            return
        queries = [
            query
            for words in runs
            for pair in self._joinable(words)
            for query in cohesion_queries(words, pair)
        ]
        # Where a repair will be looked for, these can wait for what it asks.
        at_once = not self._is_repaired and all(map(self._are_undoubted, runs))
        self._statistics.look_up({}, counts=queries, at_once=at_once)

    def _joinable(self, words: PairedWords) -> Iterator[tuple[Span, Span]]:
        """Yield all neighbouring stretches of units that joining may come by in its rounds."""
        spans = words.spans
        ties = [
            any(map(self.bigrams.lift, words.bigrams[right[0] - 1])) for _, right in pairwise(spans)
        ]
        for start in range(len(spans)):
            for end in range(start + 2, min(start + MOST_ROUNDS + 1, len(spans)) + 1):
                for middle in range(start + 1, end) if all(ties[start : end - 1]) else ():
                    left = (spans[start][0], spans[middle - 1][1])
                    yield left, (spans[middle][0], spans[end - 1][1])

    def _are_undoubted(self, words: PairedWords) -> bool:
        """Tell whether no repair is looked for: of syllables that often stand side by side.

        Two words by themselves are always compared with others.
        """
        if words.is_whole or not all(is_bare_syllable(token.folded) for token in words.tokens):
            return False
        pairs = [agreeing_forms(self._statistics, pair) for pair in pairwise(words.tokens)]
        counts = [self._statistics.document_frequencies(Field.EXACT_PAIRS, pair) for pair in pairs]
        return all(sum(count) * RARE > self._statistics.documents for count in counts)

    def _cohesion(self, words: PairedWords, pairs: Sequence[tuple[Span, Span]]) -> list[float]:
        """Return for pairs of neighbouring units how much they belong together.

        That is the share of the articles with both that have them in a row. A word of one
        syllable is in too many articles for that: there it is enough to be far from chance.
        """
        queries = [query for pair in pairs for query in cohesion_queries(words, pair)]
        counts = self._statistics.count(queries)
        cohesion: list[float] = []
        for place, (left, right) in enumerate(pairs):
            in_a_row, both, *parts_counts = counts[4 * place : 4 * place + 4]
            share = in_a_row / max(1, both)
            if 1 in (left[1] - left[0], right[1] - right[0]):
                lift = (
                    self.bigrams.rate(in_a_row)
                    * WORDS_AN_ARTICLE
                    / self.bigrams.expected(parts_counts)
                )
                share = max(share, min(1.0, LEAST_COHESION * lift / SYLLABLE_LIFT))
            cohesion.append(share)
        return cohesion


def _candidates(agreeing: Sequence[Sequence[str]], place: int) -> list[str]:
    """Return the exact bigrams that two words may be, at a place among neighbouring pairs.

    They are the commonest ones and those that go on with what the words beside them may be: of
    `ha noi nang` not only *nói năng*, but *nội nắng* as well.
    """
    forms = agreeing[place]
    first = {form.split(" ")[1] for form in agreeing[place - 1][:MOST_READINGS]} if place else ()
    after = agreeing[place + 1][:MOST_READINGS] if place + 1 < len(agreeing) else ()
    last = {form.split(" ")[0] for form in after}
    rarer = [form.split(" ") for form in forms[MOST_READINGS:]]
    beside = [" ".join(pair) for pair in rarer if pair[0] in first or pair[1] in last]
    return [*forms[:MOST_READINGS], *beside[:MOST_READINGS]]


def _least_lift(pair: Sequence[Token], is_alone: bool) -> float:
    """Return how far from chance two words have to be that are a unit, or a query by themselves."""
    if is_alone and pair[0].exact in FORMS_OF_ADDRESS:
        return LEAST_LIFT_OF_PERSON
    return LEAST_LIFT_ALONE if is_alone else LEAST_LIFT


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
