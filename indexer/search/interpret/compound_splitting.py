"""Compound splitting: syllables that were typed without blanks between them (`nhandan`)."""

from __future__ import annotations

import math

from indexer.analysis.fields import Field
from indexer.search.interpret.diacritic_restoration import restore_diacritics
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.syllables import is_bare_syllable

LONGEST_COMPOUND = 30
"""Letters of the longest word that is split into syllables."""

_LONGEST_SYLLABLE = 7

_Split = tuple[float, int, tuple[str, ...]]
"""A way to split a word: log probability, frequency of its rarest bigram, syllables."""


def split_compound(statistics: TermStatistics, folded: str) -> tuple[str, int]:
    """Split glued syllables; return their likeliest forms, and the rarest bigram's frequency.

    The likeliest split, as by Viterbi, of those whose bigrams all occur in the archive.
    """
    if len(folded) > LONGEST_COMPOUND:
        return "", 0
    # The best split of each (end, last syllable).
    best: dict[tuple[int, str], _Split] = {}
    for end in range(1, len(folded) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            syllable = folded[start:end]
            if is_bare_syllable(syllable):
                split = _best_split(statistics, best, start, syllable)
                if split is not None:
                    best[end, syllable] = split
    splits = [split for (end, _), split in best.items() if end == len(folded)]
    _, frequency, syllables = max(splits, default=(0.0, 0, ()))
    if len(syllables) < 2:
        return "", 0
    return " ".join(restore_diacritics(statistics, syllables)[0]), frequency


def _best_split(
    statistics: TermStatistics, best: dict[tuple[int, str], _Split], start: int, syllable: str
) -> _Split | None:
    """Return the likeliest split that ends in a syllable from `start`."""
    if not start:
        return (0.0, 1 << 62, (syllable,))
    shorter = [(last, split) for (end, last), split in best.items() if end == start]
    bigrams = statistics.document_frequencies(
        Field.PAIRS, [f"{last} {syllable}" for last, _ in shorter]
    )
    words = statistics.document_frequencies(Field.FOLDED, [last for last, _ in shorter])
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
