"""Completion (autocomplete): each keystroke is a prefix query over the phrases of the archive.

The phrase table of each generation (`indexer.derived.phrase_table`) is mapped, and says which
phrases go on from what was typed, best first. It knows the beginnings of articles alone: whether a
phrase is whole is counted by the index (`phrase_boundaries`), its capitals are read in a few
articles (`stored_forms`), and both are remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from archive.store import Store
from indexer.analysis.analyzer import Analyzer, Token
from indexer.derived.phrase_keys import LONGEST_PHRASE
from indexer.derived.phrase_table import PhraseTable, ScoredPhrase
from indexer.engine.api import Engine
from indexer.search.interpret.bigram_repair import RARE
from indexer.search.interpret.known_names import KnownNames
from indexer.search.person_completion import PersonCompletion
from indexer.search.phrase_boundaries import PhraseBoundaries, WholePhrase
from indexer.search.readable_phrases import (
    governing_words,
    has_whole_ends,
    is_number,
    is_readable,
)
from indexer.search.stored_forms import MOST_READ, StoredForms
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.alphabet import TONE_OF, TONELESS
from indexer.vietnamese.input_methods import METHODS, decode, has_diacritic
from indexer.vietnamese.keystrokes import MIN_READING_RATIO, decode_query
from indexer.vietnamese.normalization import canonical, fold, lower_canonical
from indexer.vietnamese.syllables import exact_form, folded_form, is_bare_syllable, is_syllable

LONGEST_TYPED = 200
"""Characters of an unfinished query that are looked at."""

MOST_SUGGESTIONS = 20
"""Suggestions that can be asked for at once."""

CANDIDATES = 48
"""Phrases of each length that are looked at, the best ones."""

OTHER_SPELLING = 0.2
"""A spelling is offered if it has this share of the articles of the commonest one with the same
letters."""

ABSORBED = 0.8
"""A phrase gives way to a longer one that holds it in this share of its articles."""

KEYSTROKE_TOLERANCE = 0.5
"""The share of a query's words that may be neither keystrokes nor in the archive."""

_MOST_CHECKED = 24
_LEAST_WRITTEN = 4
_MOST_READ_PHRASES = 8
_LEAST_CONTEXT = 2
_MOST_SPLITS = 24
_LONGEST_GLUED = 28
_LONGEST_SYLLABLE = 7


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A whole query that is offered, and the document frequency of its completed end."""

    text: str
    documents: int


class PhraseCompleter:
    """Completes queries by the phrases of one generation; safe to share between threads.

    Attributes:
        names: those that the generation writes often.
    """

    def __init__(self, folder: Path) -> None:
        """Map the phrase table of a generation.

        Raises:
            EngineError: it is missing or damaged.
        """
        self._table = PhraseTable(folder)
        self.names = KnownNames(self._table)
        self._boundaries = PhraseBoundaries(self._table)
        self._forms = StoredForms()
        self._people = PersonCompletion()

    def complete(
        self, analyzer: Analyzer, text: str, limit: int, engine: Engine, store: Store
    ) -> tuple[Suggestion, ...]:
        """Return the best completions of a query, best first; none for an unknown beginning.

        Args:
            analyzer: that of the index.
            text: the unfinished query.
            limit: how many completions, at most.
            engine: reads the index of the same generation.
            store: keeps the articles.
        """
        statistics = TermStatistics(engine)
        typed = canonical(text[-LONGEST_TYPED:])
        limit = min(max(0, limit), MOST_SUGGESTIONS)
        people = self._people.complete(typed, limit, engine)
        if people is not None:
            return tuple(Suggestion(query, documents) for query, documents in people)
        words, prefix = _split_last_word(analyzer.tokens(typed), typed)
        if not limit or not (words or prefix):
            return ()
        typed = self._decode_keystrokes(typed[: len(typed) - len(prefix)], prefix)
        words, prefix = _split_last_word(analyzer.tokens(typed), typed)
        # As many whole words before the prefix as some phrase of the archive has; beside others
        # that were typed no fewer than two, since chance would join one with anything.
        least = min(len(words), _LEAST_CONTEXT)
        for length in range(min(LONGEST_PHRASE - 1, len(words)), least - 1, -1):
            context = words[len(words) - length :]
            phrases = self._matching_phrases(context, prefix, limit) if context or prefix else []
            if not (phrases or words):
                phrases = self._split_phrases(prefix)
            start = context[0].start if context else len(typed) - len(prefix)
            ends = self._with_whole_ends(phrases, length)
            whole = self._boundaries.standing_phrases(ends, statistics)
            readable = self._readable_phrases(whole, length, engine, store)
            if suggestions := _suggestions(typed, start, readable, limit):
                return suggestions
        return ()

    def capitalize(self, exact_forms: Sequence[str]) -> str:
        """Join exact forms as titles and leads mostly write them; unchanged if unknown."""
        ids = [self._table.ids_of_word(exact, folded_form(exact)) for exact in exact_forms]
        if not all(ids) or len(ids) > LONGEST_PHRASE:
            return " ".join(exact_forms)
        return " ".join(self._table.surface_forms([word_ids[0] for word_ids in ids]))

    def _decode_keystrokes(self, whole_words: str, prefix: str) -> str:
        """Return the query with its keystrokes decoded; those of the last word only if certain."""
        decoded = decode_query(whole_words, self._word_frequency, KEYSTROKE_TOLERANCE)
        methods = (decoded.method,) if decoded else METHODS
        readings = [
            reading.word for reading in decode(prefix, methods) if has_diacritic(reading.word)
        ]
        best = max(readings, key=self._prefix_frequency, default="")
        if best:
            undecoded = max(map(self._table.word_frequency, self._ids_with_prefix(prefix)))
            if self._prefix_frequency(best) > MIN_READING_RATIO * undecoded:
                prefix = best
        return (decoded.text if decoded else whole_words) + prefix

    def _prefix_frequency(self, prefix: str) -> int:
        """Return the document frequency of the commonest word that a prefix may become."""
        words, table = self._table.words, self._table
        return max(
            (
                table.word_frequency(range(word_id, word_id + 1))
                for word_ids in self._ids_with_prefix(prefix)
                for word_id in word_ids
                if may_become(prefix, words[word_id])
            ),
            default=0,
        )

    def _word_frequency(self, token: str) -> int:
        """Return the document frequency of a token, with any diacritics if it has none; 0 if rare.

        A large archive holds almost any string once (coong), and that is no word.
        """
        exact, folded = exact_form(token), folded_form(exact_form(token))
        is_bare = fold(exact) == exact
        table = self._table
        ids = table.ids_of_folded(folded) if is_bare else table.ids_of_word(exact, folded)
        frequency = table.word_frequency(ids)
        return frequency if frequency * RARE >= self._table.article_count else 0

    def _ids_with_prefix(self, prefix: str) -> list[range]:
        """Return the ranges of ids of the words that an unfinished word may become."""
        folded = dict.fromkeys((fold(prefix), folded_form(lower_canonical(prefix))))
        return list(map(self._table.ids_with_prefix, folded))

    def _matching_phrases(
        self, context: Sequence[Token], prefix: str, limit: int
    ) -> list[ScoredPhrase]:
        """Return the best phrases that begin with the context and go on with the prefix.

        The typed diacritics of the context have to agree unless no phrase of the archive does.
        """
        any_diacritics = [[self._table.ids_of_folded(token.folded)] for token in context]
        same_diacritics = [
            ids
            if token.exact == token.folded
            else [self._table.ids_of_word(token.exact, token.folded)]
            for token, ids in zip(context, any_diacritics, strict=True)
        ]
        return self._best_phrases(same_diacritics, prefix, limit) or self._best_phrases(
            any_diacritics, prefix, limit
        )

    def _best_phrases(
        self, context: list[list[range]], prefix: str, limit: int
    ) -> list[ScoredPhrase]:
        """Return the best phrases, first those that agree with the diacritics of the prefix."""
        id_ranges = self._ids_with_prefix(prefix)
        positions = [*context, id_ranges] if prefix else context
        if lower_canonical(prefix) == fold(prefix):
            return self._rank_phrases(positions, len(context))
        agreeing = [
            word_id
            for id_range in id_ranges
            for word_id in id_range
            if may_become(prefix, self._table.words[word_id])
        ]
        phrases = self._rank_phrases(positions, len(context), agreeing)
        if len(phrases) < limit:
            # In mid-composition a diacritic may be missing still, or on its way elsewhere.
            agreed = set(phrases)
            others = self._rank_phrases(positions, len(context))
            phrases += [phrase for phrase in others if phrase not in agreed]
        return phrases

    def _rank_phrases(
        self,
        positions: Sequence[Sequence[range]],
        context_length: int,
        last_ids: Sequence[int] | None = None,
    ) -> list[ScoredPhrase]:
        """Return phrases longer than the context, best first, no two nearly the same.

        Args:
            positions: for each of the first words, the ranges of ids that it may have.
            context_length: whole words that were typed.
            last_ids: ids that the last position may have; None allows all of its ranges.
        """
        phrases: list[ScoredPhrase] = []
        for length in range(context_length + 1, LONGEST_PHRASE + 1):
            phrases += self._table.top_phrases(length, positions, CANDIDATES, last_ids)
        phrases = self._drop_rare_spellings(phrases)
        # Beginning of a phrase -> articles of the commonest phrase that goes on from it.
        longer: dict[tuple[int, ...], int] = {}
        for phrase in phrases:
            for size in range(1, len(phrase.word_ids)):
                beginning = phrase.word_ids[:size]
                longer[beginning] = max(longer.get(beginning, 0), phrase.documents)
        return sorted(
            (
                phrase
                for phrase in phrases
                if longer.get(phrase.word_ids, 0) < ABSORBED * phrase.documents
            ),
            key=lambda phrase: (-phrase.score, self._spell(phrase)),
        )

    def _drop_rare_spellings(self, phrases: Sequence[ScoredPhrase]) -> list[ScoredPhrase]:
        """Drop spellings that are rare beside the commonest one with the same letters."""
        letters = [
            tuple(self._table.folded_words[word_id] for word_id in phrase.word_ids)
            for phrase in phrases
        ]
        commonest: dict[tuple[str, ...], int] = {}
        for phrase, folded in zip(phrases, letters, strict=True):
            commonest[folded] = max(commonest.get(folded, 0), phrase.documents)
        return [
            phrase
            for phrase, folded in zip(phrases, letters, strict=True)
            if phrase.documents >= OTHER_SPELLING * commonest[folded]
        ]

    def _spell(self, phrase: ScoredPhrase) -> str:
        return " ".join(self._table.words[word_id] for word_id in phrase.word_ids)

    def _split_phrases(self, prefix: str) -> list[ScoredPhrase]:
        """Return the phrases that begin with the syllables of a word without blanks between."""
        phrases = [
            phrase
            for syllables in islice(split_syllables(fold(prefix)), _MOST_SPLITS)
            for phrase in self._rank_phrases(
                [
                    *([self._table.ids_of_folded(syllable)] for syllable in syllables[:-1]),
                    self._ids_with_prefix(syllables[-1]),
                ],
                len(syllables) - 1,
            )
        ]
        return sorted(phrases, key=lambda phrase: (-phrase.score, self._spell(phrase)))

    def _readable_phrases(
        self, phrases: Iterable[WholePhrase], context_length: int, engine: Engine, store: Store
    ) -> Iterator[Suggestion]:
        """Yield the phrases that may be read aloud, as the articles write them."""
        unread = _MOST_READ_PHRASES
        for phrase in phrases:
            exact_forms = [self._table.words[word_id] for word_id in phrase.word_ids]
            text = self._known_form(phrase, exact_forms)
            if text is None and (unread or self._forms.is_known(exact_forms)):
                unread -= not self._forms.is_known(exact_forms)
                text = self._forms.find(exact_forms, engine, store)
            governing = governing_words(exact_forms[:context_length])
            if text and is_readable(text.split()[governing:]):
                yield Suggestion(text, phrase.documents)

    def _with_whole_ends(
        self, phrases: Sequence[ScoredPhrase], context_length: int
    ) -> list[tuple[int, ...]]:
        """Return the best phrases that neither begin nor end with a function word.

        Those that were typed may stand before another phrase, or before a foreign name.
        """
        words = self._table.words
        whole: list[tuple[int, ...]] = []
        for phrase in phrases:
            forms = [words[word_id] for word_id in phrase.word_ids]
            governing = governing_words(forms[:context_length])
            rest = forms[governing:]
            is_short = len(rest) == 1 and is_bare_syllable(folded_form(rest[0]))
            is_cut = governing and (is_short or is_number(rest[-1]))
            if not is_cut and has_whole_ends(rest):
                whole.append(phrase.word_ids)
        return whole[:_MOST_CHECKED]

    def _known_form(self, phrase: WholePhrase, exact_forms: Sequence[str]) -> str | None:
        """Return a phrase as titles and leads write it; None if articles have to be read.

        Titles and leads do for common phrases of syllables that they mostly write small; a capital
        may be that of a longer name.
        """
        is_known = self._table.has_certain_capitals(phrase.word_ids, _LEAST_WRITTEN)
        if is_known and phrase.documents > MOST_READ and all(map(is_syllable, exact_forms)):
            text = " ".join(self._table.surface_forms(phrase.word_ids))
            return text if text.islower() else None
        return None


def _suggestions(
    typed: str, start: int, phrases: Iterable[Suggestion], limit: int
) -> tuple[Suggestion, ...]:
    """Return queries whose end from `start` on is replaced by the phrases."""
    suggestions: dict[str, Suggestion] = {}
    for phrase in phrases:
        text = typed[:start] + phrase.text
        if text.lower() != typed.strip().lower():
            suggestions.setdefault(text.lower(), Suggestion(text, phrase.documents))
        if len(suggestions) == limit:
            break
    return tuple(suggestions.values())


def split_syllables(word: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to read a folded word as two to four syllables, the last perhaps unfinished.

    Long syllables come first: `congan` is cong an before it is co ngan.
    """
    if len(word) <= _LONGEST_GLUED:
        yield from _split_syllables(word, LONGEST_PHRASE)


def _split_syllables(word: str, most: int) -> Iterator[tuple[str, ...]]:
    if most == 1:
        return
    for end in range(min(_LONGEST_SYLLABLE, len(word) - 1), 1, -1):
        if is_bare_syllable(word[:end]):
            if len(word) - end <= _LONGEST_SYLLABLE:
                yield word[:end], word[end:]
            for rest in _split_syllables(word[end:], most - 1):
                yield word[:end], *rest


def _split_last_word(tokens: Sequence[Token], typed: str) -> tuple[Sequence[Token], str]:
    """Split a query into its whole words and the unfinished one at the very end."""
    if not tokens or typed[tokens[-1].end :]:
        return tokens, ""
    return tokens[:-1], typed[tokens[-1].start :]


def may_become(prefix: str, word: str) -> bool:
    """Tell whether an unfinished word with diacritics may become a word by typing on.

    A letter without a diacritic may still get one; a breve, circumflex, horn or stroke stays
    where it is, and a tone stays in the syllable, wherever the input method moves it.
    """
    prefix = lower_canonical(prefix)
    tones = {TONE_OF[letter] for letter in prefix if letter in TONE_OF}
    if tones and tones != {TONE_OF[letter] for letter in word if letter in TONE_OF}:
        return False
    pairs = zip(prefix.translate(TONELESS), word.translate(TONELESS), strict=False)
    return len(prefix) <= len(word) and all(
        typed in (letter, fold(letter)) or fold(typed) != fold(letter) for typed, letter in pairs
    )
