"""Updates and rebuilds of the index: the old one or the new one, never between."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from archive.errors import AnalyzerChangedError, NotPublishedError, StoreLockedError
from archive.store import Store
from indexer.engine.api import Engine
from indexer.engine_factory import open_engine
from indexer.generations.generations import MANIFEST, Generations, check_files
from indexer.indexing import index_builder
from indexer.indexing.build_options import BuildOptions, BuildReport
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder
from indexer.whoosh_engine.format.index_manifest import read_manifest
from indexer.whoosh_engine.writing.document_buffer import BYTES_PER_TOKEN
from tests.factories import HitCounter, article, keep
from tests.warm_python import WarmPython

pytestmark = pytest.mark.usefixtures("both_catalogues")


@pytest.fixture
def store(numbered_store: Store) -> Store:
    return numbered_store


def test_update_makes_a_generation_and_only_when_something_changed(store: Store) -> None:
    first = IndexBuilder(store).update()
    assert (first.documents, first.indexed, first.sequence) == (5, 5, 5)
    assert IndexBuilder(store).update().generation == first.generation
    keep(store, article("Mới", "thêm"))
    second = IndexBuilder(store).update()
    assert (second.documents, second.indexed, second.sequence) == (6, 1, 6)
    assert second.generation > first.generation
    assert verify_index(store).problems == ()


def test_changed_and_deleted_articles_are_replaced_and_taken_out(
    store: Store, count_hits: HitCounter
) -> None:
    keep(store, article("Có mã", "cũ", external_id="x"))
    IndexBuilder(store).update()
    keep(store, article("Có mã", "mới", external_id="x"), article("Có mã", "nhất", external_id="x"))
    store.delete(store.changes(0)[0].identifier)
    IndexBuilder(store).update()
    counts = [count_hits(text) for text in ("cu", "moi", "nhat", "ma", "bai")]
    assert counts == [0, 0, 1, 1, 4]
    assert verify_index(store).problems == ()


def test_rebuild_and_update_hold_the_same(store: Store) -> None:
    IndexBuilder(store).update()
    keep(store, *(article(f"Bài {number}") for number in range(5, 9)))
    updated = IndexBuilder(store).update()
    rebuilt = IndexBuilder(store, BuildOptions(batch=1)).rebuild()
    assert (rebuilt.documents, rebuilt.sequence) == (updated.documents, updated.sequence)
    assert verify_index(store).problems == ()


def test_only_the_kept_number_of_generations_stays(store: Store) -> None:
    for _ in range(4):
        IndexBuilder(store, BuildOptions(keep=2)).rebuild()
    generations = Generations(store.home / "index")
    assert generations.names() == ["000003", "000004"]


def test_a_second_builder_is_refused_and_adding_is_not(store: Store) -> None:
    with IndexBuilder(store)._lock():
        with pytest.raises(StoreLockedError):
            IndexBuilder(store).rebuild()
        keep(store, article("Giữa chừng"))
    assert IndexBuilder(store).update().documents == 6


def test_additions_without_a_pause_hold_up_no_index(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare, titles = index_builder.differing_articles, iter(range(100))

    def compare_after_an_addition(store: Store, engine: Engine) -> list[str]:
        keep(store, article(f"Thêm {next(titles)}"))
        return compare(store, engine)

    monkeypatch.setattr(index_builder, "differing_articles", compare_after_an_addition)
    report = IndexBuilder(store).update()
    assert report.indexed == report.documents >= 5
    monkeypatch.undo()
    IndexBuilder(store).update()
    assert verify_index(store).problems == ()


def test_what_is_added_after_the_comparison_is_left_to_the_next_update(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = index_builder.unfindable_articles

    def add_and_search(store: Store, engine: Engine) -> list[str]:
        keep(store, article("Giữa chừng"))
        return search(store, engine)

    sequence = store.last_sequence()
    monkeypatch.setattr(index_builder, "unfindable_articles", add_and_search)
    report = IndexBuilder(store).update()
    # An index that was found whole is published as it was looked at.
    assert (report.sequence, store.last_sequence()) == (sequence, sequence + 1)
    monkeypatch.undo()
    assert IndexBuilder(store).update().indexed == 1


def test_what_changes_while_an_index_is_checked_is_counted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare, (first, _) = index_builder.differing_articles, min(store.identifiers())
    changes = iter(["added and deleted"])

    def change_and_compare(store: Store, engine: Engine) -> list[str]:
        if next(changes, ""):
            keep(store, article("Giữa chừng"))
            with store.batch() as batch:
                batch.delete(first)
        return compare(store, engine)

    monkeypatch.setattr(index_builder, "differing_articles", change_and_compare)
    report = IndexBuilder(store).update()
    assert (report.documents, report.indexed, report.deleted) == (5, 6, 1)
    # An index that is ahead of its store, as that of a backup may be, is left as it is.
    for sequence in (report.sequence, 1):
        monkeypatch.setattr(store, "last_sequence", lambda number=sequence: number)
        again = IndexBuilder(store).update()
        assert again == BuildReport(report.generation, 5, 0, 0, report.sequence)


def test_the_first_of_what_is_wrong_is_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    IndexBuilder(store).update()
    folder = Generations(store.home / "index").current().folder
    files = sorted(folder.glob("*.arrays")) + sorted(folder.glob("*.learned"))
    for path in files:
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content[:-1])
    damaged = check_files(Generations(store.home / "index").current())
    assert len(damaged) == len(files) > 1
    assert IndexBuilder(store).reason_to_rebuild().startswith(f"{damaged[0]} is not what")
    monkeypatch.setattr(index_builder, "differing_articles", lambda store, engine: ["a", "b"])
    with pytest.raises(NotPublishedError, match=r"on 2 articles \(a, …\)"):
        IndexBuilder(store).rebuild()


def test_another_analyzer_is_named_with_the_remedy(store: Store) -> None:
    IndexBuilder(store).update()
    folder = Generations(store.home / "index").current().folder
    text = (folder / "index.json").read_text().replace("vi-", "old-")
    (folder / "index.json").write_text(text)
    with pytest.raises(AnalyzerChangedError, match="rebuild"):
        IndexBuilder(store).update()
    assert IndexBuilder(store).rebuild().documents == 5


KILLED = """
import os, signal, sys
from pathlib import Path
from archive.store import Store
from indexer.generations import generations
from indexer.indexing import rebuild_job
from indexer.indexing import index_builder
from indexer.indexing.index_builder import IndexBuilder
from indexer.whoosh_engine.format.index_manifest import read_manifest
from indexer.whoosh_engine.writing.document_buffer import BYTES_PER_TOKEN
from indexer.whoosh_engine.index_files import WhooshIndexFiles
from tests.factories import HitCounter, article, keep
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
    "rebuild": ["_run_document_tasks", "_run_joining_tasks", "adopt", "_point_to"],
}


@pytest.mark.parametrize(
    ("work", "step"), [(work, step) for work, steps in STEPS.items() for step in steps]
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_leaves_the_old_index_or_the_new_one(
    store: Store, warm_python: WarmPython, count_hits: HitCounter, work: str, step: str, when: str
) -> None:
    IndexBuilder(store).update()
    assert count_hits("bai") == 5
    keep(store, article("Bài mới"))
    done = warm_python.run(KILLED, str(store.home), work, step, when)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert count_hits("bai") in (5, 6)
    pointed = json.loads(
        (Generations(store.home / "index").current().folder / MANIFEST).read_text()
    )
    assert pointed["documents"] == count_hits("bai")
    IndexBuilder(store).update()
    assert count_hits("bai") == 6
    assert verify_index(store).problems == ()
    assert store.verify().problems == ()


def test_a_report_counts_over_all_batches(store: Store) -> None:
    names = [identifier for identifier, _ in store.identifiers()]
    IndexBuilder(store).update()
    for name in names[:3]:
        store.delete(name)
    keep(store, *(article(f"Thêm {number}") for number in range(5)))
    report = IndexBuilder(store, BuildOptions(batch=1)).update()
    assert (report.indexed, report.deleted, report.documents) == (5, 3, 7)


def test_a_repair_beside_an_update_that_removes_what_it_looks_at(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    IndexBuilder(store).update()
    opened: list[str] = []

    def open_after_another_update(folder: Path) -> Engine:
        opened.append(folder.name)
        if len(opened) in (1, 3):
            monkeypatch.undo()
            keep(store, article(f"Bài khác {len(opened)}"))
            IndexBuilder(store, BuildOptions(keep=1)).update()
            monkeypatch.setattr(index_builder, "open_engine", open_after_another_update)
        return open_engine(folder)

    monkeypatch.setattr(index_builder, "open_engine", open_after_another_update)
    assert IndexBuilder(store).repair().generation == "000003"
    # It is asked whether an index is whole, then what differs: each of two.
    assert opened[:4] == ["000001", "000002", "000002", "000003"]
    assert verify_index(store).problems == ()


@pytest.mark.parametrize(("workers", "segments"), [(1, 2), (2, 1)])
def test_segments_that_would_be_made_at_once_become_one(
    store: Store, workers: int, segments: int
) -> None:
    words = 300
    keep(store, *(article(f"Dài {number}", "từ " * words) for number in range(20)))
    # Room for two thirds of all words, which are so few that the text alone counts.
    memory = int(20 * words * 2 / 3) * BYTES_PER_TOKEN
    IndexBuilder(store, BuildOptions(memory=memory, workers=workers)).rebuild()
    manifest = read_manifest(Generations(store.home / "index").current().folder)
    assert len(manifest.segments) == segments
    assert verify_index(store).problems == ()
