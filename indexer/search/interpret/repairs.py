"""Repairs: what the spelling checker reads in place of stretches of a query."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from indexer.analysis.analyzer import Token

FAR_MORE = 50
"""A word that occurs in the archive is still corrected if the correction is at least this many
times as frequent."""


class RepairKind(StrEnum):
    """Why a stretch of a query was repaired."""

    MISSPELT = "misspelt"
    JOINED = "joined"
    SPLIT = "split"
    CONFUSION = "confusion"
    TEENCODE = "teencode"


@dataclass(frozen=True, slots=True)
class Correction:
    """A stretch of the searched text, and the words meant by it.

    Attributes:
        start: offset of its first character in the text searched for.
        end: offset after its last character.
        text: the words in its place.
        kind: why it was repaired.
    """

    start: int
    end: int
    text: str
    kind: RepairKind


@dataclass(frozen=True, slots=True)
class Repair:
    """The spelling repair of a query of plain words.

    Attributes:
        text: the whole query repaired.
        corrections: the stretches that changed, in their order; none if only unknown words
            are reported.
        unknown: words that the archive does not hold and that could not be repaired.
    """

    text: str
    corrections: tuple[Correction, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the query, its words as they are now, and why they are not those typed."""

    start: int
    end: int
    text: str
    tokens: tuple[Token, ...]
    kind: RepairKind | None = None
