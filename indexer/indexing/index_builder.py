"""Update (what changed since the last time) and rebuild (from nothing, beside the live one)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from archive.errors import (
    EngineError,
    NoIndexError,
    NotFoundError,
    NotPublishedError,
    describe_write_failure,
)
from archive.lock import WriterLock
from archive.records import Change, ChangeKind
from archive.store import Store
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import build_document
from indexer.derived.dataset import DerivedData, load_derived_data
from indexer.engine.api import IndexWriter
from indexer.engine.records import EngineStatus
from indexer.engine_factory import index_files, open_engine, open_writer
from indexer.generations.generations import Generation, Generations, check_files
from indexer.generations.progress_file import Published
from indexer.indexing.build_options import BuildOptions, BuildReport, Progress
from indexer.indexing.publish_checks import disagreements, lost_items, refuse
from indexer.indexing.rebuild_job import Making


class IndexBuilder:
    """Makes generations of one archive's index from its store."""

    def __init__(
        self, store: Store, options: BuildOptions | None = None, progress: Progress | None = None
    ) -> None:
        self._store = store
        self._options = options or BuildOptions()
        self._shown = progress or (lambda done, total: None)
        self._published: Published | None = None
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
            engine = open_engine(base.folder)
            status = engine.status()
            engine.close()
            if status.sequence >= self._store.last_sequence():
                return BuildReport(base.name, status.documents, 0, 0, status.sequence)
            folder = self._generations.begin(base)
            indexed, deleted = self._catch_up(folder, status.sequence)
            return self._publish(folder, base, indexed, deleted)

    def rebuild(self) -> BuildReport:
        """Build a new generation from the whole store beside the live one, then serve it.

        Raises:
            EngineError: the new generation does not agree with the store; the old one stays.
            StoreLockedError: another process is writing.
        """
        with self._lock("rebuild"):
            return self._rebuild()

    def refresh(self, identifiers: Sequence[str]) -> BuildReport:
        """Index some articles again, whatever the index holds of them, and what changed since.

        Raises:
            EngineError: the current generation is damaged, or the new one disagrees.
            StoreLockedError: another process is writing.
        """
        with self._lock("refresh"):
            base = self._generations.current()
            folder = self._generations.begin(base)
            known = {
                change.identifier: change for change in self._store.latest_changes(identifiers)
            }
            # What the store never had is taken out as well.
            changes = [known.get(one, Change(0, one, 0, ChangeKind.DELETED)) for one in identifiers]
            batch = (base.manifest.sequence, changes)
            indexed, deleted = self._bring(folder, [batch], len(changes))
            return self._publish(folder, base, indexed, deleted)

    def repair(self) -> BuildReport:
        """Make store and index agree: index again what they disagree on, or all if files are bad.

        Raises:
            NotPublishedError: they disagree still; the old index stays.
            StoreLockedError: another process is writing.
        """
        report = self.rebuild() if self.reason_to_rebuild() else self._repair()
        with self._lock():
            for name in self._generations.damaged():
                self._generations.remove(name)
        return report

    def _repair(self) -> BuildReport:
        engine = open_engine(self._generations.current().folder)
        try:
            wrong = disagreements(self._store, engine)
        finally:
            engine.close()
        return self.refresh(wrong) if wrong else self.update()

    def reason_to_rebuild(self) -> str:
        """Why an update cannot help the live index: made otherwise, or damaged; else nothing."""
        try:
            current = self._generations.current()
            damaged = check_files(current)
            if damaged:
                return f"{damaged[0]} is not what generation {current.name} published"
            open_engine(current.folder).close()
        except (EngineError, NotFoundError) as error:
            return str(error)
        return ""

    def rollback(self) -> str:
        """Serve the generation before the live one; its name is returned.

        Raises:
            NotFoundError: there is none.
        """
        with self._lock():
            return self._generations.rollback().name

    @contextmanager
    def _lock(self, work: str = "") -> Iterator[None]:
        """The right to change the index; adding to the store meanwhile is allowed.

        While a named work lasts, its progress can be read by other processes.
        """
        folder = self._store.home / "index"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with WriterLock(folder / "lock"):
                self._published = Published(self._store, work) if work else None
                try:
                    yield
                finally:
                    if self._published:
                        self._published.end()
        except OSError as error:
            raise EngineError(describe_write_failure(f"the index in {folder}", error)) from error

    def _progress(self, done: int, total: int) -> None:
        if self._published:
            self._published.tell(done, total)
        self._shown(done, total)

    def _rebuild(self) -> BuildReport:
        making = Making(self._store, self._options, self._progress)
        folder = self._generations.begin()
        done = making.index_in(folder)
        indexed, deleted = self._catch_up(folder, making.shop.plan.sequence)
        try:
            report = self._publish(folder, None, done + indexed, deleted)
        except NotPublishedError:
            # Its parts would only make the same index again.
            making.shop.remove()
            raise
        making.shop.remove()
        return replace(report, saved=making.saved)

    def _catch_up(self, folder: Path, sequence: int) -> tuple[int, int]:
        """Bring the changes after a sequence number into the index in a folder."""
        last = self._store.last_sequence()
        if last <= sequence:
            return 0, 0
        return self._bring(folder, self._changes(sequence), last - sequence)

    def _changes(self, sequence: int) -> Iterator[tuple[int, list[Change]]]:
        """The changes after a sequence number, and up to which one each batch of them goes."""
        while changes := self._store.changes(sequence, self._options.batch):
            sequence = changes[-1].sequence
            yield sequence, changes

    def _bring(
        self, folder: Path, batches: Iterable[tuple[int, list[Change]]], total: int
    ) -> tuple[int, int]:
        """Bring changes into the index in a folder; how many were indexed and taken out."""
        indexed = deleted = last = 0
        learned = load_derived_data(folder, self._store)
        with open_writer(folder, self._options.memory) as writer:
            for sequence, changes in batches:
                gone = [one for one in changes if one.kind is ChangeKind.DELETED]
                for change in gone:
                    writer.delete(change.identifier)
                    learned.forget(change.identifier)
                indexed += self._add(writer, learned, changes)
                deleted, last = deleted + len(gone), sequence
                self._progress(indexed + deleted, total)
            writer.commit(last)
        learned.save(folder)
        return indexed, deleted

    def _add(self, writer: IndexWriter, learned: DerivedData, changes: list[Change]) -> int:
        fresh = [one for one in changes if one.kind is not ChangeKind.DELETED]
        articles = self._store.get_many([one.identifier for one in fresh])
        count = 0
        for change in fresh:
            article = articles.get(change.identifier)
            # An article that changed again meanwhile comes up once more later in the sequence.
            if article is not None:
                document = build_document(self._analyzer, article, change.version)
                writer.add(document)
                learned.learn(article, document)
                count += 1
        return count

    def _publish(
        self, folder: Path, base: Generation | None, indexed: int, deleted: int
    ) -> BuildReport:
        status, wrong = self._compare(folder, base)
        if wrong and self._store.last_sequence() > status.sequence:
            # Something was added since: once more, and a real disagreement stays one.
            more = self._catch_up(folder, status.sequence)
            indexed, deleted = indexed + more[0], deleted + more[1]
            status, wrong = self._compare(folder, base)
        if wrong:
            why = f"it disagrees with the store on {len(wrong)} articles ({wrong[0]}, …)"
            raise refuse(why, self._generations.set_aside(folder, why))
        generation = self._generations.publish(folder, status, base)
        self._generations.prune(self._options.keep)
        return BuildReport(generation.name, status.documents, indexed, deleted, status.sequence)

    def _compare(self, folder: Path, base: Generation | None) -> tuple[EngineStatus, list[str]]:
        """What a new index holds, and the articles on which it disagrees with the store.

        Raises:
            NotPublishedError: it is damaged or does not find what it holds; it was set aside.
        """
        try:
            index_files().check(folder, set(base.manifest.files) if base else set())
            engine = open_engine(folder)
            try:
                wrong = disagreements(self._store, engine)
                lost = [] if wrong else lost_items(self._store, engine)
                why = (
                    f"it does not find {len(lost)} articles by their title ({lost[0]}, …)"
                    if lost
                    else ""
                )
                status = engine.status()
            finally:
                engine.close()
        except EngineError as error:
            why = str(error)
        if why:
            raise refuse(why, self._generations.set_aside(folder, why))
        return status, wrong
