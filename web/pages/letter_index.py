"""The index of first letters above a long list of names, whose links lead to where each begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

LEAST_NAMES = 60
"""Names of a list that has an index: fewer are seen at once."""

LEAST_LETTERS = 3
"""Letters of an index: months and years, which all begin alike, have none."""


@dataclass(frozen=True, slots=True)
class IndexLetter:
    """A letter, the page of the list on which it begins, and the place there, both from 1."""

    letter: str
    page: int
    place: int

    @property
    def anchor(self) -> str:
        """The identifier of the first name on its page that begins so."""
        return f"name-{self.place}"


def letter_index(
    names: Sequence[str], page_size: int, letter_of: Callable[[str], str]
) -> list[IndexLetter]:
    """Return the letters with which names in the order of the alphabet begin; none for a few names.

    Args:
        names: all names of the list, sorted.
        page_size: how many of them a page has.
        letter_of: gives the letter under which a name stands.
    """
    if len(names) < LEAST_NAMES:
        return []
    first_places: dict[str, int] = {}
    for place, name in enumerate(names):
        first_places.setdefault(letter_of(name), place)
    letters = [
        IndexLetter(letter, place // page_size + 1, place % page_size + 1)
        for letter, place in first_places.items()
    ]
    return letters if len(letters) >= LEAST_LETTERS else []
