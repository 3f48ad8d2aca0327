"""The ways in which one query is typed: as written, without diacritics, and as Telex keystrokes."""

from __future__ import annotations

import random
import re
import unicodedata

from indexer.vietnamese.alphabet import TONE_OF, TONELESS
from indexer.vietnamese.normalization import canonical, fold_canonical, lower_canonical
from tests.tone_styles import place_tone

DECOMPOSED_SHARE = 0.04
"""The share of texts that real archives hold decomposed (3.9 % of 22,644 articles)."""

_WORD = re.compile(r"[^\W\d_]+")
_TONE_KEYS = ("", "f", "r", "x", "s", "j")
_LETTER_KEYS = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}


def as_written(text: str) -> str:
    """Return the query as it is."""
    return text


def without_diacritics(text: str) -> str:
    """Return the query without diacritics, letter case kept."""
    text = canonical(text)
    pairs = zip(text, fold_canonical(text), strict=True)
    return "".join(bare.upper() if letter.isupper() else bare for letter, bare in pairs)


def as_telex(text: str) -> str:
    """Return the Telex keys: diacritics follow their letters, the tone ends the word."""
    return _WORD.sub(lambda word: _word_keys(word[0]), canonical(text))


def _word_keys(word: str) -> str:
    lower = lower_canonical(word)
    tones = [TONE_OF[letter] for letter in lower if letter in TONE_OF]
    letters = [_LETTER_KEYS.get(letter, letter) for letter in lower.translate(TONELESS)]
    if not tones and "".join(letters) == lower:
        return word
    keys = "".join(letters) + "".join(_TONE_KEYS[tone] for tone in tones)
    if len(word) > 1 and word.isupper():
        return keys.upper()
    return keys[0].upper() + keys[1:] if word[0].isupper() else keys


FORMS = {"as written": as_written, "without diacritics": without_diacritics, "Telex": as_telex}
"""Name of a form -> the function that converts a query."""


def in_new_style(text: str, chance: random.Random) -> str:
    """Return the text as another newspaper keeps it: new tone style, 4 % of texts decomposed."""
    text = _WORD.sub(lambda word: place_tone(word[0], "new"), canonical(text))
    decomposed = chance.random() < DECOMPOSED_SHARE
    return unicodedata.normalize("NFD", text) if decomposed else text
