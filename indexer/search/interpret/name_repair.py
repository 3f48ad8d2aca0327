"""Name repair: a name of the archive that neighbouring words are, but for a slip.

Names are repaired as a whole, not word by word: `jo baiden` is *Joe Biden* and no *bãi đến*, and
`trân đại quang` is *Trần Đại Quang*, though *trân* is a word.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.derived.phrase_keys import LONGEST_PHRASE
from indexer.engine.queries import Phrase
from indexer.search.interpret.bigram_repair import RARE
from indexer.search.interpret.known_names import KnownName, KnownNames
from indexer.search.interpret.repairs import CLEARLY, FAR_MORE, Stretch
from indexer.search.interpret.spelling_edits import slip_weight
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.syllables import folded_form, is_bare_syllable, may_be_read

MORE_FOREIGN = 20
"""Times as frequent as what was typed a name must be that differs in foreign words alone.

A syllable of Vietnamese in its place may be another person: there it is `FAR_MORE`."""

MOST_WORDS = 6
"""Words of the longest query that is compared with names."""

_FEWEST_WITH_SYLLABLE = 3
"""Words of a name of which one may be another syllable: `công an` is no *Đông Anh*."""


@dataclass(frozen=True, slots=True)
class NameRepair:
    """The words of a name in place of those at some places.

    Attributes:
        start: the place of the first word.
        words: as the archive writes them.
        is_clear: no other name is nearly as likely.
    """

    start: int
    words: tuple[str, ...]
    is_clear: bool


class NameRepairer:
    """Finds the names that were meant in a query, by the statistics and names of one index."""

    def __init__(self, statistics: TermStatistics, names: KnownNames | None) -> None:
        self._statistics, self._names = statistics, names

    def find(self, stretches: Sequence[Stretch], known: Set[int]) -> NameRepair | None:
        """Return the longest name that neighbouring words are but for a slip; None for none.

        Args:
            stretches: the words of the query.
            known: where words begin that are no mistakes.
        """
        if self._names is None or len(stretches) > MOST_WORDS:
            return None
        for size in range(min(LONGEST_PHRASE, len(stretches)), 1, -1):
            for start in range(len(stretches) - size + 1):
                window = stretches[start : start + size]
                if all(_may_be_repaired(stretch, known) for stretch in window):
                    tokens = [stretch.tokens[0] for stretch in window]
                    found = self._find_name(self._names, tokens)
                    if found:
                        return NameRepair(start, *found)
        return None

    def is_name(self, tokens: Sequence[Token]) -> bool:
        """Tell whether some words are a name."""
        return self._names is not None and self._names.find(tokens) is not None

    def capitalize(self, stretches: Sequence[Stretch]) -> list[Stretch]:
        """Return stretches with the capitals of the names that repaired words are parts of."""
        capitalized = list(stretches)
        for size in range(min(LONGEST_PHRASE, len(stretches)), 0, -1):
            for start in range(len(stretches) - size + 1):
                window = stretches[start : start + size]
                is_open = capitalized[start : start + size] == window
                if self._names and is_open and any(stretch.kind for stretch in window):
                    tokens = [token for stretch in window for token in stretch.tokens]
                    name = self._names.find(tokens) if len(tokens) == size else None
                    if name:
                        capitalized[start : start + size] = map(_written, window, name.words)
        return capitalized

    def _find_name(
        self, names: KnownNames, tokens: Sequence[Token]
    ) -> tuple[tuple[str, ...], bool] | None:
        """Return the name that some words are but for a slip, and whether that is clear."""
        if self._are_neighbours(tokens):
            return None
        near = names.find_near(tokens)
        changes = [_changed(tokens, name) for name in near]
        if not near or not all(changes):
            return None
        scored = sorted(
            (name.documents * weight, name.documents, name.words)
            for name, changed in zip(near, changes, strict=True)
            if (weight := self._weigh(tokens, name, changed))
        )
        if not scored:
            return None
        score, _, words = scored[-1]
        return words, len(scored) < 2 or score >= CLEARLY * scored[-2][0]

    def _are_neighbours(self, tokens: Sequence[Token]) -> bool:
        """Tell whether the archive often has all of some words beside each other as typed."""
        is_bare = all(token.exact == token.folded for token in tokens)
        words = [token.folded if is_bare else token.exact for token in tokens]
        pairs = list(map(" ".join, itertools.pairwise(words)))
        field = Field.PAIRS if is_bare else Field.EXACT_PAIRS
        counts = self._statistics.document_frequencies(field, pairs)
        return min(counts) * RARE > self._statistics.documents

    def _weigh(self, tokens: Sequence[Token], name: KnownName, changed: Sequence[int]) -> float:
        """Return how likely typed words are a slip for a name; 0 where they may be meant."""
        has_syllable = any(is_bare_syllable(tokens[place].folded) for place in changed)
        if len(changed) > 2 or (has_syllable and len(tokens) < _FEWEST_WITH_SYLLABLE):
            return 0.0
        typed = [tokens[place].folded for place in changed]
        counts = self._statistics.document_frequencies(Field.FOLDED, typed)
        if any(count and not may_be_read(word) for count, word in zip(counts, typed, strict=True)):
            # A short form is no slip of another: `sđt công an` is no *CSĐT Công an*.
            return 0.0
        unknown = counts.count(0)
        if len(changed) == 2 and (has_syllable or not unknown):
            return 0.0
        more = FAR_MORE if has_syllable else MORE_FOREIGN
        if name.documents <= more * self._count(tokens):
            return 0.0
        return math.prod(
            slip_weight(tokens[place].exact, name.exact_forms[place]) for place in changed
        )

    def _count(self, tokens: Sequence[Token]) -> int:
        """Return the number of articles that have some words in a row as typed."""
        is_bare = all(token.exact == token.folded for token in tokens)
        words = tuple(token.folded if is_bare else token.exact for token in tokens)
        return self._statistics.count([Phrase(Field.FOLDED if is_bare else Field.EXACT, words)])[0]


def _may_be_repaired(stretch: Stretch, known: Set[int]) -> bool:
    is_word = len(stretch.tokens) == 1 and stretch.text.isalpha()
    return is_word and not stretch.kind and stretch.start not in known


def _changed(tokens: Sequence[Token], name: KnownName) -> list[int]:
    """Return the places of the words of a name that are other than those typed."""
    return [
        place
        for place, (token, form) in enumerate(zip(tokens, name.exact_forms, strict=True))
        if form != token.exact and not _is_bare_form(token, form)
    ]


def _is_bare_form(token: Token, form: str) -> bool:
    return token.exact == token.folded and folded_form(form) == token.folded


def _written(stretch: Stretch, word: str) -> Stretch:
    """Return a stretch with the capitals of a word; what is bare stays bare."""
    text = stretch.text
    if text.lower() == word.lower():
        return replace(stretch, text=word)
    return replace(stretch, text=text[:1].upper() + text[1:]) if word[:1].isupper() else stretch
