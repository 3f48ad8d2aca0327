"""Updates (the changes since the last one) and rebuilds (from nothing, beside the live index)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from archive.errors import (
    EngineError,
    NoIndexError,
    NotFoundError,
    NotPublishedError,
    write_failures_as,
)
from archive.records import Change, ChangeKind
from archive.store import Store
from archive.writing.lock import WriterLock
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import build_document
from indexer.derived.dataset import DerivedData, load_derived_data
from indexer.engine.api import IndexWriter
from indexer.engine.records import EngineStatus
from indexer.engine_factory import index_address, index_files, open_engine, open_writer
from indexer.generations.generations import Generation, Generations, check_files
from indexer.generations.progress_file import ProgressFile
from indexer.indexing.build_options import BuildOptions, BuildReport, Progress
from indexer.indexing.publish_checks import differing_articles, unfindable_articles
from indexer.indexing.rebuild_job import RebuildJob


class IndexBuilder:
    """The builder of an archive's index: it makes generations from the store."""

    def __init__(
        self, store: Store, options: BuildOptions | None = None, progress: Progress | None = None
    ) -> None:
        self._store = store
        self._options = options or BuildOptions()
        self._callback = progress or (lambda done, total: None)
        self._progress_file: ProgressFile | None = None
        self._generations = Generations(store.home / "index")
        self._analyzer = Analyzer()

    def update(self) -> BuildReport:
        """Index what changed since the current generation; without one, everything.

        Raises:
            AnalyzerChangedError: the current generation was made by another analyzer.
            StoreLockedError: another process is writing.
        """
        with self._lock("update"):
            try:
                base = self._generations.current()
            except NoIndexError:
                return self._rebuild()
            with closing(open_engine(base.folder)) as engine:
                status = engine.status()
            # A killed update may have left more in an index that is changed in place than in the
            # derived data, which the manifest speaks of as well.
            sequence = min(status.sequence, base.manifest.sequence)
            if sequence >= self._store.last_sequence():
                return BuildReport(base.name, status.documents, 0, 0, sequence)
            folder = self._generations.begin(base)
            indexed, deleted = self._apply_new_changes(folder, sequence)
            return self._check_and_publish(folder, base, indexed, deleted)

    def rebuild(self) -> BuildReport:
        """Build a new generation from the whole store beside the live one, then serve it.

        Raises:
            EngineError: the new generation does not agree with the store; the old one stays.
            StoreLockedError: another process is writing.
        """
        with self._lock("rebuild"):
            return self._rebuild()

    def reindex(self, identifiers: Sequence[str]) -> BuildReport:
        """Index some articles again, whatever the index holds of them, and what changed since.

        Raises:
            EngineError: the current generation is damaged, or the new one disagrees.
            StoreLockedError: another process is writing.
        """
        with self._lock("reindex"):
            base = self._generations.current()
            folder = self._generations.begin(base)
            latest = self._store.latest_changes(identifiers)
            by_identifier = {change.identifier: change for change in latest}
            # Articles that the store never had are taken out of the index as well.
            changes = [
                by_identifier.get(identifier, Change(0, identifier, 0, ChangeKind.DELETED))
                for identifier in identifiers
            ]
            batch = (base.manifest.sequence, changes)
            indexed, deleted = self._apply_changes(folder, [batch], len(changes))
            return self._check_and_publish(folder, base, indexed, deleted)

    def repair(self) -> BuildReport:
        """Index again what store and index disagree on, or everything if files are damaged.

        Raises:
            NotPublishedError: they disagree still; the old index stays.
            StoreLockedError: another process is writing.
        """
        report = self.rebuild() if self.reason_to_rebuild() else self._reindex_differing()
        with self._lock():
            for name in self._generations.find_damaged():
                self._generations.remove(name)
        return report

    def _reindex_differing(self) -> BuildReport:
        differing = self._generations.read_current(self._differing_articles)
        return self.reindex(differing) if differing else self.update()

    def _differing_articles(self, generation: Generation) -> list[str]:
        with closing(open_engine(generation.folder)) as engine:
            return differing_articles(self._store, engine)

    def reason_to_rebuild(self) -> str:
        """Say why no update can mend the live index: damaged, or made otherwise; empty if not."""
        try:
            self._generations.read_current(_require_whole)
        except (EngineError, NotFoundError, OSError) as error:
            return str(error)
        return ""

    def rollback(self) -> str:
        """Serve the generation before the live one, and return its name.

        Raises:
            NotFoundError: there is none.
        """
        with self._lock():
            return self._generations.rollback().name

    @contextmanager
    def _lock(self, work: str = "") -> Iterator[None]:
        """Hold the lock of the index; adding to the store meanwhile is allowed.

        While a named work lasts, its progress can be read by other processes.
        """
        folder = self._store.home / "index"
        with write_failures_as(EngineError, f"the index in {folder}"):
            folder.mkdir(parents=True, exist_ok=True)
            with WriterLock(folder / "lock", self._store.patience):
                self._progress_file = ProgressFile(self._store, work) if work else None
                try:
                    yield
                finally:
                    if self._progress_file:
                        self._progress_file.remove()

    def _report_progress(self, done: int, total: int) -> None:
        if self._progress_file:
            self._progress_file.write(done, total)
        self._callback(done, total)

    def _rebuild(self) -> BuildReport:
        job = RebuildJob(self._store, self._options, self._report_progress)
        folder = self._generations.begin()
        documents = job.build(folder)
        indexed, deleted = self._apply_new_changes(folder, job.checkpoint.plan.sequence)
        try:
            report = self._check_and_publish(folder, None, documents + indexed, deleted)
        except NotPublishedError:
            # Its checkpoint would only make the same index again.
            job.remove()
            raise
        job.remove()
        return replace(report, resumed=job.resumed)

    def _apply_new_changes(self, folder: Path, sequence: int) -> tuple[int, int]:
        """Apply the store's changes after a sequence number; see `_apply_changes`."""
        last = self._store.last_sequence()
        if last <= sequence:
            return 0, 0
        return self._apply_changes(folder, self._batches_after(sequence), last - sequence)

    def _batches_after(self, sequence: int) -> Iterator[tuple[int, list[Change]]]:
        """Yield the changes after a sequence number, in batches with their last number."""
        while changes := self._store.changes(sequence, self._options.batch):
            sequence = changes[-1].sequence
            yield sequence, changes

    def _apply_changes(
        self, folder: Path, batches: Iterable[tuple[int, list[Change]]], total: int
    ) -> tuple[int, int]:
        """Apply batches of changes to the index and the derived data in a folder.

        Args:
            folder: a generation that is being built.
            batches: changes, each batch with the sequence number up to which it goes.
            total: changes in all, for the progress.

        Returns:
            How many articles were indexed, and how many deleted.
        """
        indexed = deleted = last = 0
        derived = load_derived_data(folder, self._store)
        with open_writer(folder, self._options.memory) as writer:
            for sequence, changes in batches:
                deletions = [change for change in changes if change.kind is ChangeKind.DELETED]
                for change in deletions:
                    writer.delete(change.identifier)
                    derived.remove(change.identifier)
                indexed += self._add_documents(writer, derived, changes)
                deleted, last = deleted + len(deletions), sequence
                self._report_progress(indexed + deleted, total)
            writer.commit(last)
        derived.save(folder)
        return indexed, deleted

    def _add_documents(
        self, writer: IndexWriter, derived: DerivedData, changes: list[Change]
    ) -> int:
        """Index the articles of those changes that are no deletions; return their number."""
        additions = [change for change in changes if change.kind is not ChangeKind.DELETED]
        articles = self._store.get_many([change.identifier for change in additions])
        count = 0
        for change in additions:
            article = articles.get(change.identifier)
            # An article that changed again meanwhile comes up once more later in the sequence.
            if article is not None:
                document = build_document(self._analyzer, article, change.version)
                writer.add(document)
                derived.add(article, document)
                count += 1
        return count

    def _check_and_publish(
        self, folder: Path, base: Generation | None, indexed: int, deleted: int
    ) -> BuildReport:
        status, differing = self._check_index(folder, base)
        if differing and self._store.last_sequence() > status.sequence:
            # Something was added since: apply it, and a real disagreement stays one.
            late_indexed, late_deleted = self._apply_new_changes(folder, status.sequence)
            indexed, deleted = indexed + late_indexed, deleted + late_deleted
            status, differing = self._check_index(folder, base)
            # What is added without a pause is left to the next update.
            differing = self._without_newer(differing, status.sequence)
        if differing:
            raise self._refuse(
                folder,
                f"it disagrees with the store on {len(differing)} articles ({differing[0]}, …)",
            )
        generation = self._generations.publish(folder, status, base)
        self._generations.prune(self._options.keep)
        return BuildReport(generation.name, status.documents, indexed, deleted, status.sequence)

    def _without_newer(self, identifiers: list[str], sequence: int) -> list[str]:
        """Leave out the articles that changed after a sequence number."""
        changes = self._store.latest_changes(identifiers)
        newer = {change.identifier for change in changes if change.sequence > sequence}
        return [identifier for identifier in identifiers if identifier not in newer]

    def _check_index(self, folder: Path, base: Generation | None) -> tuple[EngineStatus, list[str]]:
        """Return what a new index holds, and the articles on which it disagrees with the store.

        Raises:
            NotPublishedError: it is damaged or does not find what it holds; it was set aside.
        """
        try:
            files = index_files(index_address(folder))
            files.check(folder, set(base.manifest.files) if base else set())
            load_derived_data(folder)
            with closing(open_engine(folder)) as engine:
                status = engine.status()
                differing = differing_articles(self._store, engine)
                lost = [] if differing else unfindable_articles(self._store, engine)
        except EngineError as error:
            raise self._refuse(folder, str(error)) from error
        if lost:
            raise self._refuse(
                folder, f"it does not find {len(lost)} articles by their title ({lost[0]}, …)"
            )
        return status, differing

    def _refuse(self, folder: Path, reason: str) -> NotPublishedError:
        """Set a new index aside; return the error that says why and where it is."""
        place = self._generations.set_aside(folder, reason)
        return NotPublishedError(
            f"the new index was not published: {reason}. It is kept in {place} to be looked at; "
            "the old one stays and is served. Run `tangthu verify`, then `tangthu rebuild`"
        )


def _require_whole(generation: Generation) -> None:
    """Check that a generation is what was published, and that this program can use it.

    Raises:
        EngineError: it is damaged, or made otherwise.
    """
    folder = generation.folder
    if damaged := check_files(generation):
        raise EngineError(f"{damaged[0]} is not what generation {generation.name} published")
    index_files(index_address(folder)).check(folder)
    open_engine(folder).close()
    load_derived_data(folder)
