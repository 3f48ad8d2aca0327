"""Spelling edits: the words near a misspelt one, and how likely each slip is.

The weights are those of a noisy channel: letters swapped, doubled or single, and a neighbouring key
are likelier than any other letter, and the first letter of a word is seldom wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from indexer.vietnamese.syllables import exact_form, folded_form, is_bare_syllable

_FOREIGN_LETTERS: Final = frozenset("fjwz")
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz"
_KEY_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

_LONGEST_WORD: Final = 30
"""Letters of the longest word that is corrected."""

LIKELY: Final = 1.0
PLAUSIBLE: Final = 0.5
_UNLIKELY: Final = 0.15
_FIRST_LETTER: Final = 0.2
_MARKED: Final = 0.3

_CONFUSED_ONSETS: Final = (
    ("ch", "tr"),
    ("tr", "ch"),
    ("gi", "d"),
    ("gi", "r"),
    ("d", "gi"),
    ("r", "gi"),
    ("ng", "ngh"),
    ("k", "c"),
)
"""Onsets that are pronounced alike somewhere and differ by more than a letter."""

_LIKE_ONSETS: Final = (
    *_CONFUSED_ONSETS,
    *(
        ("s", "x"),
        ("x", "s"),
        ("l", "n"),
        ("n", "l"),
        ("d", "r"),
        ("r", "d"),
        ("d", "v"),
        ("v", "d"),
    ),
)
_LIKE_FINALS: Final = (("n", "ng"), ("ng", "n"), ("c", "t"), ("t", "c"))
"""Onsets and finals that are pronounced alike somewhere."""


def _neighbouring_keys() -> frozenset[tuple[str, str]]:
    # In tenths of a key: each row begins somewhat to the right of the one above.
    places = {
        letter: (row, 10 * column + 4 * row)
        for row, letters in enumerate(_KEY_ROWS)
        for column, letter in enumerate(letters)
    }
    return frozenset(
        (first, second)
        for first, (row, column) in places.items()
        for second, (other_row, other_column) in places.items()
        if first != second and abs(row - other_row) <= 1 and abs(column - other_column) <= 10
    )


_NEIGHBOURING_KEYS: Final = _neighbouring_keys()


def edits1(folded: str) -> list[str]:
    """Return everything at one insertion, deletion, substitution or swap from a word, sorted."""
    cuts = [(folded[:position], folded[position:]) for position in range(len(folded) + 1)]
    edits = {head + tail[1:] for head, tail in cuts if tail}
    edits |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    edits |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in _ALPHABET}
    edits |= {head + letter + tail for head, tail in cuts for letter in _ALPHABET}
    return sorted(edits - {folded, ""})


def confused_syllables(folded: str) -> list[str]:
    """Return the syllables whose onset is often confused with that of a folded syllable."""
    edits = (new + folded[len(old) :] for old, new in _CONFUSED_ONSETS if folded.startswith(old))
    return [edit for edit in edits if is_bare_syllable(edit)]


def words_near(folded: str) -> list[str]:
    """Return the words that a folded one may be meant for: syllables, and edits of foreign words.

    Words of a letter or two are near to too many foreign words to tell.
    """
    if len(folded) > _LONGEST_WORD:
        return []
    near = [word for word in edits1(folded) if len(folded) > 2 or is_bare_syllable(word)]
    return [*near, *confused_syllables(folded)]


def bigrams_near(first: str, second: str, near: Sequence[Sequence[str]] | None = None) -> list[str]:
    """Return a folded bigram, and those of it with another word in the place of one.

    Args:
        first: the first word.
        second: the second one.
        near: what may stand for either word, where that is known; else all words near them.
    """
    near_first, near_second = near or (words_near(first), words_near(second))
    return [
        f"{first} {second}",
        *(f"{word} {second}" for word in near_first),
        *(f"{first} {word}" for word in near_second),
    ]


def may_be_meant(word: str) -> bool:
    """Tell whether a folded word is hardly a piece of another (`ii`, `tna`): `joe` is a name."""
    is_foreign = len(word) > 2 and not _FOREIGN_LETTERS.isdisjoint(word)
    return len(word) > 3 or is_foreign or is_bare_syllable(word)


def slip_weight(typed: str, meant: str) -> float:
    """Return the likelihood that an exact form was typed for the one that was meant."""
    folded, other = folded_form(typed), folded_form(meant)
    # Nobody says đ for d, gi or r.
    onsets = () if "đ" in (typed[:1], meant[:1]) else _LIKE_ONSETS
    if folded == other:
        return LIKELY
    if sound := _sound_in_common(folded, other, onsets):
        # `giầu` is heard as *dầu*, and no more as *dâu* than by a second slip.
        is_heard = typed.isascii() or _rest(typed, sound[0]) == _rest(meant, sound[1])
        return LIKELY if is_heard else _MARKED
    pairs = zip(typed, meant, folded, other, strict=False)
    # A letter that was typed with its diacritics was hardly struck by mistake.
    is_marked = len(typed) == len(meant) and any(
        old != new and not letter.isascii() and letter != changed
        for letter, changed, old, new in pairs
    )
    return edit_weight(folded, other) * (_MARKED if is_marked else 1)


def _sound_in_common(
    typed: str, meant: str, onsets: Sequence[tuple[str, str]]
) -> tuple[slice, slice] | None:
    """Return what two folded words have beside an onset or final that is pronounced alike."""
    for old, new in onsets:
        if typed.startswith(old) and meant == new + typed[len(old) :]:
            return slice(len(old), None), slice(len(new), None)
    for old, new in _LIKE_FINALS:
        if typed.endswith(old) and meant == typed[: -len(old)] + new:
            return slice(-len(old)), slice(-len(new))
    return None


def _rest(word: str, part: slice) -> str:
    return exact_form(word)[part]


def edit_weight(typed: str, meant: str) -> float:
    """Return the likelihood of the slip that typed a word one edit from the word meant."""
    longest = min(len(typed), len(meant))
    start = next((i for i in range(longest) if typed[i] != meant[i]), longest)
    weight = _slip_weight(typed, meant, start)
    is_swapped = len(typed) == len(meant) and typed[1:2] == meant[:1] and typed[2:] == meant[2:]
    return weight if start or is_swapped else weight * _FIRST_LETTER


def _slip_weight(typed: str, meant: str, start: int) -> float:
    if len(typed) == len(meant):
        if typed[start + 1 :] != meant[start + 1 :]:
            return LIKELY
        is_neighbour = (typed[start], meant[start]) in _NEIGHBOURING_KEYS
        return PLAUSIBLE if is_neighbour else _UNLIKELY
    longer = max(typed, meant, key=len)
    is_doubled = start > 0 and longer[start] == longer[start - 1]
    return LIKELY if is_doubled else PLAUSIBLE


def is_one_edit(first: str, second: str) -> bool:
    """Tell whether exact forms are one insertion, deletion, substitution or swap apart."""
    short, long = sorted((exact_form(first), exact_form(second)), key=len)
    if len(long) - len(short) > 1:
        return False
    letters = enumerate(zip(short, long, strict=False))
    start = next((position for position, (a, b) in letters if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[:start] + short[start : start + 2][::-1] + short[start + 2 :]
    return short[start + 1 :] == long[start + 1 :] or swapped == long
