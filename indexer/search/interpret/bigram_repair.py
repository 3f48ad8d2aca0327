"""Bigram repair: two neighbours that never occur together, and the two that are meant by them."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.engine.records import TermCount
from indexer.search.interpret.repairs import CLEARLY, FAR_MORE, RepairKind, Stretch
from indexer.search.interpret.spelling_edits import (
    LIKELY,
    PLAUSIBLE,
    bigrams_near,
    confused_syllables,
    is_one_edit,
    slip_weight,
    words_near,
)
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.confused_words import CONFUSED_WORDS
from indexer.vietnamese.syllables import (
    diacritics_agree,
    folded_form,
    is_bare_syllable,
    may_be_read,
)

RARE = 5000
"""A bigram found in at least one of this many articles is taken to be correct."""

TIED = 0.05
"""The share of its rarer word's articles in which a suggested bigram must occur: a word that often
has that neighbour was meant to have it."""

TIED_ALONE = 0.02
"""The same share where a query has only these two words."""

MORE_ALONE = 10
"""Times as frequent as a query of two words a bigram must be to be suggested: `chuẩn đoán`."""

FAR_MORE_OF_COMMON = 200
"""The same of two words that are taken to be correct: `chia sẻ` is written 460 times as often as
`chia sẽ`, which no neighbour explains."""

CERTAIN = 2000
"""A bigram in one of this many articles is not compared with others in a longer query."""

MORE_THAN_CONFUSED = 10
"""Times as frequent as a confusion that dictionaries know its meaning must be to be searched."""

_MOST_BIGRAMS = 8


class BigramRepairer:
    """Repairs pairs of neighbouring words by the statistics of one index."""

    def __init__(self, statistics: TermStatistics) -> None:
        self._statistics = statistics

    def look_up(self, stretches: Sequence[Stretch]) -> None:
        """Look up all bare pairs at once; the statistics remember them."""
        tokens = [token for stretch in stretches for token in stretch.tokens]
        pairs = [
            f"{first.exact} {second.exact}"
            for first, second in itertools.pairwise(tokens)
            if _field_of(first, second) is Field.PAIRS
        ]
        self._statistics.document_frequencies(Field.PAIRS, pairs)

    def repair(self, stretches: Sequence[Stretch], position: int) -> tuple[tuple[str, ...], bool]:
        """Return the two words meant at a position and the next; none if nothing is wrong.

        A word that was repaired already is not changed once more.

        Returns:
            The words, and whether no other two are nearly as likely.
        """
        both = stretches[position : position + 2]
        pair = [token for stretch in both for token in stretch.tokens]
        if len(pair) != 2 or not all(stretch.text.isalpha() for stretch in both):
            return (), True
        first, second = pair
        forms, is_clear = self._known_bigram(first, second, is_alone=len(stretches) == 2)
        if not forms:
            forms, is_clear = self._confused_words(first, second)
        if not forms or self._is_bound(stretches, position, forms):
            return (), True
        changed = [
            token.folded != folded_form(form) for token, form in zip(pair, forms, strict=True)
        ]
        if any(stretch.kind and change for stretch, change in zip(both, changed, strict=True)):
            return (), True
        is_clear &= self._is_beside_others(stretches, position, forms)
        if all(token.exact == token.folded for token in pair):
            known = self._statistics.exact_forms(" ".join(forms))
            forms = tuple(known[0].text.split(" ")) if known else forms
        return forms, is_clear

    def _is_bound(self, stretches: Sequence[Stretch], position: int, forms: Sequence[str]) -> bool:
        """Tell whether a word that would change is the usual one beside its other neighbour."""
        bigrams = []
        if position and forms[0] != stretches[position].tokens[0].exact:
            before = stretches[position - 1].tokens[-1:]
            bigrams += [f"{token.exact} {stretches[position].tokens[0].exact}" for token in before]
        if position + 2 < len(stretches) and forms[1] != stretches[position + 1].tokens[0].exact:
            after = stretches[position + 2].tokens[:1]
            typed = stretches[position + 1].tokens[0].exact
            bigrams += [f"{typed} {token.exact}" for token in after]
        bare = [bigram for bigram in bigrams if bigram.isascii()]
        return any(
            self._statistics.document_frequencies(Field.EXACT_PAIRS, bigrams)
            + self._statistics.document_frequencies(Field.PAIRS, bare)
        )

    def _is_beside_others(
        self, stretches: Sequence[Stretch], position: int, forms: Sequence[str]
    ) -> bool:
        """Tell whether a word that would change occurs beside its other neighbour as well."""
        folded = list(map(folded_form, forms))
        first, second = stretches[position : position + 2]
        bigrams: list[str] = []
        if position and forms[0] != first.tokens[0].exact:
            before = stretches[position - 1].tokens[-1:]
            bigrams += [f"{token.folded} {folded[0]}" for token in before]
        if position + 2 < len(stretches) and forms[1] != second.tokens[0].exact:
            after = stretches[position + 2].tokens[:1]
            bigrams += [f"{folded[1]} {token.folded}" for token in after]
        return all(self._statistics.document_frequencies(Field.PAIRS, bigrams))

    def _known_bigram(
        self, first: Token, second: Token, is_alone: bool
    ) -> tuple[tuple[str, ...], bool]:
        """Return the likeliest bigram at one edit of two words that hardly ever occur together."""
        typed = (first.exact, second.exact)
        bare = _field_of(first, second) is Field.PAIRS
        frequency = self._frequency(first, second)
        is_common = frequency * RARE > self._statistics.documents
        if is_common and not is_alone and frequency * CERTAIN > self._statistics.documents:
            return (), True
        more, tied = (MORE_ALONE, TIED_ALONE) if is_alone else (FAR_MORE, TIED)
        clearly_more = FAR_MORE_OF_COMMON if is_common else FAR_MORE
        more = more if is_alone else clearly_more
        # What is often written is doubted only for what sounds alike: `cá chết` is no *cái chết*.
        least = LIKELY if is_common else 0.0
        scored = sorted(
            (form.documents * _slip_weight(typed, form.text.split(" ")), form.text, form.documents)
            for count, folded in self._near_bigrams(first, second, bare)
            for form in (
                [TermCount(folded, count)] if bare else self._statistics.exact_forms(folded)
            )
            if form.documents > more * frequency
            and _slip_weight(typed, form.text.split(" ")) >= least
            and self._is_meant(form, typed, frequency, tied)
        )
        if not scored:
            return (), True
        score, best, documents = scored[-1]
        is_clear = len(scored) < 2 or score >= CLEARLY * scored[-2][0]
        is_clear &= documents > clearly_more * frequency
        return tuple(best.split(" ")), is_clear

    def _near_bigrams(self, first: Token, second: Token, bare: bool) -> list[tuple[int, str]]:
        """Return the commonest folded bigrams at one edit, with their document frequencies."""
        # Of a thousand edits an archive holds some twenty words, and no other is in a pair.
        near = self._statistics.known_edits((first.folded, second.folded), words_near)
        edits = bigrams_near(first.folded, second.folded, near)
        # Bare pairs are compared with their rarer words, which are no more than the edits.
        words = itertools.chain.from_iterable(near) if bare else ()
        self._statistics.look_up({Field.PAIRS: edits, Field.FOLDED: words})
        counts = self._statistics.document_frequencies(Field.PAIRS, edits)
        commonest = [
            pair
            for pair in heapq.nlargest(_MOST_BIGRAMS, zip(counts, edits, strict=True))
            if pair[0]
        ]
        self._look_up_forms([folded for _, folded in commonest], bare)
        return commonest

    def _confused_words(self, first: Token, second: Token) -> tuple[tuple[str, ...], bool]:
        """Return what is often confused with two words, if the archive writes it more often."""
        meant = CONFUSED_WORDS.get(f"{first.exact} {second.exact}", "")
        if not meant:
            return (), False
        forms = self._statistics.exact_forms(" ".join(map(folded_form, meant.split(" "))))
        documents = sum(form.documents for form in forms if form.text == meant)
        frequency = self._frequency(first, second)
        if documents <= frequency:
            return (), False
        return tuple(meant.split(" ")), documents > MORE_THAN_CONFUSED * frequency

    def _look_up_forms(self, bigrams: Sequence[str], bare: bool) -> None:
        """Look up the words of folded bigrams, or their exact forms and those of the words."""
        words = [word for bigram in bigrams for word in bigram.split(" ")]
        if bare:
            self._statistics.look_up({Field.FOLDED: words})
        else:
            self._statistics.look_up({}, forms=[*bigrams, *words])

    def _frequency(self, first: Token, second: Token) -> int:
        """Return how many articles have two words in a row, with the diacritics that were typed."""
        folded = f"{first.folded} {second.folded}"
        if _field_of(first, second) is Field.PAIRS:
            return self._statistics.document_frequency(Field.PAIRS, folded)
        typed = f"{first.exact} {second.exact}"
        forms = self._statistics.exact_forms(folded)
        return sum(form.documents for form in forms if diacritics_agree(typed, form.text))

    def _is_meant(
        self, bigram: TermCount, typed: tuple[str, str], frequency: int, tied: float
    ) -> bool:
        """Tell whether a bigram is one edit from the typed one, and typical of its rarer word."""
        words = bigram.text.split(" ")
        pairs = list(zip(typed, words, strict=True))
        changed = [
            (old, new)
            for old, new in pairs
            if old != new and not (old.isascii() and folded_form(new) == old)
        ]
        if len(changed) != 1:
            return False
        # Diacritics that were typed are never taken away.
        if any(new.isascii() and not old.isascii() for old, new in pairs):
            return False
        if frequency and _slip_weight(typed, words) < PLAUSIBLE:
            # What occurs may be a rare name.
            return False
        field = Field.FOLDED if all(word.isascii() for word in (*typed, *words)) else Field.EXACT
        rarer = min(self._statistics.document_frequencies(field, words))
        old, new = changed[0]
        known, other = self._statistics.document_frequencies(field, (old, new))
        if known >= other and not is_bare_syllable(folded_form(old)):
            # A foreign word that is the commoner one is right: `with and` is no *witch and*.
            return False
        if known and not may_be_read(folded_form(old)):
            # Nor is a short form a slip of another: `sđt công an` is no *CSĐT công an*.
            return False
        is_near = is_one_edit(new, old) or folded_form(new) in confused_syllables(folded_form(old))
        return bigram.documents >= tied * rarer and is_near


def _is_repaired(stretch: Stretch) -> bool:
    """Tell whether a word was changed already; keystrokes are what was typed."""
    return stretch.kind not in (None, RepairKind.KEYSTROKES)


def _slip_weight(typed: Sequence[str], words: Sequence[str]) -> float:
    """Return the likelihood of the slip that made the typed words of others."""
    return min(slip_weight(old, new) for old, new in zip(typed, words, strict=True))


def _field_of(first: Token, second: Token) -> Field:
    """Return the field of a typed pair: without diacritics it stands for all its forms."""
    is_bare = all(token.exact == token.folded for token in (first, second))
    return Field.PAIRS if is_bare else Field.EXACT_PAIRS
