"""Road numbers: `QL1A` is quốc lộ 1A, `ĐT743` tỉnh lộ or đường tỉnh 743, glued or with a blank."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.vietnamese.normalization import fold_canonical

_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "QL": ("quốc lộ",),
    "ĐT": ("tỉnh lộ", "đường tỉnh"),
    "TL": ("tỉnh lộ", "đường tỉnh"),
    "HL": ("hương lộ",),
}
"""Short form of a kind of road -> its names."""

_BY_LETTERS: Final = {fold_canonical(short): short for short in _KINDS}
_SHORTS: Final[dict[str, list[str]]] = {}
for _short, _names in _KINDS.items():
    for _name in _names:
        _SHORTS.setdefault(fold_canonical(_name), []).append(_short)

_NUMBER: Final = re.compile(r"\d{1,3}[A-Za-z]?")
_GLUED: Final = re.compile(rf"({'|'.join(_BY_LETTERS)}|đt)({_NUMBER.pattern})", re.IGNORECASE)
_SPACED: Final = (*_BY_LETTERS, "đt")


@dataclass(frozen=True, slots=True)
class RoadForm:
    """Another form of a road that is named among words.

    Attributes:
        start: index of its first word.
        end: index after its last word.
        short: a short form.
        long: a name.
        is_short: whether the name is to be added, not the short form.
    """

    start: int
    end: int
    short: str
    long: str
    is_short: bool


def find_roads(words: Sequence[str]) -> Iterator[RoadForm]:
    """Yield the other forms of the roads that words name, those likeliest meant first."""
    for start, word in enumerate(words):
        number = words[start + 1] if start + 1 < len(words) else ""
        if glued := _GLUED.fullmatch(word):
            yield from _other_forms(glued[1], glued[2], (start, start + 1), " ")
        elif word.lower() in _SPACED and _NUMBER.fullmatch(number):
            yield from _other_forms(word, number, (start, start + 2), "")
        elif len(words) > start + 2 and _NUMBER.fullmatch(words[start + 2]):
            name = f"{word} {number}".lower()
            for short in _SHORTS.get(fold_canonical(name), ()):
                for blank in ("", " "):
                    form = f"{short}{blank}{words[start + 2]}"
                    yield RoadForm(start, start + 3, form, f"{name} {words[start + 2]}", False)


def _other_forms(
    letters: str, number: str, span: tuple[int, int], blank: str
) -> Iterator[RoadForm]:
    """Yield the names of a road by its short form, and the short form with or without a blank."""
    short = _BY_LETTERS[fold_canonical(letters)]
    names = [f"{name} {number}" for name in _KINDS[short]]
    for name in names:
        yield RoadForm(*span, f"{short}{number}", name, True)
    yield RoadForm(*span, f"{short}{blank}{number}", names[0], False)
