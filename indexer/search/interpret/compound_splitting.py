"""Compound splitting: syllables that were typed without blanks between them (`nhandan`)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.search.interpret.bigram_lifts import look_up_bigrams
from indexer.search.interpret.diacritic_restoration import restore_diacritics
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.syllables import folded_form, is_bare_syllable

LONGEST_COMPOUND = 30
"""Letters of the longest word that is split into syllables."""

_LONGEST_SYLLABLE = 7
_MOST_FORMS = 3
_SHORTEST_WORD = 3
"""Letters of the shortest word that another is glued to, if they are no syllables."""

_Split = tuple[float, int, tuple[str, ...]]
"""A way to split a word: log probability, frequency of its rarest bigram, syllables."""


@dataclass(frozen=True, slots=True)
class CompoundSplit:
    """The words of a glued one.

    Attributes:
        text: their likeliest forms; empty if there is no split.
        documents: articles with the rarest two neighbours of them.
        lift: times that those two meet as by chance, at least.
    """

    text: str = ""
    documents: int = 0
    lift: float = 0.0


def split_compound(
    statistics: TermStatistics, compound: Token, lift: Callable[[str], float]
) -> CompoundSplit:
    """Split glued words.

    Of syllables it is the likeliest split, as by Viterbi, of those whose bigrams all occur in the
    archive; of other words (`taylorswift`) the two that are neighbours most often. Diacritics that
    were typed are kept.
    """
    if len(compound.folded) > LONGEST_COMPOUND:
        return CompoundSplit()
    is_bare = compound.exact == compound.folded
    split = None if is_bare else _split_syllables(statistics, compound.exact, Field.EXACT_PAIRS)
    split = split or _split_syllables(statistics, compound.folded, Field.PAIRS)
    words, documents = split or _split_words(statistics, compound.folded)
    if not words:
        return CompoundSplit()
    if is_bare:
        return CompoundSplit(
            " ".join(_usual_forms(statistics, words)),
            documents,
            _least_lift(statistics, words, lift),
        )
    ends = list(itertools.accumulate(map(len, words)))
    words = tuple(compound.exact[start:end] for start, end in itertools.pairwise((0, *ends)))
    least = min(map(lift, map(" ".join, itertools.pairwise(words))))
    return CompoundSplit(" ".join(words), documents, least)


def _usual_forms(statistics: TermStatistics, words: Sequence[str]) -> Sequence[str]:
    """Return the likeliest forms of bare words; of two those that are neighbours most often."""
    forms = statistics.exact_forms(" ".join(words)) if len(words) == 2 else []
    return forms[0].text.split(" ") if forms else restore_diacritics(statistics, words)[0]


def _least_lift(
    statistics: TermStatistics, words: Sequence[str], lift: Callable[[str], float]
) -> float:
    """Return the least lift of bare neighbours, each in the form that has most."""
    pairs = list(map(" ".join, itertools.pairwise(words)))
    statistics.look_up({}, forms=pairs)
    forms = [[form.text for form in statistics.exact_forms(pair)[:_MOST_FORMS]] for pair in pairs]
    look_up_bigrams(statistics, itertools.chain.from_iterable(forms))
    return min(max(map(lift, texts), default=0.0) for texts in forms)


def _split_words(statistics: TermStatistics, folded: str) -> tuple[tuple[str, ...], int]:
    """Return the two words of a glued one that are neighbours most often; none if none are."""
    pairs = _halves(folded)
    counts = statistics.document_frequencies(Field.PAIRS, list(map(" ".join, pairs)))
    count, pair = max(zip(counts, pairs, strict=True), default=(0, ()))
    return (pair, count) if count else ((), 0)


def _halves(folded: str) -> list[tuple[str, str]]:
    """Return the ways to split a word into two that are no letters alone."""
    places = range(_SHORTEST_WORD, len(folded) - _SHORTEST_WORD + 1)
    return [(folded[:place], folded[place:]) for place in places]


def _split_syllables(
    statistics: TermStatistics, letters: str, field: Field
) -> tuple[tuple[str, ...], int] | None:
    """Return the likeliest syllables of some letters, and the rarest bigram's frequency."""
    _look_up_pairs(statistics, letters, field)
    # The best split of each (end, last syllable).
    best: dict[tuple[int, str], _Split] = {}
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            syllable = letters[start:end]
            if is_bare_syllable(folded_form(syllable)):
                split = _best_split(statistics, best, (start, syllable), field)
                if split is not None:
                    best[end, syllable] = split
    splits = [split for (end, _), split in best.items() if end == len(letters)]
    _, frequency, syllables = max(splits, default=(0.0, 0, ()))
    return (syllables, frequency) if len(syllables) > 1 else None


def _look_up_pairs(statistics: TermStatistics, letters: str, field: Field) -> None:
    """Look up all neighbouring syllables of some letters at once; the statistics remember them."""
    spans = [
        (start, end)
        for start in range(len(letters))
        for end in range(start + 1, min(len(letters), start + _LONGEST_SYLLABLE) + 1)
        if is_bare_syllable(folded_form(letters[start:end]))
    ]
    pairs = [
        f"{letters[start:middle]} {letters[middle:end]}"
        for start, middle in spans
        for second, end in spans
        if second == middle
    ]
    halves = list(map(" ".join, _halves(folded_form(letters))))
    frequencies = {field: pairs, _word_field(field): [letters[a:b] for a, b in spans]}
    statistics.look_up(frequencies | {Field.PAIRS: [*frequencies.get(Field.PAIRS, ()), *halves]})


def _word_field(field: Field) -> Field:
    return Field.FOLDED if field is Field.PAIRS else Field.EXACT


def _best_split(
    statistics: TermStatistics,
    best: dict[tuple[int, str], _Split],
    ending: tuple[int, str],
    field: Field,
) -> _Split | None:
    """Return the likeliest split that ends in a syllable, given as (start, syllable)."""
    start, syllable = ending
    if not start:
        return (0.0, 1 << 62, (syllable,))
    shorter = [(last, split) for (end, last), split in best.items() if end == start]
    bigrams = statistics.document_frequencies(field, [f"{last} {syllable}" for last, _ in shorter])
    words = statistics.document_frequencies(_word_field(field), [last for last, _ in shorter])
    splits = [
        (
            probability + math.log(bigram / max(1, word)),
            min(rarest, bigram),
            (*syllables, syllable),
        )
        for (_, (probability, rarest, syllables)), bigram, word in zip(
            shorter, bigrams, words, strict=True
        )
        if bigram
    ]
    return max(splits, default=None)
