"""Update (what changed since the last time) and rebuild (from nothing, beside the live one)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from archive.changes import Change, ChangeKind
from archive.errors import EngineError, NoIndexError
from archive.lock import WriterLock
from archive.store import Store
from indexer.analysis import Analyzer
from indexer.building.generations import Generation, Generations
from indexer.building.learned import Learned, load_learned
from indexer.building.parts import PartJob, SegmentJob
from indexer.building.workers import share_out
from indexer.building.workshop import Workshop, finished, new_plan
from indexer.engine import (
    Engine,
    EngineStatus,
    Writer,
    adopt,
    group_drafts,
    open_engine,
    open_writer,
)

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


class Builder:
    """Makes generations of one archive's index from its store."""

    def __init__(
        self, store: Store, options: BuildOptions | None = None, progress: Progress | None = None
    ) -> None:
        self._store = store
        self._options = options or BuildOptions()
        self._progress = progress or (lambda done, total: None)
        self._generations = Generations(store.home / "index")
        self._analyzer = Analyzer()

    def update(self) -> BuildReport:
        """Index what changed since the current generation; without one, everything.

        Raises:
            AnalyzerChangedError: the current generation was made by another analyzer.
            StoreLockedError: another process is writing.
        """
        with self._lock():
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
        with self._lock():
            return self._rebuild()

    def rollback(self) -> str:
        """Serve the generation before the live one; its name is returned.

        Raises:
            NotFoundError: there is none.
        """
        with self._lock():
            return self._generations.rollback().name

    def _lock(self) -> WriterLock:
        """The right to change the index; adding to the store meanwhile is allowed."""
        folder = self._store.home / "index"
        folder.mkdir(parents=True, exist_ok=True)
        return WriterLock(folder / "lock")

    def _rebuild(self) -> BuildReport:
        home = self._store.home / "index" / "rebuild"
        shop = self._resumed(home) or Workshop.begin(home, new_plan(self._store))
        saved = shop.finished()
        done = self._make_parts(shop, saved)
        folder = self._generations.begin()
        adopt(folder, self._make_segments(shop), shop.plan.sequence)
        shop.learned().save(folder)
        indexed, deleted = self._catch_up(folder, shop.plan.sequence)
        report = self._publish(folder, None, done + indexed, deleted)
        shop.remove()
        return replace(report, saved=sum(saved.values()))

    def _resumed(self, home: Path) -> Workshop | None:
        """The rebuild that was interrupted, unless too much changed since it began."""
        shop = Workshop.resume(home) if self._options.resume else None
        changed = self._store.last_sequence() - shop.plan.sequence if shop else 0
        return shop if 4 * changed <= self._store.count() else None

    def _make_parts(self, shop: Workshop, saved: dict[int, int]) -> int:
        options, total = self._options, self._store.count()
        done = sum(saved.values())

        def told(_: int, documents: int) -> None:
            nonlocal done
            done += documents
            self._progress(done, max(total, done))

        job = PartJob(
            self._store.home, self._store.catalogue_url, shop, options.memory, options.max_load
        )
        left = [number for number in range(shop.plan.parts) if number not in saved]
        share_out(job, left, options.workers, told)
        return done

    def _make_segments(self, shop: Workshop) -> list[Path]:
        options = self._options
        groups = group_drafts(shop.drafts(), options.memory)
        folders = [shop.segment(group) for group in groups]
        left = [at for at, folder in enumerate(folders) if finished(folder) is None]
        job = SegmentJob(shop, groups, options.memory, options.max_load)
        share_out(job, left, options.workers, lambda _, __: None)
        return folders

    def _catch_up(self, folder: Path, sequence: int) -> tuple[int, int]:
        """Bring the changes after a sequence number into the index in a folder."""
        indexed = deleted = 0
        total = self._store.last_sequence() - sequence
        if total <= 0:
            return 0, 0
        learned = load_learned(folder, self._store)
        with open_writer(folder, self._options.memory) as writer:
            while changes := self._store.changes(sequence, self._options.batch):
                gone = [one for one in changes if one.kind is ChangeKind.DELETED]
                for change in gone:
                    writer.delete(change.identifier)
                    learned.forget(change.identifier)
                indexed += self._add(writer, learned, changes)
                deleted += len(gone)
                sequence = changes[-1].sequence
                self._progress(indexed + deleted, total)
            writer.commit(sequence)
        learned.save(folder)
        return indexed, deleted

    def _add(self, writer: Writer, learned: Learned, changes: list[Change]) -> int:
        fresh = [one for one in changes if one.kind is not ChangeKind.DELETED]
        articles = self._store.get_many([one.identifier for one in fresh])
        count = 0
        for change in fresh:
            article = articles.get(change.identifier)
            # An article that changed again meanwhile comes up once more later in the sequence.
            if article is not None:
                document = self._analyzer.document(article, change.version)
                writer.add(document)
                learned.learn(article, document)
                count += 1
        return count

    def _publish(
        self, folder: Path, base: Generation | None, indexed: int, deleted: int
    ) -> BuildReport:
        status, wrong = self._compare(folder)
        if wrong and self._store.last_sequence() > status.sequence:
            # Something was added since: once more, and a real disagreement stays one.
            more = self._catch_up(folder, status.sequence)
            indexed, deleted = indexed + more[0], deleted + more[1]
            status, wrong = self._compare(folder)
        if wrong:
            raise EngineError(
                f"the new index disagrees with the store on {len(wrong)} articles "
                f"({wrong[0]}, …); the old one stays, run `tangthu verify`"
            )
        generation = self._generations.publish(folder, status, base)
        self._generations.prune(self._options.keep)
        return BuildReport(generation.name, status.documents, indexed, deleted, status.sequence)

    def _compare(self, folder: Path) -> tuple[EngineStatus, list[str]]:
        engine = open_engine(folder)
        try:
            return engine.status(), disagreements(self._store, engine)
        finally:
            engine.close()


def disagreements(store: Store, engine: Engine) -> list[str]:
    """The articles that store and index do not hold in the same version."""
    kept, indexed = set(store.identifiers()), set(engine.documents())
    return sorted({identifier for identifier, _ in kept ^ indexed})
