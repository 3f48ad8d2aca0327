"""Extract the acronyms that a text itself defines.

Both ``Ủy ban nhân dân (UBND)`` and ``UBND (Ủy ban nhân dân)`` define one.
A definition is accepted if the letters of the short form are the initials of the syllables
of the long form, read from right to left; see `extract`. The idea is that of Schwartz and
Hearst (2003), "A simple algorithm for identifying abbreviation definitions", made stricter
for a language that writes its syllables apart.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from indexer.vietnamese.body_names import find_body_name
from indexer.vietnamese.normalization import fold_canonical

FUNCTION_WORDS: Final = frozenset("va ve cua cac nhung cho voi".split())
"""Folded words that a short form may leave out or spell: và về của các những cho với."""

MAX_LETTERS: Final = 12
MAX_SKIPPED: Final = 2
"""Most syllables of a long form without a letter; none for two letters, one for three."""

MAX_BRACKETS: Final = 5_000
"""Most brackets of one text that are looked at; a newspaper article has ten."""

_CONTEXT: Final = 200
"""Characters before a bracket that may hold the long form."""

_BRACKET: Final = re.compile(r"\(([^()\n]{2,120})\)")
_CALLED: Final = re.compile(
    r"(?:sau đây )?(?:(?:được )?(?:gọi|viết) tắt(?: là)?|gọi là|tên viết tắt(?: là)?)\s*:?\s*", re.I
)
_SHORT: Final = re.compile(r"[^\W\d_]+(?:[ .&/–-]{1,3}[^\W\d_]+){0,7}\.?")
_SHORT_BEFORE: Final = re.compile(r"[^\W\d_][^\s()\d,;:!?\"“”]{0,19}$")
_PIECE: Final = re.compile(r"&|[^\W\d_]+")
_WORD: Final = re.compile(r"[^\W_]+")
_CONTEXT_END: Final = re.compile(r"[.!?…](?=\s)|[\n;:\"“”«»()\[\]{}]")
_JOINER: Final = "&"


@dataclass(frozen=True, slots=True)
class Definition:
    """A short form and the long form that a text gives for it.

    Attributes:
        short: The short form as written (``ANM & PCTP``).
        long: The long form as written (``An ninh mạng và phòng, chống tội phạm``).
        start: Offset of the long form in the text.
    """

    short: str
    long: str
    start: int


@dataclass(frozen=True, slots=True)
class _Word:
    folded: str
    start: int
    end: int


def extract(text: str) -> list[Definition]:
    """Find the acronyms that a canonical text defines, in order of appearance.

    ``long form (SHORT)`` or ``SHORT (long form)``. Each letter of the short form starts a
    syllable of the long form, in order and without diacritics (Đ is D, W is ươ, & is và); dots are
    ignored. Where no initials fit, the name of a body (`Tập đoàn Dầu khí Việt Nam (PVN)`) is
    the long form. Function words may be left out, and a few other syllables (`MAX_SKIPPED`), but
    never the first or the last. The long form ends where a sentence, a quotation or a bracket
    does; a comma does not end it.
    """
    definitions: list[Definition] = []
    for bracket in islice(_BRACKET.finditer(text), MAX_BRACKETS):
        definition = _long_before(text, bracket) or _short_before(text, bracket)
        if definition is not None:
            definitions.append(definition)
    return definitions


def letters_of(short: str) -> list[str] | None:
    """Split a short form into its folded initials, ``&`` for each joining word; None if it is none.

    A lower-case letter belongs to the capital before it (ThS is th, s).
    """
    if _SHORT.fullmatch(short) is None:
        return None
    letters: list[str] = []
    for piece in _PIECE.findall(short):
        folded = fold_canonical(piece)
        if piece == "&" or folded in FUNCTION_WORDS and not piece.isupper():
            letters.append(_JOINER)
            continue
        initials = _initials(piece)
        if initials is None:
            return None
        letters.extend(initials)
    count = sum(letter != _JOINER for letter in letters)
    return letters if 2 <= count <= MAX_LETTERS and letters[0] != _JOINER else None


def is_aligned(short: str, long: str) -> bool:
    """Tell whether the letters of a short form are the initials of a whole long form."""
    letters = letters_of(short)
    return letters is not None and _align(letters, _words(long, 0), all_words=True) == 0


def _initials(piece: str) -> list[str] | None:
    """Split one piece of a short form at its capitals; None if it has too few of them."""
    capitals = sum(letter.isupper() for letter in piece)
    if not piece[0].isupper() or (len(piece) > 2 and 2 * capitals < len(piece)):
        return None
    starts = [i for i, letter in enumerate(piece) if letter.isupper()] + [len(piece)]
    folded = fold_canonical(piece)
    return [folded[a:b] for a, b in zip(starts, starts[1:], strict=False)]


def _long_before(text: str, bracket: re.Match[str]) -> Definition | None:
    """Read ``long form (SHORT)``."""
    short = _CALLED.sub("", bracket[1].strip(), count=1).strip("\"“”' ")
    letters = letters_of(short)
    if letters is None:
        return None
    offset = max(0, bracket.start() - _CONTEXT)
    context = text[offset : bracket.start()].rstrip()
    ends = [match.end() for match in _CONTEXT_END.finditer(context)]
    words = _words(context, ends[-1] if ends else 0)
    first = _align(letters, words)
    if first is not None:
        start: int | None = words[first].start if words else None
    else:
        start = find_body_name(short, context, ends[-1] if ends else 0)
    if start is None or not words:
        return None
    return Definition(short, context[start : words[-1].end], offset + start)


def _short_before(text: str, bracket: re.Match[str]) -> Definition | None:
    """Read ``SHORT (long form)``."""
    content = bracket[1].strip()
    context = text[max(0, bracket.start() - 40) : bracket.start()].rstrip()
    for short in _shorts_at_end(context):
        letters = letters_of(short)
        if letters is not None and _align(letters, _words(content, 0), all_words=True) == 0:
            return Definition(short, content, bracket.start(1) + bracket[1].index(content))
    return None


def _shorts_at_end(context: str) -> Iterator[str]:
    """Yield the last run of letters before a bracket, then the last two and three with a joiner."""
    last = _SHORT_BEFORE.search(context)
    if last is None:
        return
    pieces = context.split()
    if len(pieces) > 2 and (pieces[-2] == "&" or fold_canonical(pieces[-2]) in FUNCTION_WORDS):
        yield " ".join(pieces[-3:])
    yield last[0]


def _words(text: str, start: int) -> list[_Word]:
    return [
        _Word(fold_canonical(match[0]), match.start(), match.end())
        for match in _WORD.finditer(text, start)
    ]


def _align(letters: Sequence[str], words: Sequence[_Word], all_words: bool = False) -> int | None:
    """Return the index of the first word of the long form that ends with the last word, or None.

    Args:
        letters: Folded initials and joiners of the short form.
        words: The words before the bracket.
        all_words: Whether the long form has to take all of them.
    """
    count = sum(letter != _JOINER for letter in letters)
    for skipped in range(min(MAX_SKIPPED, count - 2) + 1):
        first = _Alignment(letters, words).first_word(len(letters), len(words), skipped)
        if first is not None and (not all_words or first == 0):
            return first
    return None


class _Alignment:
    """The alignment of a short form with the words before it; dead ends are memoized.

    Without the memo a hostile text (sixty times "va") would take exponential time.
    """

    def __init__(self, letters: Sequence[str], words: Sequence[_Word]) -> None:
        self._letters = letters
        self._words = words
        self._dead_ends: set[tuple[int, int, int]] = set()

    def first_word(self, letters: int, words: int, skips: int) -> int | None:
        """Match the first letters and words from the right; return the index of the first word."""
        if letters == 0:
            return words
        if words == 0 or (letters, words, skips) in self._dead_ends:
            return None
        for step in self._steps(letters, words, skips):
            first = self.first_word(*step)
            if first is not None:
                return first
        self._dead_ends.add((letters, words, skips))
        return None

    def _steps(self, letters: int, words: int, skips: int) -> Iterator[tuple[int, int, int]]:
        """Yield the ways to match or leave out the last letter and word, the best first."""
        letter, folded = self._letters[letters - 1], self._words[words - 1].folded
        is_function_word = folded in FUNCTION_WORDS
        if letter == _JOINER:
            yield letters - 1, words - 1 if is_function_word else words, skips
            return
        if folded.startswith(letter) or (letter == "w" and folded.startswith("uo")):
            yield letters - 1, words - 1, skips
        if words == len(self._words):
            return
        if is_function_word:
            yield letters, words - 1, skips
        elif skips > 0:
            yield letters, words - 1, skips - 1
