"""What is interrupted, and what has to hold afterwards. To add a work, add it to `WORKS`."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from archive.backup import backup, restore
from archive.errors import ArchiveError, NotFoundError
from archive.records import Article
from archive.store import Store
from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import Or, Term
from indexer.engine.records import EngineQuery
from indexer.generations.live_index import LiveIndex
from indexer.indexing import checkpoint
from indexer.indexing.build_options import BuildOptions
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder
from tests.factories import article, keep

WORDS = ("bai", "so", "khoa", "moi", *(f"khoa{one}" for one in range(24)))
Answers = tuple[tuple[str, ...], ...]
Told = Callable[[str], None]


class _Stop(BaseException):
    """As Ctrl+C."""


def prepare(home: Path) -> None:
    """An archive with two generations, an interrupted rebuild, and changes that none has yet."""
    checkpoint._TASK_DOCUMENTS = 4
    with Store(home, file_limit=4000) as store:
        keep(store, *(_numbered(one) for one in range(8)))
        IndexBuilder(store).update()
        keep(store, *(_numbered(one) for one in range(8, 12)))
        IndexBuilder(store).update()
        with contextlib.suppress(_Stop):
            IndexBuilder(store, progress=_stop).rebuild()
        keep(store, *(_numbered(one) for one in range(12, 14)))
        keep(store, _numbered(3, "khác"))
        store.delete(next(store.identifiers())[0])


def _stop(done: int, total: int) -> None:
    if done > total // 2:
        raise _Stop


def _numbered(number: int, more: str = "") -> Article:
    return article(f"Bài {number}", f"số khoá{number} {more}", external_id=str(number))


def _add(store: Store, tell: Told) -> None:
    with store.batch() as batch:
        for number in range(20, 24):
            one = _numbered(number)
            batch.add(repr(one).encode(), one)
            if number % 2:
                for change in batch.flush():
                    tell(change.identifier)


def _update(store: Store, tell: Told) -> None:
    IndexBuilder(store, BuildOptions(batch=2)).update()


def _rebuild(store: Store, tell: Told) -> None:
    IndexBuilder(store, BuildOptions(resume=False)).rebuild()


def _resume(store: Store, tell: Told) -> None:
    IndexBuilder(store).rebuild()


def _delete(store: Store, tell: Told) -> None:
    store.delete(next(store.identifiers())[0])


def _rollback(store: Store, tell: Told) -> None:
    IndexBuilder(store).rollback()


def _backup(store: Store, tell: Told) -> None:
    backup(store, store.home / "copy")


def _repair(store: Store, tell: Told) -> None:
    IndexBuilder(store).reindex([identifier for identifier, _ in store.identifiers()][:3])


WORKS: dict[str, Callable[[Store, Told], None]] = {
    "add": _add,
    "update": _update,
    "rebuild": _rebuild,
    "resume": _resume,
    "delete": _delete,
    "rollback": _rollback,
    "backup": _backup,
    "repair": _repair,
}


@dataclass
class Tally:
    """What a run of faults came to."""

    faults: int = 0
    losses: int = 0
    requests: int = 0
    unpickled: int = 0
    wrong: list[str] = field(default_factory=list)


def ask(engine: Engine) -> Answers:
    """What an index answers to all our questions; every one is a request."""
    queries = [Term(Field.FOLDED, word) for word in WORDS]
    both = Or(tuple(queries[:3]))
    found = [engine.search(EngineQuery(query, limit=100)) for query in (*queries, both)]
    return tuple(tuple(sorted(hit.identifier for hit in one.hits)) for one in found)


def live_answers(home: Path) -> Answers:
    """What a reader that opens the archive now gets."""
    live = LiveIndex(home / "index")
    try:
        with live.open_generation() as generation:
            return ask(generation.engine)
    finally:
        live.close()


class Witness:
    """Holds an archive against what it may be after a fault."""

    def __init__(self, home: Path, allowed: set[Answers], tally: Tally) -> None:
        self._home, self._allowed, self._tally = home, allowed, tally
        self._reader = LiveIndex(home / "index")
        self._answer(self._reader, "before")

    def check(self, acknowledged: list[str], what: str) -> None:
        """Look at an archive after a fault, repair it once, and look again.

        Args:
            acknowledged: articles that the child reported as kept.
            what: the fault, for the report.
        """
        before = len(self._tally.wrong)
        try:
            self._look(acknowledged, what)
        except (ArchiveError, OSError) as error:
            self._wrong(what, f"{type(error).__name__}: {error}")
        finally:
            self._reader.close()
        kept = os.environ.get("TANGTHU_FAULTS_KEEP")
        if len(self._tally.wrong) > before and kept:
            target = Path(kept) / what.replace("/", "_")
            shutil.copytree(self._home, target, dirs_exist_ok=True)

    def _look(self, acknowledged: list[str], what: str) -> None:
        self._answer(self._reader, what)
        fresh = LiveIndex(self._home / "index")
        self._answer(fresh, what)
        fresh.close()
        with Store(self._home, file_limit=4000) as store:
            self._kept(store, acknowledged, what)
            with store.batch():
                pass
            IndexBuilder(store).repair()
            problems = [*verify_index(store).problems, *store.verify().problems]
            if problems:
                self._wrong(what, f"after repair: {problems[0].subject}: {problems[0].reason}")
            titles = {one for one, _ in store.identifiers()}
            if set(live_answers(self._home)[0]) != titles:
                self._wrong(what, "after repair the index is not the store")
            self._copied(store, what)

    def _copied(self, store: Store, what: str) -> None:
        copy = self._home / "copy"
        if copy.exists():
            restore(copy, self._home / "back")
            shutil.rmtree(self._home / "back")
        else:
            backup(store, copy)

    def _kept(self, store: Store, acknowledged: list[str], what: str) -> None:
        for identifier in acknowledged:
            try:
                store.get(identifier)
                store.read_original(identifier)
            except NotFoundError:
                self._wrong(what, f"lost {identifier}")
                self._tally.losses += 1

    def _answer(self, live: LiveIndex, what: str) -> None:
        with live.open_generation() as generation:
            answers = ask(generation.engine)
        self._tally.requests += len(answers)
        if answers not in self._allowed:
            self._wrong(what, "the index is neither the old nor the new one")

    def _wrong(self, what: str, why: str) -> None:
        self._tally.wrong.append(f"{what}: {why}")


def count_unpickling(tally: Tally) -> None:
    """Notice every class that pickle looks up in this process."""

    def heard(event: str, _: object) -> None:
        if event == "pickle.find_class":
            tally.unpickled += 1

    sys.addaudithook(heard)
