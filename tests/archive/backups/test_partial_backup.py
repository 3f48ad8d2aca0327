"""What killed backups left is cleared by the next one beside it, and nothing else."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.backups import backup as copies
from archive.backups import partial_backup
from archive.backups.backup import backup, restore
from archive.backups.removal_ledger import LEDGER_SUFFIX, unfinished_ledgers
from archive.errors import StoreError
from archive.store import Store
from tests.factories import article, keep
from tests.warm_python import WarmPython


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "home") as opened:
        keep(opened, article("Một"), article("Hai"))
        yield opened


KILLED = """
import os, signal, sys
from pathlib import Path
from archive.backups import backup, partial_backup, removal_ledger
from archive.store import Store
rooms = (backup, partial_backup, removal_ledger)
room = next(room for room in rooms if hasattr(room, sys.argv[3]))
step = getattr(room, sys.argv[3])
def kill(*arguments):
    step(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(room, sys.argv[3], kill)
with Store(Path(sys.argv[1])) as store:
    backup.backup(store, Path(sys.argv[2]))
"""


@pytest.mark.parametrize("step", ["_lock_folder", "_copy_catalogue", "copy_originals", "_make_bag"])
@pytest.mark.parametrize("name", ["2026-11-25", "2026-11-25.zip"])
def test_what_a_killed_backup_left_is_cleared_by_the_next(
    store: Store, tmp_path: Path, warm_python: WarmPython, step: str, name: str
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    done = warm_python.run(KILLED, str(store.home), str(folder / name), step)
    assert done.returncode == -9, done.stderr
    assert [path.name for path in folder.iterdir()] == [f".{name}.partial"]
    (folder / ".other.partial").mkdir()
    (folder / ".other.partial" / "of another program").touch()
    backup(store, folder / "2026-11-26")
    names = sorted(path.name for path in folder.iterdir())
    assert names == [".other.partial", "2026-11-26", "2026-11-26.removals.json"]


def test_a_backup_under_way_is_not_cleared(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_originals = copies.copy_originals

    def make_another(*arguments: Any) -> int:
        monkeypatch.setattr(copies, "copy_originals", copy_originals)
        backup(store, tmp_path / "second")
        return copy_originals(*arguments)

    monkeypatch.setattr(copies, "copy_originals", make_another)
    backup(store, tmp_path / "first")
    for name in ("first", "second"):
        restore(tmp_path / name, tmp_path / f"back {name}")


@pytest.mark.parametrize(
    "place",
    [
        "",
        "originals",
        "data/originals",
        "tmpx/originals",
        "tmpx",
        "bagit.txt",
        "catalogue.sqlite-wal",
    ],
)
def test_what_a_killed_backup_left_is_cleared_whatever_was_moved(
    tmp_path: Path, store: Store, place: str
) -> None:
    partial = tmp_path / ".copy.partial"
    (partial / place).mkdir(parents=True)
    backup(store, tmp_path / "copy")
    assert not partial.exists()


def test_a_folder_of_somebody_else_stays(tmp_path: Path, store: Store) -> None:
    (tmp_path / ".other.partial" / "tmpx" / "letters").mkdir(parents=True)
    backup(store, tmp_path / "copy")
    assert (tmp_path / ".other.partial" / "tmpx" / "letters").is_dir()


def test_a_backup_that_ends_while_another_begins_is_no_matter(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending = tmp_path / ".other.partial"
    (ending / "originals").mkdir(parents=True)
    is_of_backup = partial_backup._is_of_backup

    def end(folder: Path) -> bool:
        shutil.rmtree(ending)
        return is_of_backup(folder)

    monkeypatch.setattr(partial_backup, "_is_of_backup", end)
    backup(store, tmp_path / "copy")
    assert (tmp_path / "copy").exists()


def test_a_backup_whose_folder_another_clears_makes_it_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flock, cleared = fcntl.flock, list[Path]()

    def clear_first(handle: int, operation: int) -> None:
        partial = tmp_path / ".copy.partial"
        if partial.exists() and not cleared:
            cleared.append(partial)
            partial.rmdir()
        flock(handle, operation)

    monkeypatch.setattr(fcntl, "flock", clear_first)
    backup(store, tmp_path / "copy")
    assert cleared
    restore(tmp_path / "copy", tmp_path / "back")


@pytest.mark.parametrize("name", ["bag", "bag.zip"])
def test_a_backup_has_its_ledger_before_its_name(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    target, ledger = tmp_path / name, tmp_path / f"{name}{LEDGER_SUFFIX}"
    with monkeypatch.context() as full:
        for step in ("pack_folder", "move_into_place"):
            full.setattr(copies, step, fail)
        with pytest.raises(StoreError, match="No space left"):
            backup(store, target)
    assert not target.exists()
    assert not ledger.exists()
    # As if it was killed before its home knew of it.
    monkeypatch.setattr(copies, "remember_backup", fail)
    with pytest.raises(OSError, match="No space left"):
        backup(store, target)
    assert ledger.is_file()
    restore(target, tmp_path / "back")


@pytest.mark.parametrize("step", ["sync_folder", "replace_file", "_give_name"])
@pytest.mark.parametrize("name", ["2026-11-25", ".2026-11-25", "2026-11-25.zip"])
def test_a_ledger_of_a_killed_backup_is_cleared_by_the_next(
    store: Store, tmp_path: Path, warm_python: WarmPython, step: str, name: str
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    assert warm_python.run(KILLED, str(store.home), str(folder / name), step).returncode == -9
    assert unfinished_ledgers(folder) == [folder / name]
    backup(store, folder / "2026-11-26")
    finished = [name] if step == "_give_name" else []
    names = [*finished, "2026-11-26"]
    ledgers = [backup_name + LEDGER_SUFFIX for backup_name in names]
    assert {path.name for path in folder.iterdir()} == {*names, *ledgers}
    for backup_name in names:
        restore(folder / backup_name, tmp_path / f"back {backup_name}")


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
def test_a_ledger_that_was_left_behind_outlives_a_killed_backup_of_its_name(
    store: Store, tmp_path: Path, warm_python: WarmPython, name: str
) -> None:
    folder, elsewhere = tmp_path / "backups", tmp_path / "elsewhere"
    elsewhere.mkdir()
    backup(store, folder / name)
    (folder / name).rename(elsewhere / name)
    done = warm_python.run(KILLED, str(store.home), str(folder / name), "replace_file")
    assert done.returncode == -9
    backup(store, folder / "next")
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted([name + LEDGER_SUFFIX, "next", "next" + LEDGER_SUFFIX])
    (folder / (name + LEDGER_SUFFIX)).rename(elsewhere / (name + LEDGER_SUFFIX))
    restore(elsewhere / name, tmp_path / "back")


def test_ledgers_of_backups_that_have_a_name_or_are_under_way_stay(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(store, tmp_path / ".other")
    give_name = copies._give_name

    def make_another(*arguments: Any) -> None:
        monkeypatch.setattr(copies, "_give_name", give_name)
        backup(store, tmp_path / "second")
        give_name(*arguments)

    monkeypatch.setattr(copies, "_give_name", make_another)
    backup(store, tmp_path / "first")
    assert unfinished_ledgers(tmp_path) == []
    for name in (".other", "first", "second"):
        restore(tmp_path / name, tmp_path / f"back {name}")
