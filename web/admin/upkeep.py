"""The upkeep of an archive: last verification, backups, rebuild, jobs under way, disk."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.backups.removal_ledger import BackupEntry, read_backups
from archive.errors import EngineError
from archive.upkeep.running_jobs import JobProgress, read_running_jobs
from archive.upkeep.verification_record import VerificationRecord, read_verification
from indexer.generations.generations import read_index_state
from indexer.generations.progress_file import BuildProgress, read_progress
from indexer.open_archive import OpenArchive


@dataclass(frozen=True, slots=True)
class FolderSize:
    """A part of the home, and its bytes."""

    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The state of an archive's upkeep.

    Attributes:
        verification: the last one that was recorded; None where none was.
        backups: those that are still there, newest first.
        indexed_at: when the live generation was published; None without one.
        index_problem: why the index cannot be read; empty where it can.
        building: the build under way.
        jobs: what else runs, such as a backup.
        free: bytes that are free on the disk of the home.
    """

    articles: int
    indexed: int
    behind: int
    verification: VerificationRecord | None
    backups: tuple[BackupEntry, ...]
    indexed_at: datetime | None
    index_problem: str
    building: BuildProgress | None
    jobs: list[JobProgress]
    sizes: tuple[FolderSize, ...]
    free: int

    @property
    def progress(self) -> float:
        """The share of the build under way that is done, from 0 to 1."""
        if self.building is None or not self.building.total:
            return 0.0
        return min(1.0, self.building.done / self.building.total)


def read_upkeep(archive: OpenArchive) -> Upkeep:
    """Return the state of an archive's upkeep."""
    store, problem, indexed, sequence = archive.store, "", 0, 0
    indexed_at: datetime | None = None
    try:
        state = read_index_state(store)
        indexed, sequence = state.documents, state.sequence
        if archive.live_index.generation_name():
            indexed_at = archive.live_index.switched_at()
    except EngineError as error:
        problem = str(error)
    return Upkeep(
        articles=store.count_articles(),
        indexed=indexed,
        behind=max(0, store.last_sequence() - sequence),
        verification=read_verification(store.home),
        backups=tuple(reversed(read_backups(store.home))),
        indexed_at=indexed_at,
        index_problem=problem,
        building=read_progress(store),
        jobs=read_running_jobs(store.home),
        sizes=_sizes(store.home),
        free=shutil.disk_usage(store.home).free,
    )


def _sizes(home: Path) -> tuple[FolderSize, ...]:
    names = {"originals": ("originals",), "index": ("index",), "catalogue": ()}
    sizes = [
        FolderSize(name, sum(_folder_bytes(home / folder) for folder in folders))
        for name, folders in names.items()
        if folders
    ]
    catalogue = sum(_file_bytes(path) for path in home.glob("catalogue.sqlite*"))
    return (*sizes, FolderSize("catalogue", catalogue))


def _folder_bytes(folder: Path) -> int:
    return sum(
        _file_bytes(Path(place) / name) for place, _, names in os.walk(folder) for name in names
    )


def _file_bytes(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        # An update removes files meanwhile.
        return 0
