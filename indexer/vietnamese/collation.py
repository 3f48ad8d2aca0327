"""Collation: sort keys of Vietnamese dictionary order.

The order of letters is a ă â b c d đ e ê … o ô ơ … u ư …, and tones count after letters.
Words are compared syllable by syllable; within a syllable the letters decide first and the
tone, in the order level, huyền, hỏi, ngã, sắc, nặng, only between equal letters. So *ma mà
mả mã má mạ* come before *mai*, and *ma túy* before *mà cả*.
"""

import re
from typing import Final

from indexer.vietnamese.alphabet import TONE_OF, TONELESS
from indexer.vietnamese.normalization import canonical, fold_canonical, lower_canonical

SortKey = tuple[tuple[tuple[str, str, str], ...], str]
"""A key that `sort_key` returns: to be compared with other keys, and for nothing else."""

_WORD: Final = re.compile(r"[^\W_]+")
_ORDER: Final = "0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANKS: Final = {ord(letter): chr(rank) for rank, letter in enumerate(_ORDER)}


def sort_key(text: str) -> SortKey:
    """Return the key that sorts texts in Vietnamese dictionary order.

    Upper and lower case, punctuation and the place of a tone (hòa, hoà) decide only between
    texts that are otherwise equal. Letters of other alphabets come after z.
    """
    text = canonical(text)
    return tuple(_syllable_key(word) for word in _WORD.findall(lower_canonical(text))), text


def initial(key: SortKey) -> str:
    """Return the capital under which a text with this key stands in an index.

    `0–9` for figures and signs, `…` for letters of other alphabets.
    """
    syllables = key[0]
    rank = ord(syllables[0][0][0]) if syllables and syllables[0][0] else 0
    if rank < _ORDER.index("a"):
        return "0–9"
    return _ORDER[rank].upper() if rank < len(_ORDER) else "…"


def _syllable_key(word: str) -> tuple[str, str, str]:
    """Return letters, tones and, where a letter is not Vietnamese (ñ, ü), the word itself."""
    bare = word.translate(TONELESS)
    letters = [letter if letter in _ORDER else fold_canonical(letter) for letter in bare]
    ranked = "".join(letters).translate(_RANKS)
    tones = "".join(str(TONE_OF[letter]) for letter in word if letter in TONE_OF)
    return ranked, tones, "" if "".join(letters) == bare else bare
