"""Options of a build, and the report on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MEMORY = 512 << 20
"""Bytes that buffered documents may take while building."""

Progress = Callable[[int, int], None]
"""Called with (documents done, documents in all) as a build advances."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Options of a build.

    Attributes:
        memory: bytes that buffered documents may take, in each process.
        keep: published generations that stay on disk, the current one among them.
        batch: changes of an update that are read at a time.
        workers: processes of a rebuild.
        max_load: load average of the machine above which a rebuild waits; 0 is no limit.
        resume: continue an interrupted rebuild from its checkpoint.
        location: the cluster on which a rebuild builds, empty for the home; None is what the
            settings say.
    """

    memory: int = MEMORY
    keep: int = 2
    batch: int = 1000
    workers: int = 1
    max_load: float = 0.0
    resume: bool = True
    location: str | None = None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The outcome of an update or a rebuild.

    Attributes:
        generation: the one that is served now.
        documents: articles in its index.
        indexed: articles that were indexed for it.
        deleted: articles that were taken out for it.
        sequence: the last change of the store that it includes.
        resumed: articles of `indexed` that came from the checkpoint of an interrupted rebuild.
    """

    generation: str
    documents: int
    indexed: int
    deleted: int
    sequence: int
    resumed: int = 0
