"""The table of teencode holds words that are spelt as syllables are."""

from __future__ import annotations

from indexer.vietnamese.normalization import lower_canonical
from indexer.vietnamese.syllables import is_syllable
from indexer.vietnamese.teencode import TEENCODE


def test_every_spelling_stands_for_syllables_and_is_lower_case() -> None:
    for spelling, words in TEENCODE.items():
        assert spelling == spelling.lower() == lower_canonical(spelling)
        assert all(map(is_syllable, words.split(" "))), words
        assert words not in TEENCODE
