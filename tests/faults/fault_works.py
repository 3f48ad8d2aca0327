"""The works that faults interrupt, and the checks afterwards. To add a work, add it to `WORKS`.

A home has beside it the folder `bag`, a backup of the archive that every home is a copy of.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from archive.backups.backup import backup, restore
from archive.errors import AnalyzerChangedError, ArchiveError, NotFoundError
from archive.records import Article
from archive.store import Store
from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import Or, Term
from indexer.engine.records import EngineQuery
from indexer.generations import progress_file
from indexer.generations.live_index import LiveIndex
from indexer.indexing import checkpoint
from indexer.indexing.build_options import BuildOptions
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder
from tests.factories import article, keep
from tests.faults.container_work import add_containers, find_half_done, prepare_containers

WORDS = ("bai", "so", "khoa", "moi", *(f"khoa{number}" for number in range(24)))
Answers = tuple[tuple[str, ...], ...]
Report = Callable[[str], None]
FILE_LIMIT = 1500
"""Bytes from which on a WARC file is full: so few that additions begin one."""

_RESTORED = 13
"""Articles in the backup beside a home."""


class _Interruption(BaseException):
    """An interruption as by Ctrl+C."""


def prepare_archive(home: Path) -> None:
    """Make an archive with two generations, an interrupted rebuild, and changes to index."""
    checkpoint._TASK_DOCUMENTS = 4
    # Else a slow machine would write progress more often: faults are places among the events.
    progress_file._SECONDS_BETWEEN = 0.0
    prepare_containers(home.parent)
    with Store(home, file_limit=FILE_LIMIT) as store:
        keep(store, *(_numbered(number) for number in range(8)))
        IndexBuilder(store).update()
        keep(store, *(_numbered(number) for number in range(8, 12)))
        IndexBuilder(store).update()
        with contextlib.suppress(_Interruption):
            IndexBuilder(store, progress=_stop).rebuild()
        keep(store, *(_numbered(number) for number in range(12, 14)))
        keep(store, _numbered(3, "khác"))
        store.delete(next(store.identifiers())[0])


def _stop(done: int, total: int) -> None:
    if done > total // 2:
        raise _Interruption


def _numbered(number: int, suffix: str = "") -> Article:
    return article(f"Bài {number}", f"số khoá{number} {suffix}", external_id=str(number))


def _add(store: Store, report: Report) -> None:
    store.patience = 60
    with store.batch() as batch:
        for number in range(20, 24):
            numbered = _numbered(number)
            batch.add(repr(numbered).encode(), numbered)
            if number % 2:
                for change in batch.flush():
                    report(change.identifier)


def _add_others(store: Store, report: Report) -> None:
    """Add other articles beside another writer, each in a batch of its own."""
    store.patience = 60
    for number in range(40, 48):
        report(store.add(b"other %d" % number, _numbered(number)).identifier)


def _verify_beside(store: Store, report: Report) -> None:
    """Verify again and again beside a writer: it may be behind, nothing is damaged."""
    for _ in range(5):
        problems = [*verify_index(store).problems, *store.verify().problems]
        damaged = [problem for problem in problems if "`tangthu update`" not in problem.reason]
        assert not damaged, damaged


def _update(store: Store, report: Report) -> None:
    IndexBuilder(store, BuildOptions(batch=2)).update()


def _rebuild(store: Store, report: Report) -> None:
    IndexBuilder(store, BuildOptions(resume=False)).rebuild()


def _resume(store: Store, report: Report) -> None:
    IndexBuilder(store).rebuild()


def _delete(store: Store, report: Report) -> None:
    store.delete(next(store.identifiers())[0])


def _rollback(store: Store, report: Report) -> None:
    IndexBuilder(store).rollback()


def _backup(store: Store, report: Report) -> None:
    backup(store, store.home / "copy")


def _restore(store: Store, report: Report) -> None:
    restore(store.home.parent / "bag", store.home / "restored")


def _prune(store: Store, report: Report) -> None:
    IndexBuilder(store, BuildOptions(keep=1)).update()


def _upgrade(store: Store, report: Report) -> None:
    IndexBuilder(store).repair()


def _repair(store: Store, report: Report) -> None:
    IndexBuilder(store).reindex([identifier for identifier, _ in store.identifiers()][:3])


WORKS: dict[str, Callable[[Store, Report], None]] = {
    "add": _add,
    "add_containers": add_containers,
    "update": _update,
    "rebuild": _rebuild,
    "resume": _resume,
    "delete": _delete,
    "rollback": _rollback,
    "backup": _backup,
    "repair": _repair,
    "restore": _restore,
    "prune": _prune,
    "upgrade": _upgrade,
}
BESIDE_WORKS: dict[str, Callable[[Store, Report], None]] = {
    "add_others": _add_others,
    "verify": _verify_beside,
}
"""Works of a second process, beside one of the others."""

OLD_INDEX_WORKS = ("upgrade",)
"""Works on a home whose index an older analyzer made."""

REFUSED: Answers = (("refused",),)
"""The answers of an index that an older analyzer made."""


def make_index_older(home: Path) -> None:
    """Say in every generation of an archive that an older analyzer made it."""
    for path in (home / "index").glob("generations/*/index.json"):
        text = path.read_text(encoding="utf-8").replace('"analyzer":"vi-', '"analyzer":"old-')
        path.unlink()
        path.write_text(text, encoding="utf-8")


@dataclass
class Tally:
    """The figures of a run of faults."""

    faults: int = 0
    losses: int = 0
    requests: int = 0
    unpickled: int = 0
    wrong: list[str] = field(default_factory=list)


def ask_questions(engine: Engine) -> Answers:
    """Return the answers of an index to all our questions; every one is a request."""
    queries = [Term(Field.FOLDED, word) for word in WORDS]
    both = Or(tuple(queries[:3]))
    results = [engine.search(EngineQuery(query, limit=100)) for query in (*queries, both)]
    return tuple(tuple(sorted(hit.identifier for hit in result.hits)) for result in results)


def read_live_answers(home: Path) -> Answers:
    """Return the answers that a reader gets who opens the archive now."""
    live = LiveIndex(home / "index")
    try:
        return _read_answers(live)
    finally:
        live.close()


def _read_answers(live: LiveIndex) -> Answers:
    try:
        with live.open_generation() as generation:
            return ask_questions(generation.engine)
    except AnalyzerChangedError:
        return REFUSED


class Witness:
    """A check of an archive after a fault, with a reader from before it."""

    def __init__(self, home: Path, allowed: set[Answers], tally: Tally, asks: bool = True) -> None:
        """Begin to read; `asks` is whether it is known which answers are right."""
        self._home, self._allowed, self._tally, self._asks = home, allowed, tally, asks
        self._reader = LiveIndex(home / "index")
        self._check_answers(self._reader, "before")

    def check(self, acknowledged: list[str], what: str) -> None:
        """Look at an archive after a fault, repair it once, and look again.

        Args:
            acknowledged: articles that the child reported as kept.
            what: the fault, for the report.
        """
        wrong_before = len(self._tally.wrong)
        try:
            self._look(acknowledged, what)
        except (ArchiveError, OSError) as error:
            self._wrong(what, f"{type(error).__name__}: {error}")
        finally:
            self._reader.close()
        folder = os.environ.get("TANGTHU_FAULTS_KEEP")
        if len(self._tally.wrong) > wrong_before and folder:
            target = Path(folder) / what.replace("/", "_")
            shutil.copytree(self._home, target, dirs_exist_ok=True)

    def _look(self, acknowledged: list[str], what: str) -> None:
        self._check_answers(self._reader, what)
        fresh = LiveIndex(self._home / "index")
        self._check_answers(fresh, what)
        fresh.close()
        with Store(self._home, file_limit=FILE_LIMIT) as store:
            self._check_articles(store, acknowledged, what)
            # What follows a torn record has to be as readable as what is before it.
            later = store.add(b"later", _numbered(99)).identifier
            self._check_articles(store, [later], what)
            IndexBuilder(store).repair()
            problems = [*verify_index(store).problems, *store.verify().problems]
            if problems:
                self._wrong(what, f"after repair: {problems[0].subject}: {problems[0].reason}")
            identifiers = {identifier for identifier, _ in store.identifiers()}
            if set(read_live_answers(self._home)[0]) != identifiers:
                self._wrong(what, "after repair the index is not the store")
            self._check_backup(store, what)
            if what.startswith("add_containers "):
                for reason in find_half_done(store):
                    self._wrong(what, reason)
                if problems := store.verify().problems:
                    self._wrong(what, f"added again: {problems[0].reason}")
            if "restore" in what:
                self._check_restored(what)

    def _check_restored(self, what: str) -> None:
        """Check that what has the name of a restored home is whole, or restore it now."""
        restored = self._home / "restored"
        if not restored.exists():
            restore(self._home.parent / "bag", restored)
        with Store(restored, file_limit=FILE_LIMIT) as store:
            problems = store.verify().problems
            if problems or store.count_articles() < _RESTORED:
                self._wrong(what, f"what was restored is not whole: {problems[:1]}")
        shutil.rmtree(restored)

    def _check_backup(self, store: Store, what: str) -> None:
        copy = self._home / "copy"
        if copy.exists():
            restore(copy, self._home / "back")
            shutil.rmtree(self._home / "back")
        else:
            backup(store, copy)

    def _check_articles(self, store: Store, acknowledged: list[str], what: str) -> None:
        for identifier in acknowledged:
            try:
                store.get(identifier)
                store.read_original(identifier)
            except NotFoundError:
                self._wrong(what, f"lost {identifier}")
                self._tally.losses += 1

    def _check_answers(self, live: LiveIndex, what: str) -> None:
        answers = _read_answers(live)
        self._tally.requests += len(answers)
        if self._asks and answers not in self._allowed:
            self._wrong(what, "the index is neither the old nor the new one")

    def _wrong(self, what: str, why: str) -> None:
        self._tally.wrong.append(f"{what}: {why}")


def count_unpickling(tally: Tally) -> None:
    """Count every class that pickle looks up in this process."""

    def heard(event: str, _: object) -> None:
        if event == "pickle.find_class":
            tally.unpickled += 1

    sys.addaudithook(heard)
