"""A whole index made of the store: document tasks first, then what joins them in one folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from archive.catalogue.home_identity import make_identity
from archive.store import Store
from indexer.engine.api import IndexFiles
from indexer.engine_factory import create_index, engine_location, index_files, is_index_there
from indexer.generations.generations import Generations
from indexer.indexing.build_options import BuildOptions, Progress
from indexer.indexing.checkpoint import (
    RebuildCheckpoint,
    plan_rebuild,
    read_result,
    remove_checkpoints,
)
from indexer.indexing.rebuild_tasks import DocumentTasks, JoiningTasks
from indexer.indexing.shared_rebuild import RebuildSharing
from indexer.indexing.worker_pool import run_tasks


class RebuildJob:
    """One rebuild, or the remainder of one that was interrupted.

    Attributes:
        checkpoint: the results of its tasks, to be removed once the index is published.
        resumed: articles in results that an interrupted rebuild left.
    """

    def __init__(self, store: Store, options: BuildOptions, progress: Progress) -> None:
        self._store, self._options, self._progress = store, options, progress
        location = options.location
        self._location = engine_location(store.home) if location is None else location
        self._home = store.home / "index" / "rebuild"
        self.checkpoint = self._resume() or self._begin()
        self._finished = self.checkpoint.finished_tasks()
        self.resumed = sum(result.documents for result in self._finished.values())
        self._sharing = RebuildSharing(store, self.checkpoint)
        if self._sharing.is_possible:
            self.resumed = self._sharing.offer()

    def build(self, folder: Path) -> int:
        """Make index and derived data in an empty folder; return the number of its articles."""
        documents = self._run_document_tasks()
        sources, sequence = self._run_joining_tasks(folder), self.checkpoint.plan.sequence
        self._files.adopt(folder, sources, sequence)
        return documents

    def remove(self) -> None:
        """Remove the checkpoint, and the parts that other hosts were offered."""
        self._sharing.end()
        self.checkpoint.remove()

    @property
    def _files(self) -> IndexFiles:
        return index_files(self.checkpoint.plan.address)

    def _begin(self) -> RebuildCheckpoint:
        # What an earlier rebuild filled is not needed any more.
        remove_checkpoints(self._home)
        needed = Generations(self._home.parent).addresses()
        owner = make_identity(self._store.home) if self._location else ""
        address = create_index(self._location, owner, needed)
        return RebuildCheckpoint.begin(self._home, plan_rebuild(self._store, address))

    def _resume(self) -> RebuildCheckpoint | None:
        """Return the interrupted rebuild, if it can be gone on with.

        Not if a quarter of the store changed since it began, or its index is to be elsewhere now.
        """
        checkpoint = RebuildCheckpoint.resume(self._home) if self._options.resume else None
        if checkpoint is None:
            return None
        plan = checkpoint.plan
        changes = self._store.last_sequence() - plan.sequence
        if 4 * changes > self._store.count_articles():
            return None
        is_here = plan.address.rpartition("#")[0] == self._location
        return checkpoint if is_here and is_index_there(plan.address) else None

    def _run_document_tasks(self) -> int:
        options, checkpoint, store = self._options, self.checkpoint, self._store
        total, done = store.count_articles(), self.resumed

        def report_progress(_: int, documents: int) -> None:
            nonlocal done
            done += documents
            self._progress(done, max(total, done))

        if self._sharing.is_possible:
            self._sharing.run(options, lambda count: self._progress(count, max(total, count)))
            return sum(result.documents for result in checkpoint.finished_tasks().values())
        tasks = DocumentTasks(store.home, store.location, checkpoint, options)
        numbers = [task for task in range(checkpoint.plan.tasks) if task not in self._finished]
        run_tasks(tasks, numbers, options.workers, report_progress)
        return done

    def _run_joining_tasks(self, folder: Path) -> list[Path]:
        """Assemble the segments and merge the derived data; return the folders of the segments.

        Both take one process most of their time, so that they are done side by side. A rebuild of
        one task has started no processes yet, and is over before they were.
        """
        groups, options = self._plan_segments()
        workers = options.workers
        if len(groups) <= workers:
            workers = min(workers + 1, self._options.workers)
        if self.checkpoint.plan.tasks == 1:
            workers = 1
        folders = [self.checkpoint.segment_folder(group) for group in groups]
        numbers = [task for task, segment in enumerate(folders) if read_result(segment) is None]
        tasks = JoiningTasks(self.checkpoint, groups, folder, options)
        run_tasks(tasks, [*numbers, len(groups)], workers, lambda task, documents: None)
        return folders

    def _plan_segments(self) -> tuple[list[list[Path]], BuildOptions]:
        """Return the spill files of each segment, and the options to assemble them with.

        A search costs nearly as much for a small segment as for a large one. So segments that
        would be assembled at the same time become fewer ones, with the memory of all of them.
        """
        options, spills = self._options, self.checkpoint.spill_files()
        groups = self._files.group_spills(spills, options.memory)
        if 1 < len(groups) <= options.workers:
            memory, workers = options.memory * len(groups), options.workers // len(groups)
            fewer = self._files.group_spills(spills, memory)
            if len(fewer) < len(groups):
                return fewer, replace(options, memory=memory, workers=workers)
        return groups, options
