"""The quality of a text that a program extracted: words of a language, or signs without sense."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from indexer.vietnamese.syllables import is_bare_syllable, is_syllable

LEAST_READABLE = 0.3
"""Share of words that a text has at least where it is one."""

_MOST_WORDS = 400
"""Words that are looked at."""

_BEGINNING = 16 * _MOST_WORDS
"""Characters in which an ordinary text has more words than are looked at."""

_WORD = re.compile(r"[^\W\d_]+")
_NO_LETTER = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff]")
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}|^[bcdfghjklmnpqrstvwxz]+$")
_LONGEST_WORD = 25


@dataclass(frozen=True, slots=True)
class TextQuality:
    """The counts of a text.

    Attributes:
        words: Words, of which at most some hundred are looked at.
        readable: Those of them that are Vietnamese syllables, or look like words of a language.
        letterless: Characters that stand for no letter.
        length: Characters in all.
    """

    words: int
    readable: int
    letterless: int
    length: int

    @property
    def is_readable(self) -> bool:
        """Whether this is a text that people can read."""
        if not self.words or self.letterless > LEAST_READABLE * self.length:
            return False
        return self.readable >= LEAST_READABLE * self.words


def judge_text(text: str) -> TextQuality:
    """Count the words of a text, and what in it is none."""
    words = _WORD.findall(text, 0, _BEGINNING)
    if len(words) <= _MOST_WORDS:
        # The last word of the beginning may go on, and there may be more.
        words = _WORD.findall(text)
    words = words[:_MOST_WORDS]
    return TextQuality(
        words=len(words),
        readable=sum(map(_is_word, words)),
        letterless=_count_letterless(text),
        length=len(text),
    )


def _count_letterless(text: str) -> int:
    """Return the number of characters that stand for no letter."""
    # All of them but one are unprintable, which is far quicker to see; most texts have none.
    if text.replace("\n", "").isprintable() and "\ufffd" not in text:
        return 0
    return len(_NO_LETTER.findall(text))


@lru_cache(1 << 15)
def _is_word(word: str) -> bool:
    """Tell whether letters are a Vietnamese syllable or look like a word of another language."""
    if len(word) > _LONGEST_WORD:
        return False
    word = unicodedata.normalize("NFC", word)
    if is_syllable(word) or is_bare_syllable(word):
        return True
    lower = word.lower()
    if word.isascii():
        has_word_case = word in (lower, word.upper(), word.capitalize())
        return has_word_case and not _CONSONANTS.search(lower)
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in lower}
    return scripts != {"LATIN"} and len(scripts) == 1 and "?" not in scripts
