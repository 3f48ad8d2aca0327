"""Spelling suggestions (did you mean): for words that are glued, misspelt, or never neighbours.

They are suggested and never searched unasked. In this order: keystrokes that were not decoded;
glued syllables split (`nhandan`); for a word that the archive does not hold the commonest at one
edit; and for two neighbours with diacritics that never occur together the two that do and differ
in one letter or diacritic (`lãng mạng` is lãng mạn). A single syllable that occurs is never
corrected.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence

from indexer.analysis.analyzer import Analyzer, Token
from indexer.analysis.fields import Field
from indexer.engine.records import TermCount
from indexer.search.interpret.diacritic_restoration import restore_diacritics
from indexer.search.interpret.word_frequencies import WordFrequencies
from indexer.search.interpreted_query import InterpretedQuery
from indexer.search.query.syntax import AndNode, WordNode, matching_leaves
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.keystrokes import suggest_query
from indexer.vietnamese.normalization import lower_canonical
from indexer.vietnamese.syllables import exact_form, is_bare_syllable

FAR_MORE = 50
"""A word that occurs in the archive is still corrected if the correction is at least this many
times as frequent."""

RARE = 5000
"""A bigram found in at least one of this many articles is taken to be correct."""

TIED = 0.1
"""The share of its rarer word's articles in which a suggested bigram must occur: a word that often
has that neighbour was meant to have it."""

LONGEST_COMPOUND = 30
"""Letters of the longest word that is split into syllables."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_LONGEST_SYLLABLE = 7
_MOST_WORDS = 12
_MOST_BIGRAMS = 8

_Split = tuple[float, int, tuple[str, ...]]
"""A way to split a word: log probability, frequency of its rarest bigram, syllables."""


class SpellChecker:
    """Suggests queries by the statistics of one index."""

    def __init__(self, analyzer: Analyzer, statistics: TermStatistics) -> None:
        self._analyzer = analyzer
        self._statistics = statistics

    def suggest(self, query: InterpretedQuery, relaxed: bool) -> str:
        """Return another query to suggest; empty if there is none.

        Args:
            query: the query that was searched.
            relaxed: not every word had to match, so that it may be keystrokes after all.
        """
        suggested = self._as_keystrokes(query) if relaxed else ""
        typed = " ".join(leaf.text for leaf in matching_leaves(query.tree))
        if suggested and lower_canonical(suggested) != lower_canonical(typed):
            return suggested
        return self._correct(query)

    def _as_keystrokes(self, query: InterpretedQuery) -> str:
        frequencies = WordFrequencies(query, self._analyzer, self._statistics)
        decoded = suggest_query(query.typed, frequencies)
        return decoded.text if decoded else ""

    def _correct(self, query: InterpretedQuery) -> str:
        """Return a query of plain words corrected; empty if nothing is to be corrected."""
        nodes = query.tree.children if isinstance(query.tree, AndNode) else (query.tree,)
        words = [node for node in nodes if isinstance(node, WordNode) and not node.exact]
        if len(words) != len(nodes) or len(words) > _MOST_WORDS:
            return ""
        texts = [word.text for word in words]
        tokens: list[Sequence[Token]] = [word.tokens for word in words]
        for position, word in enumerate(words):
            if len(word.tokens) == 1 and word.text.isalpha():
                neighbour = words[position - 1].tokens[-1].folded if position else ""
                text = self._correct_word(word.text, word.tokens[0].folded, neighbour)
                if text != word.text:
                    texts[position], tokens[position] = text, self._analyzer.tokens(text)
        self._correct_bigrams(texts, tokens)
        corrected, typed = " ".join(texts), " ".join(word.text for word in words)
        return "" if lower_canonical(corrected) == lower_canonical(typed) else corrected

    def _correct_word(self, text: str, folded: str, neighbour: str) -> str:
        """Return a compound split, or an unknown word corrected; else the word itself."""
        frequency = self._statistics.document_frequency(Field.FOLDED, folded)
        if not is_bare_syllable(folded):
            split, bigram_frequency = self._split_compound(folded)
            if split and bigram_frequency > FAR_MORE * frequency:
                return split
        return text if frequency else self._known_edit(folded, neighbour) or text

    def _split_compound(self, folded: str) -> tuple[str, int]:
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
                    split = self._best_split(best, start, syllable)
                    if split is not None:
                        best[end, syllable] = split
        splits = [split for (end, _), split in best.items() if end == len(folded)]
        _, frequency, syllables = max(splits, default=(0.0, 0, ()))
        if len(syllables) < 2:
            return "", 0
        return " ".join(restore_diacritics(self._statistics, syllables)[0]), frequency

    def _best_split(
        self, best: dict[tuple[int, str], _Split], start: int, syllable: str
    ) -> _Split | None:
        """Return the likeliest split that ends in a syllable from `start`."""
        if not start:
            return (0.0, 1 << 62, (syllable,))
        shorter = [(last, split) for (end, last), split in best.items() if end == start]
        bigrams = self._statistics.document_frequencies(
            Field.PAIRS, [f"{last} {syllable}" for last, _ in shorter]
        )
        words = self._statistics.document_frequencies(Field.FOLDED, [last for last, _ in shorter])
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

    def _known_edit(self, folded: str, neighbour: str) -> str:
        """Return the commonest word at one edit, counted after its neighbour if it has one."""
        edits = edits1(folded)
        counts = self._statistics.document_frequencies(Field.FOLDED, edits)
        words = [word for word, count in zip(edits, counts, strict=True) if count]
        if not words:
            return ""
        frequencies = [count for count in counts if count]
        if neighbour:
            bigrams = [f"{neighbour} {word}" for word in words]
            frequencies = self._statistics.document_frequencies(Field.PAIRS, bigrams)
        _, best = max(zip(frequencies, words, strict=True))
        forms = self._statistics.exact_forms(best)
        return forms[0].text if forms else best

    def _correct_bigrams(self, texts: list[str], tokens: list[Sequence[Token]]) -> None:
        """Replace neighbours with diacritics that never occur together by two that do."""
        for position in range(len(texts) - 1):
            pair = (*tokens[position], *tokens[position + 1])
            if len(pair) == 2 and any(token.exact != token.folded for token in pair):
                for offset, form in enumerate(self._known_bigram(*pair)):
                    texts[position + offset] = form
                    tokens[position + offset] = self._analyzer.tokens(form)

    def _known_bigram(self, first: Token, second: Token) -> tuple[str, ...]:
        """Return the commonest bigram at one edit of two words that never occur together."""
        typed = (first.exact, second.exact)
        frequency = self._statistics.document_frequency(Field.EXACT_PAIRS, " ".join(typed))
        if frequency * RARE > self._statistics.documents:
            return ()
        edits = [f"{first.folded} {second.folded}"]
        edits += [f"{word} {second.folded}" for word in _syllables_near(first.folded)]
        edits += [f"{first.folded} {word}" for word in _syllables_near(second.folded)]
        counts = self._statistics.document_frequencies(Field.PAIRS, edits)
        commonest = heapq.nlargest(_MOST_BIGRAMS, zip(counts, edits, strict=True))
        candidates = [
            form
            for count, folded in commonest
            if count
            for form in self._statistics.exact_forms(folded)
            if self._is_meant(form, typed, frequency)
        ]
        best = max(candidates, key=lambda form: (form.documents, form.text), default=None)
        return tuple(best.text.split(" ")) if best else ()

    def _is_meant(self, bigram: TermCount, typed: tuple[str, str], frequency: int) -> bool:
        """Tell whether a bigram is one edit from the typed one, and typical of its rarer word."""
        words = bigram.text.split(" ")
        changed = [position for position in (0, 1) if words[position] != typed[position]]
        if len(changed) != 1 or bigram.documents <= FAR_MORE * frequency:
            return False
        position = changed[0]
        rarer = min(self._statistics.document_frequencies(Field.EXACT, words))
        return bigram.documents >= TIED * rarer and _is_one_edit(words[position], typed[position])


def edits1(folded: str) -> list[str]:
    """Return everything at one insertion, deletion, substitution or swap from a word, sorted."""
    cuts = [(folded[:position], folded[position:]) for position in range(len(folded) + 1)]
    edits = {head + tail[1:] for head, tail in cuts if tail}
    edits |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    edits |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in _ALPHABET}
    edits |= {head + letter + tail for head, tail in cuts for letter in _ALPHABET}
    return sorted(edits - {folded, ""})


def _syllables_near(folded: str) -> list[str]:
    return [word for word in edits1(folded) if is_bare_syllable(word)]


def _is_one_edit(first: str, second: str) -> bool:
    """Tell whether exact forms are one insertion, deletion, substitution or swap apart."""
    short, long = sorted((exact_form(first), exact_form(second)), key=len)
    if len(long) - len(short) > 1:
        return False
    letters = enumerate(zip(short, long, strict=False))
    start = next((position for position, (a, b) in letters if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[:start] + short[start : start + 2][::-1] + short[start + 2 :]
    return short[start + 1 :] == long[start + 1 :] or swapped == long
