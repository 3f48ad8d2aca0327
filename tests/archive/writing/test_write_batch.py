"""Write batches: all or nothing since the last flush, whatever ends them; one writer at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import NotFoundError, StoreLockedError
from archive.originals.warc_records import RecordHead, pack_record
from archive.records import ChangeKind
from archive.store import Store
from archive.writing import prepared_article
from tests.factories import article
from tests.warm_python import WarmPython

pytestmark = pytest.mark.usefixtures("both_catalogues")


def test_an_error_gives_up_what_was_not_flushed(store: Store) -> None:
    def fail() -> None:
        with store.batch() as batch:
            batch.add(b"1", article("Một"))
            batch.flush()
            batch.add(b"2", article("Hai"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [change.sequence for change in store.changes(0)] == [1]
    report = store.verify()
    assert (report.versions, report.orphans, report.problems) == (1, 1, ())
    assert store.add(b"2", article("Hai")).sequence == 2


def test_an_original_is_packed_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    packed: list[bytes] = []

    def pack(payload: bytes, head: RecordHead) -> bytes:
        packed.append(payload)
        return pack_record(payload, head)

    monkeypatch.setattr(prepared_article, "pack_record", pack)
    store.add(b"1", article("Một"))
    store.add(b"2", article("Hai"))
    assert packed == [b"1", b"2"]


def test_a_second_writer_is_refused_by_name(store: Store) -> None:
    with store.batch(), pytest.raises(StoreLockedError, match=r"process \d+ on .+, since 20"):
        store.add(b"x", article("Một"))


KILLED = """
import os, signal, sys
from pathlib import Path
from archive.catalogue.catalogue_writer import CatalogueWriter
from archive.originals.warc_files import Originals
from archive.writing.write_batch import Batch
from archive.store import Store
from tests.factories import article
place = sys.argv[2]
when, step = place.split(" ", 1)
owners = (Originals, CatalogueWriter, Batch)
owner, name = next(owner for owner in owners if hasattr(owner, step)), step
original = getattr(owner, name)
def killer(self, *rest):
    if when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = original(self, *rest)
    os.kill(os.getpid(), signal.SIGKILL)
    return result
store = Store(Path(sys.argv[1]))
store.add(b"first", article("first"))
print("added", flush=True)
setattr(owner, name, killer)
with store.batch() as batch:
    batch.add(b"second", article("second"))
"""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["append_record", "sync", "add_version", "write", "flush"])
def test_a_kill_loses_nothing_that_was_reported(
    tmp_path: Path, warm_python: WarmPython, when: str, step: str
) -> None:
    done = warm_python.run(KILLED, str(tmp_path), f"{when} {step}")
    assert (done.returncode, done.stdout) == (-9, "added\n")
    with Store(tmp_path) as store:
        assert store.add(b"first", article("first")).kind is ChangeKind.UNCHANGED
        again = store.add(b"second", article("second"))
        survived = (when, step) == ("after", "flush")
        assert again.kind is (ChangeKind.UNCHANGED if survived else ChangeKind.ADDED)
        assert again.sequence == 2
        assert store.verify().problems == ()


@pytest.mark.parametrize("holder", ["", "{", "[1]", '{"pid": "x"}', "\x00" * 5000])
def test_a_writer_that_left_no_name_is_another_process(store: Store, holder: str) -> None:
    with store.batch():
        (store.home / "lock").write_text(holder, encoding="utf-8")
        with pytest.raises(StoreLockedError, match="^another process is writing here"):
            store.add(b"x", article("Một"))


def test_a_patient_writer_waits_for_the_other(store: Store) -> None:
    with Store(store.home) as other, ThreadPoolExecutor(1) as pool:
        other.patience = 30
        with store.batch() as batch:
            waiting = pool.submit(other.add, b"2", article("Hai"))
            batch.add(b"1", article("Một"))
            assert not waiting.done()
        assert waiting.result(30).sequence == 2


def test_changes_of_one_article_in_one_batch_follow_each_other(store: Store) -> None:
    first, second = article("Một"), article("Hai")
    with store.batch() as batch:
        changes = [
            batch.add(b"1", first),
            batch.add(b"1", first),
            batch.add(b"1a", replace(first, lead="Sửa")),
            batch.add(b"2", second),
            batch.delete(first.identifier),
            batch.add(b"1", first),
        ]
    assert [(change.sequence, change.version, change.kind.value) for change in changes] == [
        (1, 1, "added"),
        (1, 1, "unchanged"),
        (2, 2, "changed"),
        (3, 1, "added"),
        (4, 2, "deleted"),
        (5, 3, "added"),
    ]
    assert [change.sequence for change in store.changes(0)] == [3, 5]
    assert store.verify().problems == ()


def test_rows_that_are_many_are_written_before_the_end(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.catalogue.catalogue_writer._MOST_WAITING", 2)
    articles = [article(f"Bài {number}") for number in range(7)]
    with store.batch() as batch:
        for one_article in articles:
            batch.add(one_article.title.encode(), one_article)
    assert store.count_articles() == 7
    assert store.verify().problems == ()


def test_nothing_is_deleted_twice_in_one_batch(store: Store) -> None:
    kept = article("Một")
    with store.batch() as batch:
        batch.add(b"1", kept)
        batch.delete(kept.identifier)
        with pytest.raises(NotFoundError):
            batch.delete(kept.identifier)
