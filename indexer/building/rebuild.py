"""Update (what changed since the last time) and rebuild (from nothing, beside the live one)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.changes import Change, ChangeKind
from archive.errors import EngineError, NoIndexError
from archive.lock import WriterLock
from archive.store import Store
from indexer.analysis import Analyzer
from indexer.building.generations import Generation, Generations
from indexer.building.learned import Learned, load_learned
from indexer.engine import Engine, EngineStatus, Writer, open_engine, open_writer

KEEP = 2
"""Published generations that stay on disk: the live one and the one before it."""

MEMORY = 512 << 20
"""Bytes that buffered documents may take while building."""

Progress = Callable[[int, int], None]
"""Told (documents done, documents in all) now and then."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build: bytes for buffered documents, and generations to keep."""

    memory: int = MEMORY
    keep: int = KEEP
    batch: int = 1000


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What an update or a rebuild did; `generation` is the one that is served now."""

    generation: str
    documents: int
    indexed: int
    deleted: int
    sequence: int


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
        folder = self._generations.begin()
        sequence, total, done = self._store.last_sequence(), self._store.count(), 0
        learned = Learned()
        with open_writer(folder, self._options.memory) as writer:
            for article, version in self._store.articles():
                document = self._analyzer.document(article, version)
                writer.add(document)
                learned.learn(article, document)
                done += 1
                if done % 200 == 0:
                    self._progress(done, total)
            writer.commit(sequence)
        learned.save(folder)
        self._progress(done, total)
        indexed, deleted = self._catch_up(folder, sequence)
        return self._publish(folder, None, done + indexed, deleted)

    def _catch_up(self, folder: Path, sequence: int) -> tuple[int, int]:
        """Bring the changes after a sequence number into the index in a folder."""
        indexed = deleted = 0
        total = self._store.last_sequence() - sequence
        if total <= 0:
            return 0, 0
        learned = load_learned(folder)
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
