"""The records of the change sequence and of versions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from archive.article import Origin
from archive.originals import Place


class ChangeKind(StrEnum):
    """What happened to an article."""

    ADDED = "added"
    CHANGED = "changed"
    DELETED = "deleted"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """One step of the sequence; an UNCHANGED one names the step that made the version."""

    sequence: int
    identifier: str
    version: int
    kind: ChangeKind


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article and where its original is; `captured` is ISO 8601."""

    number: int
    sequence: int
    captured: str
    digest: str
    text_digest: str
    origin: Origin
    place: Place
