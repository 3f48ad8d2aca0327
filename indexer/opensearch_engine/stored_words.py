"""The words of a document, stored for feedback: how often each exact word stands in its text.

The first line is the length of the exact field that scores see. Most words are Vietnamese
syllables, which the rules of spelling number: the second line has a sign for the distance of each
to the one before, the third for its counts. Each further line is another word, with its counts
where it is not once in the text and once in the field. That is half of the words written out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from archive.errors import EngineError
from indexer.opensearch_engine.mapping import FREQUENCY
from indexer.vietnamese.alphabet import LEVEL_TONE, TONES, with_tone
from indexer.vietnamese.spelling_rules import SHAPES
from indexer.vietnamese.syllables import exact_form

_FIRST: Final = 0x20
_FIRST_LONG: Final = 0xA0
_SHORT: Final = 0x5E
_TWO_COUNTS: Final = "~"
_MOST: Final = 50_000
"""Counts of a syllable from here on are written out: further signs are halves of others."""


@dataclass(frozen=True, slots=True)
class StoredWords:
    """The words of a document.

    Attributes:
        length: the length of the exact field, as scores see it.
        in_text: word -> how often it stands in the text.
        in_field: word -> its weighted frequency in the exact field.
    """

    length: int
    in_text: Mapping[str, int]
    in_field: Mapping[str, int]


@cache
def numbered_syllables() -> tuple[str, ...]:
    """Return the exact forms of all syllables, in the order of their numbers."""
    forms = set()
    for bare, shape in SHAPES.items():
        for tone in range(len(TONES)):
            if tone == LEVEL_TONE or shape.takes_tone(tone):
                forms.add(exact_form(with_tone(bare, shape.tone_position, tone)))
    return tuple(sorted(forms))


def syllables_digest() -> str:
    """Return a digest of the numbers of syllables: other ones need another format."""
    return hashlib.sha256("\n".join(numbered_syllables()).encode()).hexdigest()


@cache
def _numbers() -> Mapping[str, int]:
    return {form: number for number, form in enumerate(numbered_syllables())}


def write_words(words: StoredWords) -> str:
    """Return the words of a document as a text."""
    numbers = _numbers()
    distances, counts, lines, last = [], [], [], 0
    numbered = []
    for word, weighted in words.in_field.items():
        count = words.in_text.get(word, 0)
        if word in numbers and max(count, weighted) < _MOST:
            numbered.append((numbers[word], count, weighted))
        elif count == weighted == 1:
            lines.append(word)
        else:
            lines.append(f"{word}{FREQUENCY}{count}{FREQUENCY}{weighted}")
    for number, count, weighted in sorted(numbered):
        distances.append(_sign(number - last))
        both = _sign(weighted)
        counts.append(both if count == weighted else _TWO_COUNTS + _sign(count) + both)
        last = number
    return "\n".join([str(words.length), "".join(distances), "".join(counts), *sorted(lines)])


def read_words(text: str) -> StoredWords:
    """Return what `write_words` wrote; nothing is a document without words.

    Raises:
        EngineError: it is something else.
    """
    if not text:
        return StoredWords(0, {}, {})
    try:
        length, distances, counts, *lines = text.split("\n")
        in_text: dict[str, int] = {}
        in_field: dict[str, int] = {}
        for word, count, weighted in (*_read_syllables(distances, counts), *map(_read_line, lines)):
            in_field[word] = weighted
            if count:
                in_text[word] = count
        return StoredWords(int(length), in_text, in_field)
    except (ValueError, LookupError, StopIteration, RuntimeError) as error:
        raise EngineError(
            f"the words of a document are damaged: {error}; run `tangthu rebuild`"
        ) from error


def _read_syllables(distances: str, counts: str) -> Iterator[tuple[str, int, int]]:
    forms, signs, number = numbered_syllables(), iter(counts), 0
    for distance in distances:
        number += _value(distance)
        sign = next(signs)
        if sign == _TWO_COUNTS:
            yield forms[number], _value(next(signs)), _value(next(signs))
        else:
            count = _value(sign)
            yield forms[number], count, count


def _read_line(line: str) -> tuple[str, int, int]:
    word, *figures = line.split(FREQUENCY)
    if not word:
        raise ValueError("a word is empty")
    count, weighted = map(int, figures) if figures else (1, 1)
    return word, count, weighted


def _sign(number: int) -> str:
    return chr(_FIRST + number if number < _SHORT else _FIRST_LONG + number - _SHORT)


def _value(sign: str) -> int:
    code = ord(sign)
    return code - _FIRST if code < _FIRST_LONG else code - _FIRST_LONG + _SHORT
