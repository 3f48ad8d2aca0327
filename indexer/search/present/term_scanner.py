"""Where in a text wanted words may stand: a quick look, before the analyzer reads those places.

Every character becomes one byte: the letter or digit that it folds to, 1 for any other letter or
digit, 0 for what parts words. So a word is found by `bytes.find` between two zeros, at the speed
of memory, and only the runs around such places are read as words. Pieces that are one word
across punctuation (`1.088`, `Mát-xcơ-va`) are found once more with that punctuation left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.analyzer import LONGEST_TERM
from indexer.vietnamese.normalization import fold_canonical
from indexer.vietnamese.syllables import folded_spellings, spellings_begun

Span = tuple[int, int]

_PLAIN = re.compile(r"[a-z0-9]+")
_JOINERS = ".,-–'’"
_PARTS, _OTHER = 0, 1
_CODES = 1 << 16


class Finder:
    """Finds runs without blanks that may hold one of some folded forms, or a beginning.

    Attributes:
        able: whether it can; letters that fold to none of a to z are for the long way.
    """

    def __init__(self, forms: Iterable[str], prefixes: Sequence[str] = ()) -> None:
        forms = tuple(forms)
        plain = (
            _PLAIN.fullmatch(form) and len(form) < LONGEST_TERM for form in (*forms, *prefixes)
        )
        self.able = all(plain)
        whole = [spelt for form in forms for spelt in folded_spellings(form)]
        whole += [spelt for prefix in prefixes for spelt in spellings_begun(prefix)]
        needles = [f"\0{spelt}\0" for spelt in whole] + [f"\0{prefix}" for prefix in prefixes]
        self._needles = [needle.encode() for needle in needles] if self.able else []

    def runs(self, text: str) -> list[Span]:
        """The runs without blanks that may hold a wanted word, in order."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        folded = _bytes().take(codes, mode="clip")
        found = [at for at, _ in self._found(folded)]
        joins = _joins().take(codes, mode="clip")
        # Only between two letters or digits.
        joins[1:-1] &= (folded[:-2] > 0) & (folded[2:] > 0)
        joins[:1] = joins[-1:] = False
        if joins.any():
            kept = np.flatnonzero(~joins)
            squeezed = self._found(folded[kept])
            found += [int(kept[at]) for at, end in squeezed if _parted(kept, at, end)]
        return _runs(text, sorted(found))

    def _found(self, folded: NDArray[np.uint8]) -> list[Span]:
        """Where needles are, in characters; each begins and ends with its word."""
        text = b"\0" + folded.tobytes() + b"\0"
        found: list[Span] = []
        for needle in self._needles:
            size = len(needle.strip(b"\0"))
            at = text.find(needle)
            while at >= 0:
                # The zero before it stands at the place that its first letter has without ours.
                found.append((at, at + size))
                at = text.find(needle, at + size)
        return found


def _parted(kept: NDArray[np.int64], at: int, end: int) -> bool:
    """Whether something was left out between the letters of a find."""
    return bool(kept[end - 1] - kept[at] >= end - at)


def _runs(text: str, places: list[int]) -> list[Span]:
    """The runs without blanks around some places, each once."""
    found: list[Span] = []
    end = 0
    for place in places:
        if place < end:
            continue
        start = end = place
        while start and not text[start - 1].isspace():
            start -= 1
        while end < len(text) and not text[end].isspace():
            end += 1
        found.append((start, end))
    return found


@cache
def _bytes() -> NDArray[np.uint8]:
    """For every character the byte that stands for it; those beyond 16 bits part words."""
    return np.array([_byte(chr(code)) for code in range(_CODES - 1)] + [_PARTS], np.uint8)


def _byte(letter: str) -> int:
    folded = fold_canonical(letter)
    if _PLAIN.fullmatch(folded):
        return ord(folded)
    return _OTHER if letter.isalnum() else _PARTS


@cache
def _joins() -> NDArray[np.bool_]:
    """For every character whether it may stand inside of one word."""
    table = np.zeros(_CODES, bool)
    table[[ord(joiner) for joiner in _JOINERS]] = True
    return table
