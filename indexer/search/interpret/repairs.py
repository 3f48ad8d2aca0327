"""Repairs: what the spelling checker reads in place of stretches of a query."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from indexer.analysis.analyzer import Token

FAR_MORE = 50
"""A word that occurs in the archive is still corrected if the correction is at least this many
times as frequent."""


CLEARLY = 3
"""A repair is searched if it is so many times as likely as the next one, else only suggested."""


class RepairKind(StrEnum):
    """Why a stretch of a query was repaired."""

    MISSPELT = "misspelt"
    JOINED = "joined"
    SPLIT = "split"
    CONFUSION = "confusion"
    TEENCODE = "teencode"
    KEYSTROKES = "keystrokes"


@dataclass(frozen=True, slots=True)
class Correction:
    """A stretch of the searched text, and the words meant by it.

    Attributes:
        start: offset of its first character in the text searched for.
        end: offset after its last character.
        text: the words in its place.
        kind: why it was repaired.
        is_clear: nothing else is nearly as likely.
    """

    start: int
    end: int
    text: str
    kind: RepairKind
    is_clear: bool = True


@dataclass(frozen=True, slots=True)
class Repair:
    """The spelling repair of a query of plain words.

    Attributes:
        text: the whole query with its clear corrections.
        corrections: the stretches that changed, in their order; none if only unknown words
            are reported.
        unknown: words that the archive does not hold and that could not be repaired.
        suggestion: the query with all corrections; empty if all are clear.
    """

    text: str
    corrections: tuple[Correction, ...]
    unknown: tuple[str, ...] = ()
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the query, its words as they are now, and why they are not those typed."""

    start: int
    end: int
    text: str
    tokens: tuple[Token, ...]
    kind: RepairKind | None = None
    is_clear: bool = True
