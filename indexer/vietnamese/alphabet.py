"""The Vietnamese alphabet: vowels, the six tones, and tables of their diacritics.

Vietnamese has two kinds of diacritics: breve, circumflex, horn and the stroke of đ make letters
of their own; a tone mark gives a syllable its tone. A tone is an index into `TONES`, in
dictionary order: 0 level (ngang), 1 falling (huyền), 2 asking (hỏi), 3 tumbling (ngã),
4 rising (sắc), 5 heavy (nặng).
"""

import unicodedata
from typing import Final

LEVEL_TONE: Final = 0
RISING_TONE: Final = 4
HEAVY_TONE: Final = 5

TONES: Final = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
"""The combining tone mark of each tone; the level tone has none."""

VOWELS: Final = "aăâeêioôơuưy"
"""The vowel letters without tone marks, lower case, in dictionary order."""


def _with_tones() -> dict[tuple[str, int], str]:
    return {
        (vowel, tone): unicodedata.normalize("NFC", vowel + tone_mark)
        for vowel in VOWELS + VOWELS.upper()
        for tone, tone_mark in enumerate(TONES)
    }


WITH_TONE: Final = _with_tones()
"""(vowel letter without tone mark, tone) -> the composed letter, both cases."""

TONE_OF: Final = {letter: tone for (_, tone), letter in WITH_TONE.items() if tone}
"""Every letter with a tone mark -> that tone (1 to 5), both cases."""

TONELESS: Final = str.maketrans(
    {letter: vowel for (vowel, _), letter in WITH_TONE.items() if letter != vowel}
)
"""A `str.translate` table that removes the tone mark and keeps breve, circumflex and horn."""


def with_tone(bare: str, position: int, tone: int) -> str:
    """Return a text without tone marks with that of a tone on the vowel at a position."""
    return bare[:position] + WITH_TONE[bare[position], tone] + bare[position + 1 :]
