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
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Field
from indexer.search.interpret.bigram_repair import RARE, BigramRepairer
from indexer.search.interpret.compound_splitting import LONGEST_COMPOUND, split_compound
from indexer.search.interpret.diacritic_restoration import restore_diacritics
from indexer.search.interpret.repairs import FAR_MORE, Correction, Repair, RepairKind, Stretch
from indexer.search.interpret.spelling_edits import (
    edit_weight,
    edits1,
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
from indexer.vietnamese.teencode import TEENCODE

_MOST_WORDS = 12
_MOST_FORMS = 16
_MOST_CANDIDATES = 8

_JOINED_RATIO = 10
"""Times as frequent as two words a compound of them must be to join them."""

_CONTEXT = 100
"""Weight of an article with a neighbour against one that just holds the word."""

_FAR_MORE_ALONE = 100
"""The same as FAR_MORE, for a word that has no neighbours to decide."""


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
        self._bigrams = BigramRepairer(statistics)

    def suggest_keystrokes(self, query: InterpretedQuery) -> str:
        """Return the query that its keystrokes may have meant after all; empty if there is none."""
        suggested = self._as_keystrokes(query)
        typed = " ".join(leaf.text for leaf in matching_leaves(query.tree))
        return "" if lower_canonical(suggested) == lower_canonical(typed) else suggested

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
        stretches = [Stretch(word.start, word.end, word.text, word.tokens) for word in words]
        known = _known_starts(query)
        self._decode_teencode(stretches)
        self._join(stretches)
        for position, stretch in enumerate(stretches):
            is_word = len(stretch.tokens) == 1 and stretch.text.isalpha()
            is_word &= stretch.text.lower() not in WORDS_OF_OPERATORS
            if is_word and stretch.start not in known and not stretch.kind:
                self._correct_word(stretches, position)
        self._correct_bigrams(stretches, known)
        corrections = tuple(
            Correction(stretch.start, stretch.end, stretch.text, stretch.kind)
            for stretch in stretches
            if stretch.kind
        )
        unknown = tuple(self._unknown(stretches))
        if not corrections and not unknown:
            return None
        return Repair(" ".join(stretch.text for stretch in stretches), corrections, unknown)

    def _unknown(self, stretches: Sequence[Stretch]) -> Iterator[str]:
        """Yield the words left as typed that the archive does not hold."""
        words = [stretch for stretch in stretches if not stretch.kind and len(stretch.tokens) == 1]
        folded = [word.tokens[0].folded for word in words]
        counts = self._statistics.document_frequencies(Field.FOLDED, folded)
        for word, count in zip(words, counts, strict=True):
            if not count:
                yield word.text

    def _replace(self, stretch: Stretch, text: str, kind: RepairKind) -> Stretch:
        if lower_canonical(text) == lower_canonical(stretch.text):
            return stretch
        return replace(
            stretch, text=text, tokens=tuple(self._analyzer.tokens(text)), kind=stretch.kind or kind
        )

    def _decode_teencode(self, stretches: list[Stretch]) -> None:
        """Put words in place of teencode where their neighbours speak for them."""
        decoded = [
            self._replace(stretch, TEENCODE.get(stretch.text, stretch.text), RepairKind.TEENCODE)
            for stretch in stretches
        ]
        for position, stretch in enumerate(decoded):
            if stretch.kind:
                typed = self._neighbour_counts(stretches, position)
                meant = self._neighbour_counts(decoded, position)
                if meant > _JOINED_RATIO * typed:
                    stretches[position] = stretch

    def _neighbour_counts(self, stretches: Sequence[Stretch], position: int) -> int:
        """Return how many articles hold a stretch beside its neighbours."""
        bigrams = [
            f"{first.tokens[-1].folded} {second.tokens[0].folded}"
            for first, second in itertools.pairwise(stretches[max(0, position - 1) : position + 2])
        ]
        return sum(self._statistics.document_frequencies(Field.PAIRS, bigrams))

    def _join(self, stretches: list[Stretch]) -> None:
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

    def _correct_word(self, stretches: list[Stretch], position: int) -> None:
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

    def _known_edit(self, stretches: Sequence[Stretch], position: int, frequency: int) -> _Edit:
        """Return the likeliest word at one edit: by its slip, its count, and its neighbours'."""
        typed = stretches[position].tokens[0].folded
        edits = edits1(typed) if 1 < len(typed) <= LONGEST_COMPOUND else []
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
        likeliest = [word for score, word in heapq.nlargest(_MOST_CANDIDATES, scored) if score]
        if not likeliest:
            return _Edit()
        form = self._form_in_context(stretches, position, likeliest)
        if form:
            return _Edit(form, known[folded_form(form)])
        best = likeliest[0]
        return _Edit(self._form(stretches, position, best), known[best])

    def _form_in_context(
        self, stretches: Sequence[Stretch], position: int, words: Sequence[str]
    ) -> str:
        """Return the form of one of some words that stands beside the neighbours as typed.

        It has the diacritics that were typed. Empty where the query has none, or none stands so.
        """
        tokens = [token for stretch in stretches for token in stretch.tokens]
        if all(token.exact == token.folded for token in tokens):
            return ""
        typed = stretches[position].tokens[0].folded
        letters = _diacritic_letters(stretches[position].text)
        forms = [
            (form, edit_weight(typed, word))
            for word in words
            for form in self._statistics.exact_forms(word)[:_MOST_FORMS]
            if letters <= set(form.text)
        ]
        before = stretches[position - 1].tokens[-1:] if position else ()
        after = stretches[position + 1].tokens[:1] if position + 1 < len(stretches) else ()
        scores: dict[str, float] = {}
        for form, weight in forms:
            bigrams = [f"{token.exact} {form.text}" for token in before]
            bigrams += [f"{form.text} {token.exact}" for token in after]
            count = sum(self._statistics.document_frequencies(Field.EXACT_PAIRS, bigrams))
            if count:
                scores[form.text] = (count * _CONTEXT + form.documents) * weight
        return max(scores, key=lambda form: (scores[form], form), default="")

    def _bigram_counts(
        self, stretches: Sequence[Stretch], position: int, words: Sequence[str]
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

    def _form(self, stretches: Sequence[Stretch], position: int, folded: str) -> str:
        """Return the exact form of a corrected word: with the diacritics typed, or by context."""
        typed = stretches[position].text
        forms = [form.text for form in self._statistics.exact_forms(folded)[:_MOST_FORMS]]
        letters = _diacritic_letters(typed)
        if letters:
            return max(forms, key=lambda form: len(letters & set(form)), default=folded)
        before = [token.folded for token in stretches[position - 1].tokens] if position else []
        after = [token.folded for stretch in stretches[position + 1 :] for token in stretch.tokens]
        words = [*before[-1:], folded, *after[:1]]
        restored = restore_diacritics(self._statistics, words)[0]
        return restored[len(before[-1:])]

    def _correct_bigrams(self, stretches: list[Stretch], known: Set[int]) -> None:
        """Replace neighbours that never occur together by two that do."""
        self._bigrams.look_up(stretches)
        for position in range(len(stretches) - 1):
            if known & {stretch.start for stretch in stretches[position : position + 2]}:
                continue
            for offset, form in enumerate(self._bigrams.repair(stretches, position)):
                stretches[position + offset] = self._replace(
                    stretches[position + offset], form, RepairKind.CONFUSION
                )


def _diacritic_letters(typed: str) -> set[str]:
    return {letter for letter in lower_canonical(typed) if not letter.isascii()}


def _known_starts(query: InterpretedQuery) -> set[int]:
    """Return where words begin that are no mistakes: with other spellings, or of one term."""
    meaning = query.meaning
    nodes = meaning.children if isinstance(meaning, AndNode) else (meaning,)
    known = {
        word.start
        for node in nodes
        if isinstance(node, AcronymNode) and node.respellings
        for word in node.words
    }
    joined = [node for node in nodes if isinstance(node, WordNode) and len(node.tokens) > 1]
    return known | {
        leaf.start
        for leaf in matching_leaves(query.tree)
        if any(node.start <= leaf.start < node.end for node in joined)
    }
