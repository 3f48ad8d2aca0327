"""Spelling repairs: of words that are glued, misspelt, or never neighbours.

A repair is searched beside what was typed, or suggested (did you mean). In this order: keystrokes
that were not decoded; glued syllables split (`nhandan`); for a word that the archive does not hold
the commonest at one edit; and for two neighbours with diacritics that never occur together the two
that do and differ in one letter or diacritic (`lãng mạng` is lãng mạn). A single syllable that
occurs is never corrected.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.analysis.analyzer import Analyzer, Token
from indexer.analysis.fields import Field
from indexer.engine.records import TermCount
from indexer.search.interpret.compound_splitting import LONGEST_COMPOUND, split_compound
from indexer.search.interpret.diacritic_restoration import restore_diacritics
from indexer.search.interpret.repairs import Correction, Repair, RepairKind
from indexer.search.interpret.spelling_edits import (
    confused_syllables,
    edit_weight,
    edits1,
    is_one_edit,
    words_near,
)
from indexer.search.interpret.word_frequencies import WordFrequencies
from indexer.search.interpreted_query import InterpretedQuery
from indexer.search.query.operators import WORDS_OF_OPERATORS, blank_operators
from indexer.search.query.parser import parse
from indexer.search.query.syntax import AcronymNode, AndNode, WordNode, matching_leaves
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.keystrokes import suggest_query
from indexer.vietnamese.normalization import lower_canonical
from indexer.vietnamese.syllables import folded_form, is_bare_syllable

FAR_MORE = 50
"""A word that occurs in the archive is still corrected if the correction is at least this many
times as frequent."""

RARE = 5000
"""A bigram found in at least one of this many articles is taken to be correct."""

TIED = 0.05
"""The share of its rarer word's articles in which a suggested bigram must occur: a word that often
has that neighbour was meant to have it."""

TIED_ALONE = 0.02
"""The same share where a query has only these two words."""

_MOST_WORDS = 12
_MOST_BIGRAMS = 8
_MOST_FORMS = 16

_JOINED_RATIO = 10
"""Times as frequent as two words a compound of them must be to join them."""

_CONTEXT = 100
"""Weight of an article with a neighbour against one that just holds the word."""

_FAR_MORE_ALONE = 100
"""The same as FAR_MORE, for a word that has no neighbours to decide."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of the query, its words as they are now, and why they are not those typed."""

    start: int
    end: int
    text: str
    tokens: tuple[Token, ...]
    kind: RepairKind | None = None


@dataclass(frozen=True, slots=True)
class _Edit:
    """A word of the archive near a typed one, and the number of articles that hold it."""

    text: str = ""
    documents: int = 0


class SpellChecker:
    """Suggests queries by the statistics of one index."""

    def __init__(self, analyzer: Analyzer, statistics: TermStatistics) -> None:
        self._analyzer = analyzer
        self._statistics = statistics

    def suggest(self, query: InterpretedQuery, relaxed: bool) -> str:
        """Return another query to suggest; empty if there is none or it was searched as well.

        Args:
            query: the query that was searched.
            relaxed: not every word had to match, so that it may be keystrokes after all.
        """
        suggested = self._as_keystrokes(query) if relaxed else ""
        typed = " ".join(leaf.text for leaf in matching_leaves(query.tree))
        if suggested and lower_canonical(suggested) != lower_canonical(typed):
            return suggested
        repair = None if query.repaired else self.repairs(query)
        return repair.text if repair and repair.corrections else ""

    def repair_text(self, query: InterpretedQuery) -> str:
        """Return the query to search beside the typed one; empty if nothing is wrong with it.

        Keystrokes come first where they explain every word that the archive does not hold.
        """
        typed = self._unknown_words(query)
        decoded = self._as_keystrokes(query) if typed else ""
        if decoded and not self._unknown_words(parse(decoded, self._analyzer)):
            return decoded
        repair = self.repairs(query)
        return repair.text if repair and repair.corrections else ""

    def _unknown_words(self, query: InterpretedQuery) -> list[str]:
        leaves = [leaf for leaf in matching_leaves(query.tree) if isinstance(leaf, WordNode)]
        folded = [leaf.tokens[0].folded for leaf in leaves if len(leaf.tokens) == 1]
        counts = self._statistics.document_frequencies(Field.FOLDED, folded)
        return [word for word, count in zip(folded, counts, strict=True) if not count]

    def _as_keystrokes(self, query: InterpretedQuery) -> str:
        frequencies = WordFrequencies(query, self._analyzer, self._statistics)
        decoded = suggest_query(blank_operators(query.typed), frequencies)
        text = query.typed if decoded else ""
        for token in reversed(decoded.tokens if decoded else ()):
            text = text[: token.start] + token.word + text[token.end :]
        return text

    def repairs(self, query: InterpretedQuery) -> Repair | None:
        """Return the repair of a query of plain words; None if nothing is wrong with it."""
        nodes = query.tree.children if isinstance(query.tree, AndNode) else (query.tree,)
        words = [node for node in nodes if isinstance(node, WordNode) and node.is_plain]
        if len(words) != len(nodes) or len(words) > _MOST_WORDS:
            return None
        stretches = [_Stretch(word.start, word.end, word.text, word.tokens) for word in words]
        respelt = _respelt_starts(query)
        self._join(stretches)
        for position, stretch in enumerate(stretches):
            is_word = len(stretch.tokens) == 1 and stretch.text.isalpha()
            is_word &= stretch.text.lower() not in WORDS_OF_OPERATORS
            if is_word and stretch.start not in respelt:
                self._correct_word(stretches, position)
        self._correct_bigrams(stretches)
        corrections = tuple(
            Correction(stretch.start, stretch.end, stretch.text, stretch.kind)
            for stretch in stretches
            if stretch.kind
        )
        unknown = tuple(self._unknown(stretches))
        if not corrections and not unknown:
            return None
        return Repair(" ".join(stretch.text for stretch in stretches), corrections, unknown)

    def _unknown(self, stretches: Sequence[_Stretch]) -> Iterator[str]:
        """Yield the words left as typed that the archive does not hold."""
        words = [stretch for stretch in stretches if not stretch.kind and len(stretch.tokens) == 1]
        folded = [word.tokens[0].folded for word in words]
        counts = self._statistics.document_frequencies(Field.FOLDED, folded)
        for word, count in zip(words, counts, strict=True):
            if not count:
                yield word.text

    def _replace(self, stretch: _Stretch, text: str, kind: RepairKind) -> _Stretch:
        if lower_canonical(text) == lower_canonical(stretch.text):
            return stretch
        return replace(
            stretch, text=text, tokens=tuple(self._analyzer.tokens(text)), kind=stretch.kind or kind
        )

    def _join(self, stretches: list[_Stretch]) -> None:
        """Join neighbours that the archive writes as one word, and hardly ever as two."""
        pairs = [
            f"{first.tokens[-1].folded} {second.tokens[0].folded}"
            if first.text.isalpha() and second.text.isalpha()
            else ""
            for first, second in itertools.pairwise(stretches)
        ]
        apart = self._statistics.document_frequencies(Field.PAIRS, pairs)
        joined = self._statistics.document_frequencies(
            Field.FOLDED, [pair.replace(" ", "") for pair in pairs]
        )
        position, consumed = 0, False
        for pair, parts, whole in zip(pairs, apart, joined, strict=True):
            compound = pair.replace(" ", "")
            if consumed:
                consumed = False
                position += 1
            elif pair and not is_bare_syllable(compound) and self._is_joined(parts, whole):
                consumed = True
                first, second = stretches[position : position + 2]
                forms = self._statistics.exact_forms(compound)
                merged = replace(second, start=first.start, text=f"{first.text} {second.text}")
                text = forms[0].text if forms else compound
                stretches[position : position + 2] = [
                    self._replace(merged, text, RepairKind.JOINED)
                ]
            else:
                position += 1

    def _is_joined(self, parts: int, whole: int) -> bool:
        return whole * RARE > self._statistics.documents and whole > _JOINED_RATIO * parts

    def _correct_word(self, stretches: list[_Stretch], position: int) -> None:
        """Split a compound, or correct an unknown word."""
        stretch = stretches[position]
        folded = stretch.tokens[0].folded
        frequency = self._statistics.document_frequency(Field.FOLDED, folded)
        edit = _Edit()
        if not frequency or not is_bare_syllable(folded):
            edit = self._known_edit(stretches, position, frequency)
        if not is_bare_syllable(folded):
            split, bigram_frequency = split_compound(self._statistics, folded)
            if split and bigram_frequency > max(FAR_MORE * frequency, edit.documents):
                stretches[position] = self._replace(stretch, split, RepairKind.SPLIT)
                return
        if edit.text:
            stretches[position] = self._replace(stretch, edit.text, RepairKind.MISSPELT)

    def _known_edit(self, stretches: Sequence[_Stretch], position: int, frequency: int) -> _Edit:
        """Return the likeliest word at one edit: by its slip, its count, and its neighbours'."""
        typed = stretches[position].tokens[0].folded
        edits = edits1(typed) if len(typed) <= LONGEST_COMPOUND else []
        counts = self._statistics.document_frequencies(Field.FOLDED, edits)
        known = {
            word: count
            for word, count in zip(edits, counts, strict=True)
            if count > FAR_MORE * frequency
            # A word that occurs is no slip for a syllable: Las, vali, Congo.
            and not (frequency and is_bare_syllable(word))
        }
        if not known:
            return _Edit()
        bigrams = self._bigram_counts(stretches, position, [typed, *known])
        has_neighbours = len(stretches) > 1
        if frequency and not self._is_slip(bigrams[0], max(bigrams), has_neighbours):
            return _Edit()
        scored = [
            ((bigram * _CONTEXT + count) * edit_weight(typed, word), word)
            for (word, count), bigram in zip(known.items(), bigrams[1:], strict=True)
            if has_neighbours or not frequency or self._is_certain(typed, word, count, frequency)
        ]
        _, best = max(scored, default=(0.0, ""))
        if not best:
            return _Edit()
        return _Edit(self._form(stretches, position, best), known[best])

    def _bigram_counts(
        self, stretches: Sequence[_Stretch], position: int, words: Sequence[str]
    ) -> list[int]:
        """Return how often each word stands beside the neighbours of a position."""
        before = stretches[position - 1].tokens[-1:] if position else ()
        after = stretches[position + 1].tokens[:1] if position + 1 < len(stretches) else ()
        bigrams = [
            [f"{token.folded} {word}" for token in before]
            + [f"{word} {token.folded}" for token in after]
            for word in words
        ]
        flat = [bigram for pair in bigrams for bigram in pair]
        counts = iter(self._statistics.document_frequencies(Field.PAIRS, flat))
        return [sum(next(counts) for _ in pair) for pair in bigrams]

    def _is_slip(self, typed_bigrams: int, bigrams: int, has_neighbours: bool) -> bool:
        """Tell whether the neighbours of a word that occurs speak for another."""
        return not has_neighbours or bigrams > FAR_MORE * typed_bigrams

    def _is_certain(self, typed: str, word: str, count: int, frequency: int) -> bool:
        """Tell whether a word that occurs is a slip even without neighbours."""
        return edit_weight(typed, word) == 1 and count > _FAR_MORE_ALONE * frequency

    def _form(self, stretches: Sequence[_Stretch], position: int, folded: str) -> str:
        """Return the exact form of a corrected word: with the diacritics typed, or by context."""
        typed = stretches[position].text
        forms = [form.text for form in self._statistics.exact_forms(folded)[:_MOST_FORMS]]
        letters = {letter for letter in lower_canonical(typed) if not letter.isascii()}
        if letters:
            return max(forms, key=lambda form: len(letters & set(form)), default=folded)
        before = [token.folded for token in stretches[position - 1].tokens] if position else []
        after = [token.folded for stretch in stretches[position + 1 :] for token in stretch.tokens]
        words = [*before[-1:], folded, *after[:1]]
        restored = restore_diacritics(self._statistics, words)[0]
        return restored[len(before[-1:])]

    def _correct_bigrams(self, stretches: list[_Stretch]) -> None:
        """Replace neighbours that never occur together by two that do."""
        tied = TIED_ALONE if len(stretches) == 2 else TIED
        for position in range(len(stretches) - 1):
            pair = (*stretches[position].tokens, *stretches[position + 1].tokens)
            if len(pair) == 2 and all(token.exact.isalpha() for token in pair):
                forms = self._known_bigram(*pair, tied)
                if forms and self._is_bound(stretches, position, forms):
                    continue
                if forms and all(token.exact == token.folded for token in pair):
                    known = self._statistics.exact_forms(" ".join(forms))
                    forms = tuple(known[0].text.split(" ")) if known else forms
                for offset, form in enumerate(forms):
                    stretches[position + offset] = self._replace(
                        stretches[position + offset], form, RepairKind.CONFUSION
                    )

    def _is_bound(self, stretches: Sequence[_Stretch], position: int, forms: Sequence[str]) -> bool:
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

    def _known_bigram(self, first: Token, second: Token, tied: float) -> tuple[str, ...]:
        """Return the commonest bigram at one edit of two words that never occur together."""
        typed = (first.exact, second.exact)
        bare = all(token.exact == token.folded for token in (first, second))
        field = Field.PAIRS if bare else Field.EXACT_PAIRS
        frequency = self._statistics.document_frequency(field, " ".join(typed))
        if frequency * RARE > self._statistics.documents:
            return ()
        edits = [f"{first.folded} {second.folded}"]
        edits += [f"{word} {second.folded}" for word in words_near(first.folded)]
        edits += [f"{first.folded} {word}" for word in words_near(second.folded)]
        counts = self._statistics.document_frequencies(Field.PAIRS, edits)
        commonest = heapq.nlargest(_MOST_BIGRAMS, zip(counts, edits, strict=True))
        candidates = [
            form
            for count, folded in commonest
            if count
            for form in (
                [TermCount(folded, count)] if bare else self._statistics.exact_forms(folded)
            )
            if self._is_meant(form, typed, frequency, tied)
        ]
        best = max(candidates, key=lambda form: (form.documents, form.text), default=None)
        if best is None:
            return ()
        return tuple(best.text.split(" "))

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
        if len(changed) != 1 or bigram.documents <= FAR_MORE * frequency:
            return False
        # Diacritics that were typed are never taken away.
        if any(new.isascii() and not old.isascii() for old, new in pairs):
            return False
        field = Field.FOLDED if all(word.isascii() for word in (*typed, *words)) else Field.EXACT
        rarer = min(self._statistics.document_frequencies(field, words))
        old, new = changed[0]
        is_near = is_one_edit(new, old) or folded_form(new) in confused_syllables(folded_form(old))
        return bigram.documents >= tied * rarer and is_near


def _respelt_starts(query: InterpretedQuery) -> set[int]:
    """Return where words begin that are searched in other spellings: they are no mistakes."""
    meaning = query.meaning
    nodes = meaning.children if isinstance(meaning, AndNode) else (meaning,)
    return {
        word.start
        for node in nodes
        if isinstance(node, AcronymNode) and node.respellings
        for word in node.words
    }
