"""Spelling repairs: of words that are glued, misspelt, or never neighbours.

A repair is searched beside what was typed, or suggested (did you mean). In this order: keystrokes
that were not decoded; glued syllables split (`nhandan`); for a word that the archive does not hold
the commonest at one edit; and for two neighbours with diacritics that never occur together the two
that do and differ in one letter or diacritic (`lãng mạng` is lãng mạn). A single syllable that
occurs is never corrected.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from indexer.analysis.analyzer import Analyzer, Token
from indexer.analysis.fields import Field
from indexer.engine.queries import Phrase
from indexer.search.interpret.acronym_expansion import articles_beside
from indexer.search.interpret.bigram_lifts import BigramLifts
from indexer.search.interpret.bigram_repair import RARE, BigramRepairer
from indexer.search.interpret.compound_splitting import CompoundSplit, split_compound
from indexer.search.interpret.faultless_words import (
    expanded_starts,
    known_starts,
    opposing_starts,
    short_forms,
)
from indexer.search.interpret.known_names import KnownNames
from indexer.search.interpret.name_repair import NameRepairer
from indexer.search.interpret.repairs import FAR_MORE, Correction, Repair, RepairKind, Stretch
from indexer.search.interpret.spelling_edits import PLAUSIBLE
from indexer.search.interpret.word_frequencies import WordFrequencies
from indexer.search.interpret.word_repair import WordEdit, WordRepairer
from indexer.search.query.interpreted_query import InterpretedQuery
from indexer.search.query.operators import WORDS_OF_OPERATORS, blank_operators
from indexer.search.query.parser import parse
from indexer.search.query.syntax import AndNode, WordNode, matching_leaves
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.input_methods import decode, has_diacritic
from indexer.vietnamese.keystrokes import suggest_query
from indexer.vietnamese.normalization import fold_canonical, lower_canonical
from indexer.vietnamese.syllables import diacritics_agree, exact_form, is_bare_syllable
from indexer.vietnamese.teencode import TEENCODE

_LATIN_LETTERS = re.compile("[^\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]*")
"""Words without ơ, ư and the letters that only Vietnamese has (ọ, ế)."""

_MOST_WORDS = 20

_FAR_MORE_SPLIT = 10
"""Times as frequent as a glued word its two words must be: `vietnam` is in addresses as well."""

_MISSING_BLANK = 20
"""Times as likely a missing blank is as any one other slip, between words that belong together."""

_MISSING_BLANK_BY_CHANCE = 10
"""The same between other words."""

_LEAST_LIFT = 8.0
"""Times that two words have to meet as by chance to belong together."""

_JOINED_RATIO = 10
"""Times as frequent as two words a compound of them must be to join them."""

_FAR_MORE_SLIPS = 3
"""Times as many articles with a slip (`bắt giữ` of `bt giữ`) as with the meaning of teencode.

Short forms that everybody types are meant unless their neighbours speak far more for a slip:
`đc nghỉ` is *được nghỉ*, though bare *da nghi* is the commoner one.
"""

_FEWEST_SPOKEN = 10_000
"""One article of so many has the meaning of teencode beside its neighbours at least: two in 35,000
with *mua bây* do not make `mua bh` a *bây giờ*.
"""


class SpellChecker:
    """Suggests queries by the statistics of one index."""

    def __init__(
        self, analyzer: Analyzer, statistics: TermStatistics, names: KnownNames | None = None
    ) -> None:
        self._analyzer = analyzer
        self._names = NameRepairer(statistics, names)
        self._statistics = statistics
        self._bigrams = BigramRepairer(statistics)
        self._words = WordRepairer(statistics)
        self._lifts = BigramLifts(statistics)

    def suggest_keystrokes(self, query: InterpretedQuery) -> str:
        """Return the query that its keystrokes may have meant after all; empty if there is none."""
        suggested = self._as_keystrokes(query)
        typed = " ".join(leaf.text for leaf in matching_leaves(query.tree))
        return "" if lower_canonical(suggested) == lower_canonical(typed) else suggested

    def repair_text(self, query: InterpretedQuery) -> tuple[str, str]:
        """Return the query to search beside the typed one; empty if nothing is wrong with it.

        Keystrokes come first where they explain every word that the archive does not hold.

        Returns:
            The text to search, and another to suggest because it is less sure; either may be empty.
        """
        typed = self._unknown_words(query)
        # Of one word among others its neighbours tell whether a letter was a key or a slip.
        is_sure = len(typed) > 1 or len(list(matching_leaves(query.tree))) == 1
        decoded = self._as_keystrokes(query) if typed and is_sure else ""
        if decoded and not self._unknown_words(parse(decoded, self._analyzer)):
            return decoded, ""
        repair = self.repairs(query)
        if not repair:
            return "", ""
        is_clear = any(correction.is_clear for correction in repair.corrections)
        return repair.text if is_clear else "", repair.suggestion

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
        known = known_starts(query) | short_forms(stretches) | opposing_starts(stretches)
        self._correct_name(stretches, known)
        self._decode_teencode(stretches, expanded_starts(query) | opposing_starts(stretches))
        self._decode_keystrokes(stretches)
        self._join(stretches, known)
        self._correct_words(stretches, known)
        self._correct_bigrams(stretches, known)
        if all(word.text.isascii() for word in words):
            stretches = self._without_diacritics(stretches)
        return self._as_repair(query, self._names.capitalize(stretches))

    def _without_diacritics(self, stretches: list[Stretch]) -> list[Stretch]:
        """Return a bare query bare again, unless all of it was repaired: one word is no reading."""
        if all(stretch.kind for stretch in stretches):
            return stretches
        return [replace(stretch, text=fold_canonical(stretch.text)) for stretch in stretches]

    def _as_repair(self, query: InterpretedQuery, stretches: Sequence[Stretch]) -> Repair | None:
        corrections = tuple(
            Correction(stretch.start, stretch.end, stretch.text, stretch.kind, stretch.is_clear)
            for stretch in stretches
            if stretch.kind
        )
        unknown = tuple(self._unknown(stretches))
        if not corrections and not unknown:
            return None
        typed = [
            stretch.text if stretch.is_clear else query.searched[stretch.start : stretch.end]
            for stretch in stretches
        ]
        text = " ".join(stretch.text for stretch in stretches)
        return Repair(
            " ".join(typed), corrections, unknown, "" if text == " ".join(typed) else text
        )

    def _unknown(self, stretches: Sequence[Stretch]) -> Iterator[str]:
        """Yield the words left as typed that the archive does not hold."""
        words = [stretch for stretch in stretches if not stretch.kind and len(stretch.tokens) == 1]
        folded = [word.tokens[0].folded for word in words]
        counts = self._statistics.document_frequencies(Field.FOLDED, folded)
        for word, count in zip(words, counts, strict=True):
            if not count:
                yield word.text

    def _replace(
        self, stretch: Stretch, text: str, kind: RepairKind, is_clear: bool = True
    ) -> Stretch:
        if lower_canonical(text) == lower_canonical(stretch.text):
            return stretch
        tokens = tuple(self._analyzer.tokens(text))
        return replace(
            stretch, text=text, tokens=tokens, kind=stretch.kind or kind, is_clear=is_clear
        )

    def _correct_name(self, stretches: list[Stretch], known: Set[int]) -> None:
        """Put a name in place of words that are it but for a slip."""
        repair = self._names.find(stretches, known)
        if repair:
            for position, word in enumerate(repair.words, repair.start):
                stretches[position] = self._replace(
                    stretches[position], word, RepairKind.MISSPELT, repair.is_clear
                )

    def _decode_teencode(self, stretches: list[Stretch], expanded: Set[int]) -> None:
        """Put words in place of teencode where their neighbours speak for them.

        A short form that is searched in its long form as well is none.
        """
        texts = [TEENCODE.get(stretch.text, stretch.text) for stretch in stretches]
        for position, stretch in enumerate(stretches):
            if stretch.text not in TEENCODE or stretch.start in expanded or stretch.kind:
                continue
            meaning = texts[position]
            typed = self._neighbour_counts(stretches, position)
            meant = articles_beside(self._statistics, texts, position, meaning)
            is_written = meant * _FEWEST_SPOKEN > self._statistics.documents
            is_commoner = is_written and meant > _JOINED_RATIO * typed
            slips = self._slip_counts(stretches, position) if is_commoner else 0
            if is_commoner and _FAR_MORE_SLIPS * meant >= slips:
                stretches[position] = self._replace(stretch, meaning, RepairKind.TEENCODE)

    def _decode_keystrokes(self, stretches: list[Stretch]) -> None:
        """Read unknown words as keystrokes, if they are those of a word of the archive."""
        for position, stretch in enumerate(stretches):
            readings = decode(stretch.text) if len(stretch.tokens) == 1 and not stretch.kind else ()
            if not readings or self._statistics.document_frequency(
                Field.FOLDED, stretch.tokens[0].folded
            ):
                continue
            forms = list(dict.fromkeys(exact_form(reading.word) for reading in readings))
            counts = self._statistics.document_frequencies(Field.EXACT, forms)
            count, form = max(zip(counts, forms, strict=True))
            read = self._replace(stretch, form, RepairKind.KEYSTROKES)
            decoded = [*stretches[:position], read, *stretches[position + 1 :]]
            is_likelier = self._neighbour_counts(decoded, position) >= self._slip_counts(
                stretches, position
            )
            if count and has_diacritic(form) and is_likelier:
                stretches[position] = read

    def _slip_counts(self, stretches: Sequence[Stretch], position: int) -> int:
        """Return how many articles hold the word of a slip (`bt giữ`) beside its neighbours.

        They count less if the slip is not likely: `mn ơi` is hardly *mẹ ơi*.
        """
        edit = self._words.find_edit(stretches, position, 0)
        if not edit.text:
            return 0
        slip = self._replace(stretches[position], edit.text, RepairKind.MISSPELT)
        decoded = [*stretches[:position], slip, *stretches[position + 1 :]]
        return int(self._neighbour_counts(decoded, position) * min(1, edit.weight / PLAUSIBLE))

    def _neighbour_counts(self, stretches: Sequence[Stretch], position: int) -> int:
        """Return how many articles hold a stretch beside its neighbours."""
        bigrams = [
            f"{first.tokens[-1].folded} {second.tokens[0].folded}"
            for first, second in itertools.pairwise(stretches[max(0, position - 1) : position + 2])
        ]
        return sum(self._statistics.document_frequencies(Field.PAIRS, bigrams))

    def _join(self, stretches: list[Stretch], known: Set[int]) -> None:
        """Join neighbours that the archive writes as one word, and hardly ever as two."""
        pairs = [
            f"{first.tokens[-1].folded} {second.tokens[0].folded}"
            if first.text.isalpha() and second.text.isalpha() and first.start not in known
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

    def _correct_words(self, stretches: list[Stretch], known: Set[int]) -> None:
        """Correct unknown words, and once more those whose neighbours were corrected after them."""
        typed = list(stretches)
        places = [
            position
            for position, stretch in enumerate(stretches)
            if len(stretch.tokens) == 1
            and stretch.text.isalpha()
            and stretch.text.lower() not in WORDS_OF_OPERATORS
            and not (stretch.start in known or stretch.kind)
        ]
        for position in places:
            self._correct_word(stretches, position)
        for position in places:
            following = slice(position + 1, position + 2)
            is_open = not stretches[position].kind or not stretches[position].is_clear
            if is_open and stretches[following] != typed[following]:
                stretches[position] = typed[position]
                self._correct_word(stretches, position)

    def _correct_word(self, stretches: list[Stretch], position: int) -> None:
        """Split a compound, or correct an unknown word."""
        stretch = stretches[position]
        folded = stretch.tokens[0].folded
        frequency = self._word_frequency(stretch.tokens[0])
        edit = WordEdit()
        if not frequency or not is_bare_syllable(folded):
            edit = self._words.find_edit(stretches, position, frequency)
        if not is_bare_syllable(folded):
            split = split_compound(self._statistics, stretch.tokens[0], self._lifts.lift)
            is_known = frequency and self._neighbour_counts(stretches, position)
            is_known = is_known or self._is_other_name(stretch, split)
            if edit.text:
                split = self._less_sure(split, edit)
            if not is_known and _is_likelier(split, edit, frequency):
                is_clear = split.documents > FAR_MORE * frequency
                kind = RepairKind.SPLIT
                stretches[position] = self._replace(stretch, split.text, kind, is_clear)
                return
        if edit.text:
            kind = RepairKind.MISSPELT
            stretches[position] = self._replace(stretch, edit.text, kind, edit.is_clear)

    def _less_sure(self, split: CompoundSplit, edit: WordEdit) -> CompoundSplit:
        """Return a split of a word that may be misspelt as well: only what is written in a row.

        Three syllables of which two and two meet are found in any foreign name, `toyta`; what is
        a name but for a slip is hardly two words.
        """
        words = self._analyzer.tokens(split.text)
        documents = split.documents
        if len(words) > 2:
            row = Phrase(Field.FOLDED, tuple(word.folded for word in words))
            documents = min(documents, *self._statistics.count([row]))
        if self._names.is_name(self._analyzer.tokens(edit.text)):
            documents = documents if documents > _FAR_MORE_SPLIT * edit.documents else 0
        return replace(split, documents=documents)

    def _is_other_name(self, word: Stretch, split: CompoundSplit) -> bool:
        """Tell whether a word is a name of its own: `Congo` is no *công ở*, `vietnam` Việt Nam."""
        if not self._names.is_name(word.tokens):
            return False
        return not self._names.is_name(self._analyzer.tokens(split.text))

    def _word_frequency(self, word: Token) -> int:
        """Return the number of articles that hold a word.

        A word with letters of Vietnamese alone is a syllable or misspelt: `trọg` is no *Trog*,
        but `Gómez` may be Gomez.
        """
        if _LATIN_LETTERS.fullmatch(word.exact) or is_bare_syllable(word.folded):
            return self._statistics.document_frequency(Field.FOLDED, word.folded)
        return sum(
            form.documents
            for form in self._statistics.exact_forms(word.folded)
            if diacritics_agree(word.exact, form.text)
        )

    def _correct_bigrams(self, stretches: list[Stretch], known: Set[int]) -> None:
        """Replace neighbours that never occur together by two that do."""
        self._bigrams.look_up(stretches)
        for position in range(len(stretches) - 1):
            if known & {stretch.start for stretch in stretches[position : position + 2]}:
                continue
            forms, is_clear = self._bigrams.repair(stretches, position)
            for offset, form in enumerate(forms):
                stretch = stretches[position + offset]
                stretches[position + offset] = self._replace(
                    stretch, form, RepairKind.CONFUSION, is_clear and stretch.is_clear
                )


def _is_likelier(split: CompoundSplit, edit: WordEdit, frequency: int) -> bool:
    """Tell whether a blank is missing, rather than a word misspelt or right as it is."""
    slips = edit.weight * edit.documents
    blanks = split.text.count(" ")
    if split.lift >= _LEAST_LIFT:
        return split.documents > max(_FAR_MORE_SPLIT * frequency, blanks * slips / _MISSING_BLANK)
    # Any letters are two words by chance.
    is_pair = blanks == 1 and not frequency and edit.weight < 1
    return is_pair and split.documents > slips / _MISSING_BLANK_BY_CHANCE
