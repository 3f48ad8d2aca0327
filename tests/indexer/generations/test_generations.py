"""Generations, update, rebuild, rollback, the live index: old or new, never between."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading

import pytest

from archive.errors import (
    AnalyzerChangedError,
    EngineError,
    NoIndexError,
    NotFoundError,
    StoreLockedError,
)
from archive.records import Article
from archive.store import Store
from indexer.analysis.fields import Field
from indexer.engine.queries import Term
from indexer.engine.records import EngineQuery
from indexer.generations.generations import MANIFEST, Generations, check_files, read_index_state
from indexer.generations.live_index import LiveIndex
from indexer.indexing.build_options import BuildOptions
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import OpenArchive
from tests.factories import article, keep
from tests.paths import ROOT


def bodies(count: int, start: int = 0) -> list[Article]:
    return [article(f"Bài {number}", f"nội dung số{number}") for number in range(start, count)]


def found(live: LiveIndex, text: str) -> int:
    with live.open_generation() as generation:
        return generation.engine.search(EngineQuery(Term(Field.FOLDED, text))).total


@pytest.fixture
def store(store: Store) -> Store:
    keep(store, *bodies(5))
    return store


@pytest.fixture
def live(archive: OpenArchive) -> LiveIndex:
    return archive.live_index


def test_update_makes_a_generation_and_only_when_something_changed(store: Store) -> None:
    first = IndexBuilder(store).update()
    assert (first.documents, first.indexed, first.sequence) == (5, 5, 5)
    assert IndexBuilder(store).update().generation == first.generation
    keep(store, article("Mới", "thêm"))
    second = IndexBuilder(store).update()
    assert (second.documents, second.indexed, second.sequence) == (6, 1, 6)
    assert second.generation > first.generation
    assert verify_index(store).problems == ()


def test_a_published_generation_never_changes(store: Store, live: LiveIndex) -> None:
    name = IndexBuilder(store).update().generation
    generations = Generations(store.home / "index")
    published = generations.get(name)
    keep(store, article("Mới", "thêm"))
    store.delete(store.changes(0)[0].identifier)
    IndexBuilder(store).update()
    assert check_files(published) == []
    assert generations.get(name) == published
    assert generations.rollback().name == name
    assert (found(live, "bai"), found(live, "them")) == (5, 0)
    report = IndexBuilder(store).update()
    assert (report.documents, report.indexed, report.deleted) == (5, 1, 1)
    assert verify_index(store).problems == ()


def test_changed_and_deleted_articles_are_replaced_and_taken_out(
    store: Store, live: LiveIndex
) -> None:
    keep(store, article("Có mã", "cũ", external_id="x"))
    IndexBuilder(store).update()
    keep(store, article("Có mã", "mới", external_id="x"), article("Có mã", "nhất", external_id="x"))
    store.delete(store.changes(0)[0].identifier)
    IndexBuilder(store).update()
    counts = [found(live, text) for text in ("cu", "moi", "nhat", "ma", "bai")]
    assert counts == [0, 0, 1, 1, 4]
    assert verify_index(store).problems == ()


def test_rebuild_and_update_hold_the_same(store: Store) -> None:
    IndexBuilder(store).update()
    keep(store, *bodies(9, 5))
    updated = IndexBuilder(store).update()
    rebuilt = IndexBuilder(store, BuildOptions(batch=1)).rebuild()
    assert (rebuilt.documents, rebuilt.sequence) == (updated.documents, updated.sequence)
    assert verify_index(store).problems == ()


def test_only_the_kept_number_of_generations_stays(store: Store) -> None:
    for _ in range(4):
        IndexBuilder(store, BuildOptions(keep=2)).rebuild()
    generations = Generations(store.home / "index")
    assert generations.names() == ["000003", "000004"]


def test_going_back_needs_an_older_generation(store: Store) -> None:
    IndexBuilder(store).update()
    with pytest.raises(NotFoundError, match="no older generation"):
        IndexBuilder(store).rollback()


def test_a_second_builder_is_refused_and_adding_is_not(store: Store) -> None:
    with IndexBuilder(store)._lock():
        with pytest.raises(StoreLockedError):
            IndexBuilder(store).rebuild()
        keep(store, article("Giữa chừng"))
    assert IndexBuilder(store).update().documents == 6


def test_what_a_killed_build_left_is_cleared(store: Store) -> None:
    orphan = Generations(store.home / "index").begin()
    (orphan / "half").write_bytes(b"x")
    IndexBuilder(store).update()
    assert not (orphan / "half").exists()


def test_another_analyzer_is_named_with_the_remedy(store: Store) -> None:
    IndexBuilder(store).update()
    folder = Generations(store.home / "index").current().folder
    text = (folder / "index.json").read_text().replace("vi-", "old-")
    (folder / "index.json").write_text(text)
    with pytest.raises(AnalyzerChangedError, match="rebuild"):
        IndexBuilder(store).update()
    assert IndexBuilder(store).rebuild().documents == 5


def test_damage_to_an_index_is_found(store: Store) -> None:
    IndexBuilder(store).update()
    current = Generations(store.home / "index").current()
    victim = max(current.folder.iterdir(), key=lambda path: path.stat().st_size)
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(data)
    assert victim.name in [problem.subject for problem in verify_index(store).problems]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 1}', '{"files": {"../x": {"sha256": "", "size": 0}}}']
)
def test_a_damaged_manifest_is_named(store: Store, text: str) -> None:
    IndexBuilder(store).update()
    (Generations(store.home / "index").current().folder / MANIFEST).write_text(text)
    with pytest.raises(EngineError, match="rebuild"):
        Generations(store.home / "index").current()
    assert verify_index(store).problems


@pytest.mark.parametrize("name", ["../..", "nothing", "000009", "x" * 5000])
def test_a_pointer_to_nowhere_is_an_error_of_ours(store: Store, name: str) -> None:
    IndexBuilder(store).update()
    (store.home / "index" / "CURRENT").write_text(name)
    with pytest.raises(NotFoundError):
        Generations(store.home / "index").current()


def test_readers_move_between_requests(store: Store, live: LiveIndex) -> None:
    with pytest.raises(NoIndexError), live.open_generation():
        pass
    assert live.generation_name() == ""
    IndexBuilder(store).update()
    assert found(live, "bai") == 5
    with live.open_generation() as old:
        keep(store, article("Bài mới"))
        IndexBuilder(store).update()
        assert found(live, "bai") == 6
        assert old.engine.search(EngineQuery(Term(Field.FOLDED, "bai"))).total == 5
    assert live.generation_name() == "000002"


def test_a_generation_that_cannot_be_opened_leaves_the_old_one_serving(
    store: Store, live: LiveIndex
) -> None:
    IndexBuilder(store).update()
    assert found(live, "bai") == 5
    (store.home / "index" / "CURRENT").write_text("000099\n")
    assert found(live, "bai") == 5


def test_readers_beside_a_rebuilding_writer_see_one_whole_generation(
    store: Store, live: LiveIndex
) -> None:
    IndexBuilder(store).update()
    wrong: list[int] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            with live.open_generation() as generation:
                status = generation.engine.status()
                query = EngineQuery(Term(Field.FOLDED, "bai"))
                total = generation.engine.search(query).total
                if total != status.documents:
                    wrong.append(total)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(6):
        keep(store, article(f"Bài thêm {number}"))
        builder = IndexBuilder(store)
        (builder.rebuild if number % 2 else builder.update)()
    ended.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert found(live, "bai") == 11


def test_the_state_is_that_of_the_live_generation(store: Store) -> None:
    assert read_index_state(store).generation == ""
    IndexBuilder(store).update()
    state = read_index_state(store)
    assert (state.generation, state.documents, state.sequence) == ("000001", 5, 5)


KILLED = """
import os, signal, sys
from pathlib import Path
from archive.store import Store
from indexer.generations import generations
from indexer.indexing import rebuild_job
from indexer.indexing import index_builder
from indexer.indexing.index_builder import IndexBuilder
from indexer.whoosh_engine.index_files import WhooshIndexFiles
from tests.factories import article, keep
home, work, step, when = sys.argv[1:]
owners = (
    IndexBuilder, generations.Generations, generations, index_builder, rebuild_job.RebuildJob,
    WhooshIndexFiles,
)
owner = next(one for one in owners if hasattr(one, step))
original = getattr(owner, step)
def killer(*rest, **named):
    if when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = original(*rest, **named)
    os.kill(os.getpid(), signal.SIGKILL)
    return result
store = Store(Path(home))
setattr(owner, step, killer)
getattr(IndexBuilder(store), work)()
"""

STEPS = {
    "update": [
        "begin",
        "_apply_new_changes",
        "_check_index",
        "open_writer",
        "publish",
        "_record_files",
        "prune",
    ],
    "rebuild": ["_run_document_tasks", "_run_segment_tasks", "adopt", "_point_to"],
}


@pytest.mark.parametrize(
    ("work", "step"), [(work, step) for work, steps in STEPS.items() for step in steps]
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_leaves_the_old_index_or_the_new_one(
    store: Store, live: LiveIndex, work: str, step: str, when: str
) -> None:
    IndexBuilder(store).update()
    assert found(live, "bai") == 5
    keep(store, article("Bài mới"))
    command = [sys.executable, "-c", KILLED, str(store.home), work, step, when]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert found(live, "bai") in (5, 6)
    pointed = json.loads(
        (Generations(store.home / "index").current().folder / MANIFEST).read_text()
    )
    assert pointed["documents"] == found(live, "bai")
    IndexBuilder(store).update()
    assert found(live, "bai") == 6
    assert verify_index(store).problems == ()
    assert store.verify().problems == ()
