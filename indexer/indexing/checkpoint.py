"""The checkpoint of a rebuild: results of finished tasks, from which a killed one resumes.

A rebuild cuts the identifiers into fixed ranges. Each range is a task, and its result a folder
with spill files of the articles and the data derived from them: made under another name, recorded
with SHA-256 digests, made durable, and only then renamed into place. When all tasks are finished
their spill files are assembled into as few segments as memory allows, each again finished or
missing. So an interruption costs the task that was under way, and the index is the same however
often and however many processes were stopped. What changed in the store since the rebuild began
is applied before publishing (`index_builder.py`).
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Annotated

from msgspec import Meta

import indexer
from archive.errors import DamagedError, EngineError, write_failures_as
from archive.files.atomic_files import replace_file, sync_folder
from archive.files.json_records import read_json_record
from archive.store import Store
from indexer.derived.dataset import DerivedData, load_derived_data
from indexer.generations.file_digests import FileName, FileRecords, damaged_files, record_durably

RESULT = "finished.json"
PLAN = "plan.json"
_TASK_DOCUMENTS = 512
"""Articles of a task, about: an interruption costs half a task, and tasks with fewer articles than
`phrase_table_builder.LARGE_BLOCK` would keep every word that stands in them once."""

_MOST_TASKS = 1024
_LARGEST_RECORD = 64 << 20


@dataclass(frozen=True, slots=True)
class RebuildPlan:
    """The ranges of a rebuild, fixed when it begins.

    Attributes:
        program: the digest of the program that began it; another one begins anew.
        sequence: the store's last change when it began.
        tasks: ranges of identifiers.
        interruptions: how often it was stopped before its end.
        address: the index on a cluster that its tasks fill; empty for one in the home.
    """

    program: str
    sequence: Annotated[int, Meta(ge=0)]
    tasks: Annotated[int, Meta(ge=1, le=_MOST_TASKS)]
    interruptions: int = 0
    address: str = ""


@dataclass(frozen=True, slots=True)
class TaskResult:
    """The record of a finished folder.

    Attributes:
        documents: articles in it.
        files: all of its files.
        spill_files: names of those that a segment is assembled from, in order.
    """

    documents: int
    files: FileRecords
    spill_files: tuple[FileName, ...] = ()


def plan_rebuild(store: Store, address: str = "") -> RebuildPlan:
    """Cut the identifiers of a store into ranges of some hundred articles.

    Args:
        store: what is indexed.
        address: the index on a cluster that is to be filled; empty for one in the home.
    """
    tasks = -(-store.count_articles() // _TASK_DOCUMENTS)
    tasks = min(max(1, tasks), _MOST_TASKS)
    return RebuildPlan(program_digest(), store.last_sequence(), tasks, address=address)


@cache
def program_digest() -> str:
    """Return the SHA-256 of the indexer's code and tables: results of other programs do not fit.

    A process keeps the code that it began with, also when another is installed meanwhile.
    """
    package = Path(indexer.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.suffix in (".py", ".tsv"):
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class RebuildCheckpoint:
    """The folder of the rebuild that is under way; there is at most one.

    Its name is random, so that a worker of an earlier rebuild, stopped but not yet dead, finds
    its folder missing and does not write into this one.
    """

    folder: Path
    plan: RebuildPlan

    @classmethod
    def begin(cls, home: Path, plan: RebuildPlan) -> RebuildCheckpoint:
        """Remove any other checkpoint and make an empty one.

        Raises:
            EngineError: the folder cannot be written.
        """
        checkpoint = cls(home / secrets.token_hex(4), plan)
        remove_checkpoints(home)
        with write_failures_as(EngineError, home):
            (checkpoint.folder / "tasks").mkdir(parents=True)
            (checkpoint.folder / "segments").mkdir()
            checkpoint._save_plan()
            sync_folder(home)
        return checkpoint

    @classmethod
    def resume(cls, home: Path) -> RebuildCheckpoint | None:
        """Return the interrupted rebuild; None if there is none that this program can resume.

        Results that are damaged or unfinished are removed.
        """
        program = program_digest()
        for path in sorted(home.glob(f"*/{PLAN}")):
            try:
                plan = read_json_record(path, RebuildPlan, _LARGEST_RECORD)
            except (OSError, DamagedError):
                continue
            if plan.program == program:
                plan = replace(plan, interruptions=plan.interruptions + 1)
                checkpoint = cls(path.parent, plan)
                checkpoint._save_plan()
                checkpoint._remove_damaged()
                return checkpoint
        return None

    def task_folder(self, number: int) -> Path:
        """Return the folder of a task's result, whether it is finished or not."""
        return self.folder / "tasks" / f"{number:05}"

    def finished_tasks(self) -> dict[int, TaskResult]:
        """Return the results of the finished tasks by their numbers, in order."""
        results = ((task, read_result(self.task_folder(task))) for task in range(self.plan.tasks))
        return {task: result for task, result in results if result}

    def spill_files(self) -> list[Path]:
        """Return the spill files of all tasks, in the order of identifiers."""
        return [
            self.task_folder(task) / name
            for task, result in self.finished_tasks().items()
            for name in result.spill_files
        ]

    def merge_derived_data(self) -> DerivedData:
        """Return the derived data of all tasks as one.

        Raises:
            EngineError: a file is damaged.
        """
        merged = DerivedData()
        for task in range(self.plan.tasks):
            merged.merge(load_derived_data(self.task_folder(task)))
        return merged

    def segment_folder(self, spill_files: Sequence[Path]) -> Path:
        """Return the folder of the segment assembled from spill files, finished or not."""
        ends = (f"{path.parent.name}.{path.stem}" for path in (spill_files[0], spill_files[-1]))
        return self.folder / "segments" / "-".join(ends)

    def remove(self) -> None:
        """Remove the checkpoint."""
        shutil.rmtree(self.folder.parent, ignore_errors=True)

    def _save_plan(self) -> None:
        replace_file(self.folder / PLAN, json.dumps(asdict(self.plan)))

    def _remove_damaged(self) -> None:
        for folder in (*self.folder.glob("tasks/*"), *self.folder.glob("segments/*")):
            result = read_result(folder)
            if result is None or damaged_files(folder, result.files):
                shutil.rmtree(folder)


def remove_checkpoints(home: Path) -> None:
    """Remove every checkpoint, finished or not.

    Raises:
        EngineError: the disk refuses it.
    """
    with write_failures_as(EngineError, home):
        if home.exists():
            shutil.rmtree(home)


def finish_folder(
    temporary: Path, target: Path, documents: int, spill_files: Sequence[Path] = ()
) -> None:
    """Record the files of a folder, make it durable, and rename it to its final name."""
    files = {path.name: record_durably(path) for path in sorted(temporary.iterdir())}
    result = TaskResult(documents, files, tuple(path.name for path in spill_files))
    replace_file(temporary / RESULT, json.dumps(asdict(result)))
    temporary.rename(target)
    sync_folder(target.parent)


def read_result(folder: Path) -> TaskResult | None:
    """Return the record of a finished folder; None when it is missing or damaged."""
    try:
        return read_json_record(folder / RESULT, TaskResult, _LARGEST_RECORD)
    except (OSError, DamagedError):
        return None
