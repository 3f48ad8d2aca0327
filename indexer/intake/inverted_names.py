"""Names with a comma inside, as catalogues write them: `O'Neil, Mary`, `John King, Jr.`."""

from __future__ import annotations

import re

from indexer.vietnamese.name_words import FOREIGN_BODIES
from indexer.vietnamese.syllables import is_bare_syllable, is_syllable

_SUFFIX = re.compile(
    r"(?:Jr|Sr|Esq|Ph\.?\s?D|M\.?D|M\.?A|B\.?A|MBA|J\.?D|LL\.?M|D\.?Phil|II|III|IV)\.?"
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.[\s-]?){1,4}")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
_PARTICLES = frozenset("van der den de la le di da dos del bin ibn al el ter st st. mac".split())
_MOST_GIVEN_NAMES = 3

_SURNAMES_ALONE = frozenset("nguyễn trần phạm huỳnh đặng bùi đỗ ngô võ đinh trương".split())
"""Vietnamese family names with which nobody signs alone, as with a pen name."""

_SOURCES = FOREIGN_BODIES | frozenset(
    "xinhua yonhap kyodo sputnik tass interfax newsweek time fortune forbes politico axios variety"
    " billboard nikkei vnexpress zing dantri tiktok internet getty shutterstock pixabay".split()
)
"""Words in whose company no name is inverted: `Theo Reuters, Guardian`."""


def is_inverted(text: str) -> bool:
    """Tell whether a text with one comma is one name: a family name first, or a suffix behind it.

    Two names of Vietnamese syllables are two people, but for `Nguyễn, Văn An`.
    """
    left, comma, right = (part.strip() for part in text.partition(","))
    if not comma or "," in right or not left or not right:
        return False
    if _SUFFIX.fullmatch(right):
        return " " in left
    family, given = left.split(), right.split()
    if len(given) > _MOST_GIVEN_NAMES or not (right[0].isupper() and _are_names(left, right)):
        return False
    if len(family) == 1 and all(map(_is_vietnamese, family + given)):
        return left.lower() in _SURNAMES_ALONE and len(given) > 1
    is_one_name = len(family) == 1 and left[0].isupper()
    return is_one_name or all(word.lower() in _PARTICLES for word in family[:-1])


def _are_names(left: str, right: str) -> bool:
    """Tell whether both sides of a comma are words of names, and neither is a source's."""
    words = [*left.split(), *_INITIALS.sub(" ", right).split()]
    if any(word.lower().rstrip(".") in _SOURCES or _is_acronym(word) for word in words):
        return False
    return all(map(_WORD.fullmatch, words))


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _is_vietnamese(word: str) -> bool:
    return is_syllable(word) or is_bare_syllable(word)
