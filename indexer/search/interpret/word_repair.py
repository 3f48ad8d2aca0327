"""Word repair: the likeliest word of the archive at one edit of one that it does not hold.

What speaks for a word is how likely its slip is, how often it stands beside the neighbours of the
typed one, and how often it occurs at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.search.interpret.compound_splitting import LONGEST_COMPOUND
from indexer.search.interpret.diacritic_restoration import restore_diacritics
from indexer.search.interpret.foreseen_lookups import look_up_neighbours
from indexer.search.interpret.repairs import FAR_MORE, Stretch
from indexer.search.interpret.spelling_edits import (
    LIKELY,
    PLAUSIBLE,
    confused_syllables,
    edits1,
    may_be_meant,
    slip_weight,
)
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.normalization import lower_canonical
from indexer.vietnamese.syllables import is_bare_syllable

_MOST_FORMS = 16
_MOST_CANDIDATES = 8

_CONTEXT = 100
"""Weight of an article with a neighbour against one that just holds the word."""

_CLEARLY = 2
"""Times as likely a word must be as the next one: that the typed one is wrong is sure."""

_BOTH_NEIGHBOURS = 10
"""How much more two neighbours that a word occurs with say than one."""

_FAR_MORE_ALONE = 100
"""The same as FAR_MORE, for a word that has no neighbours to decide: of fewer, or of a slip that is
not likely, the word is only suggested."""


@dataclass(frozen=True, slots=True)
class WordEdit:
    """A word of the archive near a typed one, and the number of articles that hold it.

    Attributes:
        text: an exact form; empty if there is no such word.
        documents: articles with its folded form.
        weight: how likely the slip is.
        is_clear: no other word is nearly as likely.
    """

    text: str = ""
    documents: int = 0
    weight: float = 0.0
    is_clear: bool = True


class WordRepairer:
    """Finds the word meant at one place of a query by the statistics of one index."""

    def __init__(self, statistics: TermStatistics) -> None:
        self._statistics = statistics

    def find_edit(self, stretches: Sequence[Stretch], position: int, frequency: int) -> WordEdit:
        """Return the likeliest word at one edit of the word at a position."""
        typed = stretches[position].tokens[0].folded
        known = self._known_words(stretches, position, frequency)
        if not known:
            return WordEdit()
        bigrams = dict(
            zip(known, self._bigram_counts(stretches, position, list(known)), strict=True)
        )
        if not self._may_be_slip(stretches, position, frequency, bigrams):
            return WordEdit()
        scores = {
            word: (bigrams[word] * _CONTEXT + count) * slip_weight(typed, word)
            for word, count in known.items()
            if self._has_evidence(stretches, typed, word, (bigrams[word], count, frequency))
        }
        ranked = sorted((word for word in scores if scores[word]), key=lambda word: -scores[word])
        self._look_up_in_context(stretches, position, ranked[:_MOST_CANDIDATES])
        forms = self._forms_in_context(stretches, position, ranked[:_MOST_CANDIDATES])
        if forms:
            best, folded = forms[0][1:]
            is_clear = _is_clear([form[0] for form in forms])
            return WordEdit(best, known[folded], slip_weight(typed, folded), is_clear)
        for place, word in enumerate(ranked[:_MOST_CANDIDATES]):
            form = self._form(stretches, position, word)
            if form:
                rest = [scores[other] for other in ranked[place:]]
                weight = slip_weight(typed, word)
                is_sure = len(stretches) > 1 or _is_sure_slip(weight, known[word], frequency)
                return WordEdit(form, known[word], weight, is_sure and _is_clear(rest))
        return WordEdit()

    def _known_words(
        self, stretches: Sequence[Stretch], position: int, frequency: int
    ) -> dict[str, int]:
        """Return the words near a folded one that are far commoner, and their counts."""
        typed = stretches[position].tokens[0].folded
        if not 1 < len(typed) <= LONGEST_COMPOUND:
            return {}
        near = list(dict.fromkeys((*edits1(typed), *confused_syllables(typed))))
        near = list(filter(may_be_meant, near))
        # Of an unknown word what stands beside its neighbours is wanted as well.
        bigrams = [] if frequency else _bigrams_of(stretches, position, near)
        pairs = [pair for pair_of_word in bigrams for pair in pair_of_word]
        self._statistics.look_up({Field.FOLDED: near, Field.PAIRS: pairs})
        counts = self._statistics.document_frequencies(Field.FOLDED, near)
        return {
            word: count
            for word, count in zip(near, counts, strict=True)
            if count > FAR_MORE * frequency
            # A word that occurs is no slip for a syllable: Las, vali, Congo.
            and not (frequency and is_bare_syllable(word))
        }

    def _may_be_slip(
        self,
        stretches: Sequence[Stretch],
        position: int,
        frequency: int,
        bigrams: dict[str, int],
    ) -> bool:
        """Tell whether the neighbours of a word that occurs speak for another."""
        if not frequency or len(stretches) == 1:
            return True
        typed = stretches[position].tokens[0].folded
        (typed_bigrams,) = self._bigram_counts(stretches, position, [typed])
        return max(bigrams.values()) > FAR_MORE * typed_bigrams

    def _has_evidence(
        self, stretches: Sequence[Stretch], typed: str, word: str, counts: tuple[int, int, int]
    ) -> bool:
        """Tell whether enough speaks for a word: neighbours, or alone that the slip is likely."""
        bigrams, count, frequency = counts
        if len(stretches) > 1:
            # A syllable that the archive lacks is no slip by itself.
            return bool(bigrams) or not is_bare_syllable(typed)
        if not frequency:
            return not is_bare_syllable(typed)
        return slip_weight(typed, word) >= PLAUSIBLE

    def _bigram_counts(
        self, stretches: Sequence[Stretch], position: int, words: Sequence[str]
    ) -> list[int]:
        """Return how often each word stands beside the neighbours of a position."""
        bigrams = _bigrams_of(stretches, position, words)
        flat = [bigram for pair in bigrams for bigram in pair]
        counts = iter(self._statistics.document_frequencies(Field.PAIRS, flat))
        return [_context([next(counts) for _ in pair]) for pair in bigrams]

    def _look_up_in_context(
        self, stretches: Sequence[Stretch], position: int, words: Sequence[str]
    ) -> None:
        """Look up all that a query with one of some words in place of the typed one depends on."""
        before, after = (
            [token.folded for token in each] for each in neighbours(stretches, position)
        )
        look_up_neighbours(self._statistics, [[*before, word, *after] for word in words])

    def _forms_in_context(
        self, stretches: Sequence[Stretch], position: int, words: Sequence[str]
    ) -> list[tuple[float, str, str]]:
        """Return the forms of some words that stand beside the neighbours as typed, best first.

        They have the diacritics that were typed. None if the query has none, or none stands so.

        Returns:
            (score, exact form, folded form) of each.
        """
        tokens = [token for stretch in stretches for token in stretch.tokens]
        if all(token.exact == token.folded for token in tokens):
            return []
        typed = stretches[position].tokens[0]
        letters = _diacritic_letters(stretches[position].text)
        before, after = neighbours(stretches, position)
        forms = [
            (word, form, _beside(before, form.text, after))
            for word in words
            for form in self._statistics.exact_forms(word)[:_MOST_FORMS]
            if letters <= set(form.text)
        ]
        scored: list[tuple[float, str, str]] = []
        for word, form, pairs in forms:
            count = _context(self._statistics.document_frequencies(Field.EXACT_PAIRS, pairs))
            if count:
                score = (count * _CONTEXT + form.documents) * slip_weight(typed.folded, word)
                scored.append((score, form.text, word))
        return sorted(scored, reverse=True)

    def _form(self, stretches: Sequence[Stretch], position: int, folded: str) -> str:
        """Return the exact form of a corrected word: with the diacritics typed, or by context."""
        letters = _diacritic_letters(stretches[position].text)
        if letters:
            forms = [form.text for form in self._statistics.exact_forms(folded)[:_MOST_FORMS]]
            return next((form for form in forms if letters <= set(form)), "")
        before, after = neighbours(stretches, position)
        words = [token.folded for token in before]
        restored = restore_diacritics(
            self._statistics, [*words, folded, *(token.folded for token in after)]
        )[0]
        return restored[len(words)]


def _bigrams_of(
    stretches: Sequence[Stretch], position: int, words: Sequence[str]
) -> list[list[str]]:
    """Return the folded bigrams of each of some words and the neighbours of a position."""
    before, after = neighbours(stretches, position)
    return [
        [f"{token.folded} {word}" for token in before]
        + [f"{word} {token.folded}" for token in after]
        for word in words
    ]


def neighbours(
    stretches: Sequence[Stretch], position: int
) -> tuple[Sequence[Token], Sequence[Token]]:
    """Return the token before a position and that after it, if there are any."""
    before = stretches[position - 1].tokens[-1:] if position else ()
    after = stretches[position + 1].tokens[:1] if position + 1 < len(stretches) else ()
    return before, after


def _beside(before: Sequence[Token], form: str, after: Sequence[Token]) -> list[str]:
    """Return the exact bigrams of a form and its neighbours."""
    return [f"{token.exact} {form}" for token in before] + [
        f"{form} {token.exact}" for token in after
    ]


def _context(counts: Sequence[int]) -> int:
    """Return how much neighbours speak for a word: two together more than each by itself."""
    return sum(counts) * (_BOTH_NEIGHBOURS if len(counts) > 1 and all(counts) else 1)


def _is_clear(scores: Sequence[float]) -> bool:
    """Tell whether the first score is well above the second."""
    return len(scores) < 2 or scores[0] >= _CLEARLY * scores[1]


def _is_sure_slip(weight: float, documents: int, frequency: int) -> bool:
    """Tell whether a word without neighbours is misspelt: that it occurs speaks for it."""
    return not frequency or (weight == LIKELY and documents > _FAR_MORE_ALONE * frequency)


def _diacritic_letters(typed: str) -> set[str]:
    return {letter for letter in lower_canonical(typed) if not letter.isascii()}
