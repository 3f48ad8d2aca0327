"""The fields of the index, the zones of an article, and the passages of words between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Field(StrEnum):
    """A field of terms that an engine keeps."""

    FOLDED = "folded"
    """Every word without diacritics, of the whole article, weighted by zone."""
    EXACT = "exact"
    """Every word with its diacritics (old tone style, i/y merged)."""
    PAIRS = "pairs"
    """Every bigram (n-gram of two words) without diacritics: `cong an`."""
    EXACT_PAIRS = "exact_pairs"
    """Every bigram with diacritics: `công an`."""
    TITLE = "title"
    """The words of the title without diacritics."""
    TITLE_EXACT = "title_exact"
    """The words of the title with diacritics."""
    AUTHOR = "author"
    PERSON = "person"
    PUBLISHER = "publisher"
    CATEGORY = "category"


class Zone(IntEnum):
    """A part of an article; `ZONE_WEIGHTS` holds the weight of one occurrence in it."""

    TITLE = 0
    LEAD = 1
    HEADING = 2
    BODY = 3
    CAPTION = 4
    BYLINE = 5
    PERSON = 6
    PUBLISHER = 7
    CATEGORY = 8


ZONE_WEIGHTS = {
    Zone.TITLE: 3,
    Zone.LEAD: 1,
    Zone.HEADING: 1,
    Zone.BODY: 1,
    Zone.CAPTION: 1,
    Zone.BYLINE: 1,
}
"""Occurrences that one occurrence in a zone counts as, in FOLDED, EXACT, PAIRS, EXACT_PAIRS."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of words without a break, as exact forms; position is the index in `words`.

    Attributes:
        extras: (position, exact form) of the extra terms; they form no bigrams.
        section: The number of the section it belongs to, from 1; 0 is none.
    """

    zone: Zone
    words: tuple[str, ...]
    extras: tuple[tuple[int, str], ...] = ()
    section: int = 0
