"""Did you mean: what is offered for words that are glued, misspelt, or never stand together.

In this order, and never searched unasked: keystrokes that the gate left alone; glued syllables
split (`nhandan`); another word at one letter for one that the archive does not hold; and for two
marked words that never stand side by side the two that do and differ in one letter or mark
(`lãng mạng` is lãng mạn). A syllable that exists is never changed by itself.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

from indexer.analysis.analyzer import Analyzer, Token
from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.records import TermCount
from indexer.search.interpret.diacritic_restoration import likeliest
from indexer.search.query.syntax import AndNode, SyntaxNode, WordNode
from indexer.vietnamese.keystrokes import suggest_query
from indexer.vietnamese.normalization import lower_canonical
from indexer.vietnamese.syllables import exact_form, is_bare_syllable

FAR_MORE = 50
"""A form that is there after all is passed over for one that is so many times as frequent."""

RARE = 5000
"""A word, or a pair of words, in at least one of this many articles is taken to be correct."""

TIED = 0.1
"""The share of the rarer word's articles in which two words must stand together to be offered for
two that never do: a word that often has that neighbour was meant to have it."""

LONGEST_GLUED = 30
"""Letters of a word that is tried as glued syllables."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_LONGEST_SYLLABLE = 7
_MOST_WORDS = 12
_MOST_PAIRS = 8
_UNSEEN = 1e-3


@dataclass(frozen=True, slots=True)
class Held:
    """In how many documents a token is: bare tokens by their folded form, others as typed."""

    engine: Engine
    analyzer: Analyzer

    def __call__(self, token: str) -> int:
        """The number of documents."""
        found = self.analyzer.tokens(token)
        if not found:
            return 0
        bare = found[0].exact == found[0].folded
        field, text = (Field.FOLDED, found[0].folded) if bare else (Field.EXACT, found[0].exact)
        return self.engine.document_frequencies(field, [text])[0]


class Corrections:
    """Puts queries right against one engine."""

    def __init__(self, engine: Engine, analyzer: Analyzer) -> None:
        self._engine = engine
        self._analyzer = analyzer

    def keystrokes(self, text: str) -> str:
        """What a query would say as keystrokes; empty when it would say nothing else."""
        decoded = suggest_query(text, Held(self._engine, self._analyzer))
        return decoded.text if decoded else ""

    def words(self, tree: SyntaxNode | None) -> str:
        """A query of plain words put right; empty when nothing is to be put right."""
        nodes = tree.children if isinstance(tree, AndNode) else (tree,)
        words = [node for node in nodes if isinstance(node, WordNode) and not node.exact]
        if len(words) != len(nodes) or len(words) > _MOST_WORDS:
            return ""
        tokens = [self._analyzer.tokens(word.text) for word in words]
        pieces = [word.text for word in words]
        for at, found in enumerate(tokens):
            if len(found) == 1 and pieces[at].isalpha():
                before = tokens[at - 1][-1].folded if at and tokens[at - 1] else ""
                pieces[at] = self._mended(pieces[at], found[0].folded, before)
        self._pair_up(pieces)
        mended, typed = " ".join(pieces), " ".join(word.text for word in words)
        return "" if lower_canonical(mended) == lower_canonical(typed) else mended

    def _mended(self, text: str, folded: str, before: str) -> str:
        """A word that is glued or not there put right, else the word itself."""
        held = self._engine.document_frequencies(Field.FOLDED, [folded])[0]
        if not is_bare_syllable(folded):
            split, often = self._split(folded)
            if split and often > FAR_MORE * held:
                return split
        return text if held else self._one_letter_off(folded, before) or text

    def _split(self, folded: str) -> tuple[str, int]:
        """Glued syllables apart, in their likeliest forms; and how often their rarest pair is.

        The likeliest way to cut, as by Viterbi, where every two neighbours are in the archive.
        """
        if len(folded) > LONGEST_GLUED:
            return "", 0
        # For each (end, last syllable): log probability, rarest pair, syllables.
        best: dict[tuple[int, str], tuple[float, int, tuple[str, ...]]] = {}
        for end in range(1, len(folded) + 1):
            for start in range(max(0, end - _LONGEST_SYLLABLE), end):
                last = folded[start:end]
                if is_bare_syllable(last):
                    found = self._led_to(best, start, last)
                    if found is not None:
                        best[end, last] = found
        whole = [found for (end, _), found in best.items() if end == len(folded)]
        chance, often, syllables = max(whole, default=(0.0, 0, ()))
        if len(syllables) < 2:
            return "", 0
        return " ".join(likeliest(self._engine, syllables)[0]), often

    def _led_to(
        self, best: dict[tuple[int, str], tuple[float, int, tuple[str, ...]]], start: int, last: str
    ) -> tuple[float, int, tuple[str, ...]] | None:
        """The likeliest cut that ends in a syllable from `start`."""
        if not start:
            return (0.0, 1 << 62, (last,))
        before = [(word, found) for (end, word), found in best.items() if end == start]
        pairs = self._engine.document_frequencies(
            Field.PAIRS, [f"{word} {last}" for word, _ in before]
        )
        held = self._engine.document_frequencies(Field.FOLDED, [word for word, _ in before])
        ways = [
            (chance + math.log(pair / max(1, often)), min(rarest, pair), (*syllables, last))
            for (_, (chance, rarest, syllables)), pair, often in zip(
                before, pairs, held, strict=True
            )
            if pair
        ]
        return max(ways, default=None)

    def _one_letter_off(self, folded: str, before: str) -> str:
        """The commonest word at one edit, first one that follows the word before."""
        near = _near(folded)
        counts = self._engine.document_frequencies(Field.FOLDED, near)
        there = [(count, word) for count, word in zip(counts, near, strict=True) if count]
        if before and there:
            texts = [f"{before} {word}" for _, word in there]
            pairs = self._engine.document_frequencies(Field.PAIRS, texts)
            there = [
                (max(pairs) and pair, word) for pair, (_, word) in zip(pairs, there, strict=True)
            ]
        if not there:
            return ""
        forms = self._engine.exact_forms(max(there)[1])
        return forms[0].text if forms else max(there)[1]

    def _pair_up(self, pieces: list[str]) -> None:
        """Neighbours with marks that never stand together give way to two that do."""
        for at in range(len(pieces) - 1):
            tokens = self._analyzer.tokens(f"{pieces[at]} {pieces[at + 1]}")
            if len(tokens) == 2 and any(token.exact != token.folded for token in tokens):
                pair = self._real_pair(tokens[0], tokens[1])
                if pair:
                    pieces[at], pieces[at + 1] = pair

    def _real_pair(self, one: Token, two: Token) -> tuple[str, str] | None:
        """The commonest pair at one letter or mark from two words that never stand together."""
        held = self._engine.document_frequencies(Field.EXACT_PAIRS, [f"{one.exact} {two.exact}"])[0]
        if held * RARE > self._engine.status().documents:
            return None
        near = [f"{one.folded} {two.folded}"]
        near += [f"{other} {two.folded}" for other in filter(is_bare_syllable, _near(one.folded))]
        near += [f"{one.folded} {other}" for other in filter(is_bare_syllable, _near(two.folded))]
        counts = self._engine.document_frequencies(Field.PAIRS, near)
        there = heapq.nlargest(_MOST_PAIRS, zip(counts, near, strict=True))
        readings = (
            reading for count, text in there if count for reading in self._engine.exact_forms(text)
        )
        typed = (one.exact, two.exact)
        good = [reading for reading in readings if self._is_meant(reading, typed, held)]
        best = max(good, key=lambda reading: (reading.documents, reading.text), default=None)
        first, _, second = best.text.partition(" ") if best else ("", "", "")
        return (first, second) if best else None

    def _is_meant(self, pair: TermCount, typed: tuple[str, str], held: int) -> bool:
        """Whether a pair differs in one word by one edit, and its rarer word often has it."""
        documents, words = pair.documents, pair.text.split(" ")
        changed = [at for at in (0, 1) if words[at] != typed[at]]
        if len(changed) != 1 or documents <= FAR_MORE * held:
            return False
        at = changed[0]
        rarer = min(self._engine.document_frequencies(Field.EXACT, words))
        return documents >= TIED * rarer and _one_edit(words[at], typed[at])


def _near(folded: str) -> list[str]:
    """Everything at one insertion, deletion, substitution or swap from a word."""
    cuts = [(folded[:at], folded[at:]) for at in range(len(folded) + 1)]
    near = {head + tail[1:] for head, tail in cuts if tail}
    near |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    near |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in _ALPHABET}
    near |= {head + letter + tail for head, tail in cuts for letter in _ALPHABET}
    return sorted(near - {folded, ""})


def _one_edit(one: str, other: str) -> bool:
    """Whether two words with marks are one insertion, deletion, substitution or swap apart."""
    low, high = sorted((exact_form(one), exact_form(other)), key=len)
    if len(high) - len(low) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))
    if len(low) < len(high):
        return low[start:] == high[start + 1 :]
    swapped = low[:start] + low[start : start + 2][::-1] + low[start + 2 :]
    return low[start + 1 :] == high[start + 1 :] or swapped == high
