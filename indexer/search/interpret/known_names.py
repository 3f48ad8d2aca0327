"""Known names: what an archive writes with capitals wherever it stands, and in how many articles.

Persons, organisations, places and products alike: a phrase of one to four words is a name if
titles and leads write each of its words with a capital. The phrase table of a generation counts
both, so that names need no data of their own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.analysis.analyzer import Token
from indexer.derived.phrase_keys import LONGEST_PHRASE
from indexer.derived.phrase_table import PhraseTable
from indexer.search.interpret.spelling_edits import confused_syllables, edits1, is_one_edit
from indexer.vietnamese.syllables import is_bare_syllable

LEAST_ARTICLES = 3
"""Articles that a name has to be in."""

_LEAST_WRITTEN = 2
_MOST_COMPARED = 200
_MOST_REMEMBERED = 4096
"""Words of which the words near are remembered: more syllables than are common."""


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name: its words as written and in exact forms, and its articles in the phrase table."""

    words: tuple[str, ...]
    exact_forms: tuple[str, ...]
    documents: int


class KnownNames:
    """The names of one generation; safe to share between threads."""

    def __init__(self, table: PhraseTable) -> None:
        """Read names out of a phrase table."""
        self._table = table
        self._folded = frozenset(table.folded_words)
        self._near_words: dict[str, tuple[str, ...]] = {}

    def find(self, tokens: Sequence[Token]) -> KnownName | None:
        """Return the commonest name that is these words, bare ones in any form; None for none."""
        return self._commonest(self._names([self._same_ids(token) for token in tokens]))

    def find_near(self, tokens: Sequence[Token]) -> list[KnownName]:
        """Return the names of as many words, each of them typed or one edit away, in no order."""
        ids = [sorted({*self._same_ids(token), *self._near_ids(token)}) for token in tokens]
        return list(self._names(ids))

    def _same_ids(self, token: Token) -> list[int]:
        """Return the ids of a word: of all forms if it was typed bare."""
        if token.exact == token.folded:
            return list(self._table.ids_of_folded(token.folded))
        return list(self._table.ids_of_word(token.exact, token.folded))

    def _near_ids(self, token: Token) -> Iterator[int]:
        """Yield the ids of the words at one edit, of a word with diacritics in one letter."""
        typed, words = token.folded, self._table.words
        if len(typed) < 2 or not token.exact.isalpha():
            return
        for word_id in self._table.ids_of_folded(typed):
            if is_one_edit(words[word_id], token.exact):
                yield word_id
        is_bare = token.exact == typed
        near = map(self._table.ids_of_folded, self._known_near(typed))
        for word_id in itertools.chain.from_iterable(near):
            if is_bare or _keeps_diacritics(token.exact, words[word_id]):
                yield word_id

    def _known_near(self, typed: str) -> tuple[str, ...]:
        """Return the folded words of the archive at one edit; those of common words are few."""
        near = self._near_words.get(typed)
        if near is None:
            if len(self._near_words) >= _MOST_REMEMBERED:
                self._near_words.clear()
            edits = (*edits1(typed), *confused_syllables(typed))
            near = self._near_words[typed] = tuple(self._folded.intersection(edits))
        return near

    def _names(self, ids: Sequence[Sequence[int]]) -> Iterator[KnownName]:
        """Yield the names whose words have some ids."""
        if not all(ids) or not 0 < len(ids) <= LONGEST_PHRASE:
            return
        ranges = [[range(word_id, word_id + 1) for word_id in each] for each in ids]
        for phrase in self._table.top_phrases(len(ids), ranges, _MOST_COMPARED):
            if phrase.documents >= LEAST_ARTICLES and self._is_name(phrase.word_ids):
                yield KnownName(
                    tuple(self._table.surface_forms(phrase.word_ids)),
                    tuple(self._table.words[word_id] for word_id in phrase.word_ids),
                    phrase.documents,
                )

    def _is_name(self, word_ids: Sequence[int]) -> bool:
        words = self._table.surface_forms(word_ids)
        if any(word == word.lower() for word in words):
            return False
        if len(words) == 1:
            # One syllable has its capital as a part of names; at the beginning of titles others
            # have it by right, so that titles and leads seldom agree.
            return not is_bare_syllable(self._table.folded_words[word_ids[0]])
        return self._table.has_certain_capitals(word_ids, _LEAST_WRITTEN)

    def _commonest(self, names: Iterator[KnownName]) -> KnownName | None:
        return max(names, key=lambda name: (name.documents, name.words), default=None)


def _keeps_diacritics(typed: str, form: str) -> bool:
    """Tell whether a form has the letters with diacritics that were typed."""
    return {letter for letter in typed if not letter.isascii()} <= set(form)
