"""The ledger beside a backup: what it says, where it is written, and that it is done once."""

from __future__ import annotations

import errno
import fcntl
import threading
from pathlib import Path

import msgspec
import pytest

from archive.backups import removal_ledger
from archive.backups.backup import backup, restore
from archive.backups.removal_ledger import (
    BACKUPS_FILE,
    LEDGER_SUFFIX,
    BackupEntry,
    LedgerEntry,
    apply_ledger,
    read_backups,
    read_ledger,
    remember_backup,
    write_ledgers,
)
from archive.catalogue.operations import OperationKind, OperatorNote
from archive.errors import DamagedError, StoreError, StoreLockedError
from archive.passages import passage_digest
from archive.store import Store
from archive.writing.lock import WriterLock
from tests.factories import article, keep

TEXT = "Lời kể riêng tư của nhân chứng số bảy"
ONE, TWO, THREE = (article(f"Bài {number}", TEXT, "Hai.") for number in (1, 2, 3))
NOTE = OperatorNote("nhầm", "thủ thư", "2026-05-01T00:00:00+00:00")


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with three articles."""
    keep(store, ONE, TWO, THREE)
    return store


def made(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def ledger_entry(identifier: str, kind: OperationKind, version: int = 0) -> LedgerEntry:
    return LedgerEntry(identifier, version, kind, NOTE.reason, NOTE.actor, NOTE.made)


def test_a_home_remembers_the_backups_that_are_still_there(filled: Store, tmp_path: Path) -> None:
    assert read_backups(filled.home) == ()
    first, second, third = (made(tmp_path, name) for name in "cab")
    for target in (first, second, third, first):
        remember_backup(filled, target, 3)
    entries = read_backups(filled.home)
    assert [entry.path for entry in entries] == [str(second), str(third), str(first)]
    assert {entry.sequence for entry in entries} == {3}
    assert [entry.made for entry in entries] == sorted(entry.made for entry in entries)
    third.rmdir()
    assert [entry.path for entry in read_backups(filled.home)] == [str(second), str(first)]
    (filled.home / BACKUPS_FILE).write_text("nonsense")
    assert read_backups(filled.home) == ()


def test_what_was_withheld_is_written_beside_every_backup(filled: Store, tmp_path: Path) -> None:
    targets = [made(tmp_path, name) for name in ("one", "two")]
    for target in targets:
        remember_backup(filled, target, 3)
    assert write_ledgers(filled) == []
    # An empty ledger is there as well: one that is missing was lost.
    assert [read_ledger(target, is_needed=True) for target in targets] == [(), ()]
    with filled.operator_batch() as batch:
        batch.hide(ONE.identifier, NOTE)
        batch.remove(TWO.identifier, NOTE, destroy=True)
        batch.edit(THREE.identifier, {"title": "Khác"}, NOTE)
        batch.show_again(ONE.identifier, NOTE)
    assert write_ledgers(filled) == []
    hidden, removed, reshown = read_ledger(targets[0])
    assert [entry.identifier for entry in (hidden, removed, reshown)] == [
        ONE.identifier,
        TWO.identifier,
        ONE.identifier,
    ]
    assert [entry.kind.value for entry in (hidden, removed, reshown)] == [
        "hidden",
        "removed",
        "shown",
    ]
    assert [entry.destroyed for entry in (hidden, removed, reshown)] == [False, True, False]
    assert {(entry.reason, entry.actor, entry.made) for entry in (hidden, removed, reshown)} == {
        (NOTE.reason, NOTE.actor, NOTE.made)
    }
    assert read_ledger(targets[1]) == (hidden, removed, reshown)
    assert TEXT not in (tmp_path / f"one{LEDGER_SUFFIX}").read_text("utf-8")


def test_a_place_that_cannot_be_written_is_named_and_the_others_are(
    filled: Store, tmp_path: Path
) -> None:
    first, second = made(tmp_path, "one"), made(tmp_path, "two")
    for target in (first, second):
        remember_backup(filled, target, 3)
    (tmp_path / f"one{LEDGER_SUFFIX}").unlink()
    (tmp_path / f"one{LEDGER_SUFFIX}").mkdir()
    with filled.operator_batch() as batch:
        batch.hide(ONE.identifier, NOTE)
    (refused,) = write_ledgers(filled)
    assert refused.startswith(f"{first}{LEDGER_SUFFIX}: ")
    assert len(read_ledger(second)) == 1


@pytest.mark.parametrize("name", ["folder", "file.zip", "file.tar"])
def test_a_backup_without_its_ledger_brings_nothing_removed_back_unasked(
    filled: Store, tmp_path: Path, name: str
) -> None:
    made_here, moved = tmp_path / name, tmp_path / "elsewhere" / name
    backup(filled, made_here)
    with filled.operator_batch() as batch:
        batch.remove(ONE.identifier, NOTE)
    assert write_ledgers(filled) == []
    moved.parent.mkdir()
    made_here.rename(moved)
    with pytest.raises(StoreError, match=f"{name}{LEDGER_SUFFIX} is missing") as refusal:
        restore(moved, tmp_path / "back")
    assert "--with-removed" in str(refusal.value)
    assert not (tmp_path / "back").exists()
    assert restore(moved, tmp_path / "asked", withhold=False).withheld == 0
    moved.with_name(name + LEDGER_SUFFIX).write_bytes(
        made_here.with_name(name + LEDGER_SUFFIX).read_bytes()
    )
    assert restore(moved, tmp_path / "back").withheld == 1


def test_a_backup_of_an_older_program_needs_no_ledger(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.backups.backup.is_writable", lambda home: False)
    backup(filled, tmp_path / "old.zip")
    assert not (tmp_path / f"old.zip{LEDGER_SUFFIX}").exists()
    assert restore(tmp_path / "old.zip", tmp_path / "back").withheld == 0


def test_a_ledger_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / f"one{LEDGER_SUFFIX}").write_text("[{}]")
    with pytest.raises(DamagedError):
        read_ledger(tmp_path / "one")


def test_a_ledger_is_done_once_and_passes_over_what_came_later(filled: Store) -> None:
    kinds = OperationKind
    ledger = (
        ledger_entry(ONE.identifier, kinds.HIDDEN),
        ledger_entry("later", kinds.HIDDEN),
        ledger_entry("later", kinds.REMOVED),
        ledger_entry(ONE.identifier, kinds.SHOWN),
        ledger_entry(TWO.identifier, kinds.REMOVED),
        ledger_entry(THREE.identifier, kinds.HIDDEN),
    )
    assert apply_ledger(filled, ledger).withheld == 3
    assert filled.get(ONE.identifier).title == "Bài 1"
    assert [change.identifier for change, _ in filled.articles()] == [ONE.identifier]
    count = len(list(filled.history()))
    assert apply_ledger(filled, ledger).withheld == 0
    assert len(list(filled.history())) == count
    # The same at another time is another operation.
    again = msgspec.structs.replace(ledger[0], made="2026-06-01T00:00:00+00:00")
    assert apply_ledger(filled, (again,)).withheld == 1
    assert [entry.identifier for entry, _ in filled.articles()] == []


def test_removed_passages_are_taken_out_of_a_restored_backup(filled: Store, tmp_path: Path) -> None:
    backup(filled, tmp_path / "copy")
    with filled.operator_batch() as batch:
        batch.remove_passages(ONE.identifier, NOTE, (passage_digest(TEXT),))
        batch.edit(TWO.identifier, {"title": "Khác"}, NOTE)
    assert write_ledgers(filled) == []
    (passage,) = read_ledger(tmp_path / "copy")
    assert (passage.kind, passage.passages) == (OperationKind.EDITED, (passage_digest(TEXT),))
    assert passage.destroyed is False
    assert restore(tmp_path / "copy", tmp_path / "other").withheld == 1
    with Store(tmp_path / "other") as restored:
        assert restored.get(ONE.identifier).sections[0].paragraphs == ("[…]", "Hai.")
        # Corrections of metadata are not a matter of what is withheld.
        assert restored.get(TWO.identifier).title == "Bài 2"
        assert restored.verify().problems == ()


def test_two_backups_that_end_at_once_are_both_remembered(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_backup, second_backup = (made(tmp_path, name) for name in "ab")
    read, threads = removal_ledger.read_backups, list[threading.Thread]()

    def read_while_another_ends(home: Path) -> tuple[BackupEntry, ...]:
        entries = read(home)
        if not threads:
            threads.append(
                threading.Thread(target=remember_backup, args=(filled, second_backup, 3))
            )
            threads[0].start()
            threads[0].join(0.3)
        return entries

    monkeypatch.setattr(removal_ledger, "read_backups", read_while_another_ends)
    remember_backup(filled, first_backup, 3)
    threads[0].join()
    assert [entry.path for entry in read(filled.home)] == [str(first_backup), str(second_backup)]


def test_a_ledger_that_another_process_holds_too_long_is_told(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember_backup(filled, made(tmp_path, "a"), 3)
    monkeypatch.setattr(removal_ledger, "_PATIENCE", 0.0)
    with WriterLock(filled.home / "backups.lock"):
        (refused,) = write_ledgers(filled)
        with pytest.raises(StoreLockedError):
            remember_backup(filled, made(tmp_path, "b"), 3)
    assert "backups.lock: process" in refused
    assert write_ledgers(filled) == []


def test_a_backup_is_remembered_where_there_are_no_locks(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    remember_backup(filled, made(tmp_path, "a"), 3)
    assert len(read_backups(filled.home)) == 1
