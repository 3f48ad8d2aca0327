"""A rebuild that is shared: offered by the host that publishes it, joined by others."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from archive.catalogue.rebuild_parts import (
    RebuildParts,
    SharedRebuild,
    can_share,
    find_shared_rebuild,
)
from archive.errors import EngineError
from archive.store import Store
from indexer.indexing.build_options import BuildOptions, Progress
from indexer.indexing.checkpoint import RebuildCheckpoint, RebuildPlan, program_digest
from indexer.indexing.rebuild_tasks import DocumentTasks
from indexer.indexing.shared_tasks import SharedDocumentTasks, fetch_results
from indexer.indexing.worker_pool import TaskDone, run_tasks


class RebuildSharing:
    """The sharing of a rebuild by the host in whose home its checkpoint is."""

    def __init__(self, store: Store, checkpoint: RebuildCheckpoint) -> None:
        self._store, self._checkpoint = store, checkpoint
        self._parts = RebuildParts(store.engine, checkpoint.folder.name)
        self.is_possible = bool(checkpoint.plan.address) and can_share(store.engine)

    def offer(self) -> int:
        """Offer the parts to every host; return the articles of those that are done already."""
        plan, finished = self._checkpoint.plan, self._checkpoint.finished_tasks()
        name = self._checkpoint.folder.name
        present = find_shared_rebuild(self._store.engine)
        if present is None or present.rebuild != name:
            shared = SharedRebuild(name, plan.program, plan.sequence, plan.tasks, plan.address)
            done = {number: result.documents for number, result in finished.items()}
            self._parts.publish(shared, done)
        else:
            self._reopen_lost(set(finished))
        return self._parts.count().documents

    def run(self, options: BuildOptions, progress: Callable[[int], None]) -> None:
        """Do parts beside other hosts until all are done; bring their results here.

        Args:
            options: those of the workers on this host.
            progress: told the articles that are done, on all hosts.

        Raises:
            EngineError: a part cannot be done, or the workers of this host died.
        """
        checkpoint, store = self._checkpoint, self._store
        tasks = DocumentTasks(store.home, store.location, checkpoint, options)

        def report(number: int, documents: int) -> None:
            progress(self._parts.count().documents)

        _run_workers(SharedDocumentTasks(tasks, True), options, report)
        fetch_results(self._parts, checkpoint)

    def end(self) -> None:
        """Take the parts away."""
        if self.is_possible:
            self._parts.remove()

    def _reopen_lost(self, present: set[int]) -> None:
        """Have those parts done again whose results should be in the home and are not."""
        missing = [number for number in self._parts.finished() if number not in present]
        results = self._parts.read_results(missing)
        self._parts.reopen([part.number for part in results if not part.result])


def join_rebuild(store: Store, options: BuildOptions, progress: Progress) -> int:
    """Do parts of the rebuild that another host has begun, until none is left.

    Returns:
        The number of the articles that were indexed here.

    Raises:
        EngineError: there is no such rebuild, or another version of the program began it.
    """
    shared = find_shared_rebuild(store.engine)
    if shared is None:
        raise EngineError(
            "no rebuild is under way that could be joined; it needs a catalogue on PostgreSQL and "
            "an index on a cluster: begin it with `tangthu rebuild` on the host that publishes it"
        )
    if shared.program != program_digest():
        raise EngineError(
            "the rebuild was begun by another version of the program; install the same one here"
        )
    plan = RebuildPlan(shared.program, shared.sequence, shared.parts, address=shared.address)
    done = 0

    def report(number: int, documents: int) -> None:
        nonlocal done
        done += documents
        progress(done, max(store.count_articles(), done))

    with tempfile.TemporaryDirectory(prefix="tangthu-rebuild-") as folder:
        checkpoint = RebuildCheckpoint(Path(folder) / shared.rebuild, plan)
        (checkpoint.folder / "tasks").mkdir(parents=True)
        tasks = DocumentTasks(store.home, store.location, checkpoint, options)
        _run_workers(SharedDocumentTasks(tasks, False), options, report)
    return done


def _run_workers(tasks: SharedDocumentTasks, options: BuildOptions, report: TaskDone) -> None:
    first = tasks.tasks.checkpoint.plan.tasks
    run_tasks(tasks, range(first, first + options.workers), options.workers, report)
