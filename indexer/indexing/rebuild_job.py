"""A whole index made of the store: document tasks first, then segments, then one folder."""

from __future__ import annotations

from pathlib import Path

from archive.store import Store
from indexer.engine_factory import index_files
from indexer.indexing.build_options import BuildOptions, Progress
from indexer.indexing.checkpoint import RebuildCheckpoint, plan_rebuild, read_result
from indexer.indexing.rebuild_tasks import DocumentTasks, SegmentTasks
from indexer.indexing.worker_pool import run_tasks


class RebuildJob:
    """One rebuild, or the remainder of one that was interrupted.

    Attributes:
        checkpoint: the results of its tasks, to be removed once the index is published.
        resumed: articles in results that an interrupted rebuild left.
    """

    def __init__(self, store: Store, options: BuildOptions, progress: Progress) -> None:
        self._store, self._options, self._progress = store, options, progress
        home = store.home / "index" / "rebuild"
        self.checkpoint = self._resume(home) or RebuildCheckpoint.begin(home, plan_rebuild(store))
        self._finished = self.checkpoint.finished_tasks()
        self.resumed = sum(result.documents for result in self._finished.values())

    def build(self, folder: Path) -> int:
        """Make index and derived data in an empty folder; return the number of its articles."""
        documents = self._run_document_tasks()
        index_files().adopt(folder, self._run_segment_tasks(), self.checkpoint.plan.sequence)
        self.checkpoint.merge_derived_data().save(folder)
        return documents

    def _resume(self, home: Path) -> RebuildCheckpoint | None:
        """Return the interrupted rebuild, unless a quarter of the store changed since it began."""
        checkpoint = RebuildCheckpoint.resume(home) if self._options.resume else None
        changes = self._store.last_sequence() - checkpoint.plan.sequence if checkpoint else 0
        return checkpoint if 4 * changes <= self._store.count_articles() else None

    def _run_document_tasks(self) -> int:
        options, checkpoint, store = self._options, self.checkpoint, self._store
        total, done = store.count_articles(), self.resumed

        def report_progress(_: int, documents: int) -> None:
            nonlocal done
            done += documents
            self._progress(done, max(total, done))

        tasks = DocumentTasks(store.home, store.location, checkpoint, options)
        numbers = [task for task in range(checkpoint.plan.tasks) if task not in self._finished]
        run_tasks(tasks, numbers, options.workers, report_progress)
        return done

    def _run_segment_tasks(self) -> list[Path]:
        options = self._options
        groups = index_files().group_spills(self.checkpoint.spill_files(), options.memory)
        folders = [self.checkpoint.segment_folder(group) for group in groups]
        numbers = [task for task, folder in enumerate(folders) if read_result(folder) is None]
        tasks = SegmentTasks(self.checkpoint, groups, options)
        run_tasks(tasks, numbers, options.workers, lambda task, documents: None)
        return folders
