"""Names: the capitalized phrases of an archive, with their counts and kinds, a file a generation.

A phrase is a name if most articles that write it within a sentence give every word a capital, and
no word mostly goes on from it, nor one with a capital nearly always stands before it. Names are
made anew from the phrase counts when these are saved, so that an update keeps them right.

Arrays of the file: `folded` (ascending) and `surface`, string tables; `articles` and `kinds`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.arrays.array_file import ArrayFile, write_arrays
from indexer.arrays.string_table import StringTable, string_table_arrays
from indexer.derived.phrase_boundaries import LEAST_ARTICLES, commonest_left, commonest_right
from indexer.derived.phrase_counts import CAPITALS, WRITTEN, PhraseCounts
from indexer.derived.phrase_table import PhraseTable
from indexer.vietnamese.person_names import SURNAMES

NAMES_FILE: Final = "names.learned"

_CAPITAL_SHARE: Final = 0.7
_GOES_ON: Final = 0.5
_BEGINS_EARLIER: Final = 0.8
_HIGHEST_LETTER: Final = "\uffff"

_ORGANIZATION_HEADS: Final = (
    "công ty",
    "ngân hàng",
    "tập đoàn",
    "bộ ",
    "sở ",
    "ủy ban",
    "đại học",
    "trường ",
    "bệnh viện",
    "công an",
    "ubnd",
    "hội ",
    "clb",
    "fc ",
    "đội ",
    "viện ",
)
_PLACE_HEADS: Final = (
    "tỉnh ",
    "thành phố",
    "tp ",
    "tp.",
    "huyện ",
    "quận ",
    "thị xã",
    "xã ",
    "phường ",
    "sông ",
    "núi ",
    "đảo ",
    "biển ",
    "hồ ",
    "cầu ",
)


class NameKind(IntEnum):
    """Person, organization, place, or not known which."""

    UNKNOWN = 0
    PERSON = 1
    ORGANIZATION = 2
    PLACE = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A name: its folded form, its words with their capitals, its document frequency and kind."""

    folded: str
    surface: str
    documents: int
    kind: NameKind


class NameTable:
    """The names of a generation, mapped; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Map the file of a generation.

        Raises:
            EngineError: it is missing or damaged.
        """
        self._file = ArrayFile(folder / NAMES_FILE, NAMES_FILE, None)
        self._folded = StringTable(self._file, "folded").strings()
        self._surface = StringTable(self._file, "surface")
        self._articles = self._file.array("articles")
        self._kinds = self._file.array("kinds")

    def __len__(self) -> int:
        return len(self._folded)

    def find(self, folded_words: Sequence[str]) -> Name | None:
        """Return the commonest name of some folded words; None where they are no name."""
        folded = " ".join(folded_words)
        return max(
            self._range(folded, folded + "\0"), key=lambda name: name.documents, default=None
        )

    def with_prefix(self, folded: str, limit: int = 20) -> list[Name]:
        """Return the commonest names whose folded form begins with a prefix."""
        names = self._range(folded, folded + _HIGHEST_LETTER)
        return sorted(names, key=lambda name: (-name.documents, name.surface))[: max(0, limit)]

    def _range(self, first: str, after: str) -> list[Name]:
        low = bisect_left(self._folded, first)
        return [self._name(row) for row in range(low, bisect_left(self._folded, after, low))]

    def _name(self, row: int) -> Name:
        return Name(
            self._folded[row],
            self._surface.string(row),
            self._articles.item(row),
            NameKind(self._kinds.item(row)),
        )


def name_kind(surface: str) -> NameKind:
    """Tell what a name names, by its first words."""
    words = surface.lower().split()
    beginning = " ".join(words) + " "
    if beginning.startswith(_ORGANIZATION_HEADS):
        return NameKind.ORGANIZATION
    if beginning.startswith(_PLACE_HEADS) and words[0] not in SURNAMES:
        return NameKind.PLACE
    if 2 <= len(words) and words[0] in SURNAMES and surface != surface.upper():
        return NameKind.PERSON
    return NameKind.UNKNOWN


def write_names(folder: Path) -> None:
    """Write the names of a generation under construction, from its phrase table."""
    table = PhraseTable(folder)
    names = sorted(
        (
            Name(
                " ".join(table.folded_words[word_id] for word_id in word_ids),
                surface := " ".join(table.surface_forms(word_ids)),
                documents,
                name_kind(surface),
            )
            for length, phrases in table.phrases.items()
            for word_ids, documents in _whole_names(table, length, phrases)
        ),
        key=lambda name: (name.folded, name.surface),
    )
    write_arrays(
        folder / NAMES_FILE,
        NAMES_FILE,
        [
            *string_table_arrays("folded", [name.folded for name in names]).items(),
            *string_table_arrays("surface", [name.surface for name in names]).items(),
            ("articles", np.array([name.documents for name in names], np.uint32)),
            ("kinds", np.array([name.kind for name in names], np.uint32)),
        ],
    )


def _whole_names(
    table: PhraseTable, length: int, phrases: PhraseCounts
) -> list[tuple[list[int], int]]:
    """Return the word ids and the document frequency of the names of one length."""
    is_name = _is_capitalized(phrases)
    if length + 1 in table.phrases:
        longer = table.phrases[length + 1]
        is_name &= commonest_right(phrases, longer) <= _GOES_ON * phrases.documents
        # Before a name stand offices and countries, too: those belong to it only if hardly
        # anything else does.
        longer = longer.select(_is_capitalized(longer))
        is_name &= commonest_left(phrases, longer) <= _BEGINS_EARLIER * phrases.documents
    names = phrases.select(is_name)
    return list(zip(names.word_ids.tolist(), names.documents.tolist(), strict=True))


def _is_capitalized(phrases: PhraseCounts) -> NDArray[np.bool_]:
    """Return (phrases,) whether running text gives each word of a phrase a capital."""
    written = phrases.counts[:, WRITTEN]
    capitals = phrases.counts[:, CAPITALS:].min(axis=1, initial=np.iinfo(np.int32).max)
    is_frequent: NDArray[np.bool_] = (phrases.documents >= LEAST_ARTICLES) & (written > 0)
    is_capitalized: NDArray[np.bool_] = capitals >= _CAPITAL_SHARE * written
    return is_frequent & is_capitalized
