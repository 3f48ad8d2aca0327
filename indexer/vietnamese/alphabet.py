"""The Vietnamese alphabet: vowels, the six tones, and tables between marked and bare letters.

A tone is an index into `TONES`, in dictionary order: 0 level (ngang), 1 falling (huyền),
2 asking (hỏi), 3 tumbling (ngã), 4 rising (sắc), 5 heavy (nặng).
"""

import unicodedata
from typing import Final

LEVEL: Final = 0
RISING: Final = 4
HEAVY: Final = 5

TONES: Final = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
"""The combining mark of each tone; the level tone has none."""

VOWELS: Final = "aăâeêioôơuưy"
"""The vowel letters without tone, lower case, in dictionary order."""


def _with_tones() -> dict[tuple[str, int], str]:
    return {
        (vowel, tone): unicodedata.normalize("NFC", vowel + mark)
        for vowel in VOWELS + VOWELS.upper()
        for tone, mark in enumerate(TONES)
    }


WITH_TONE: Final = _with_tones()
"""(vowel letter without tone, tone) -> the composed letter, both cases."""

TONE_OF: Final = {letter: tone for (_, tone), letter in WITH_TONE.items() if tone}
"""Every letter that carries a tone -> that tone (1 to 5), both cases."""

TONELESS: Final = str.maketrans(
    {letter: vowel for (vowel, _), letter in WITH_TONE.items() if letter != vowel}
)
"""A `str.translate` table that takes the tone away and keeps breve, circumflex and horn."""
