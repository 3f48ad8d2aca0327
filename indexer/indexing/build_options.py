"""How an index is built, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

KEEP = 2
"""Published generations that stay on disk: the live one and the one before it."""

MEMORY = 512 << 20
"""Bytes that buffered documents may take while building."""

Progress = Callable[[int, int], None]
"""Told (documents done, documents in all) now and then."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build.

    Attributes:
        memory: bytes that buffered documents may take, in each process.
        keep: published generations that stay.
        batch: changes of an update that are read at a time.
        workers: processes of a rebuild.
        max_load: load average of the machine above which a rebuild waits; 0 is no limit.
        resume: go on with a rebuild that was interrupted.
    """

    memory: int = MEMORY
    keep: int = KEEP
    batch: int = 1000
    workers: int = 1
    max_load: float = 0.0
    resume: bool = True


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What an update or a rebuild did; `generation` is the one that is served now.

    `saved` are articles that a rebuild did not index again because one that was interrupted had.
    """

    generation: str
    documents: int
    indexed: int
    deleted: int
    sequence: int
    saved: int = 0
