"""The oldest dated backups of a home make room; whatever else is in the folder stays."""

from __future__ import annotations

from pathlib import Path

from archive.backups.backup import backup
from archive.backups.backup_rotation import dated_target, remove_older_backups
from archive.backups.removal_ledger import read_backups, write_ledgers
from archive.catalogue.operations import OperatorNote
from archive.store import Store
from tests.factories import article, keep


def test_the_oldest_dated_backups_make_room(store: Store, tmp_path: Path) -> None:
    (one,) = keep(store, article("Một"))
    folder = tmp_path / "backups"
    folder.mkdir()
    names = [f"tangthu-2026112{day}T033000Z.zip" for day in range(5)]
    for name in (*names, "by-hand.zip"):
        backup(store, folder / name)
    (folder / "tangthu-20200101T000000Z.zip").write_text("of another archive")
    for other in (tmp_path / "aside", folder / "below"):
        other.mkdir()
        backup(store, other / "tangthu-20261001T033000Z.zip")
    with store.operator_batch() as batch:
        batch.remove(one.identifier, OperatorNote("x", "y"))
    write_ledgers(store)
    removed = remove_older_backups(store.home, folder, 2)
    assert [path.name for path in removed] == names[:3]
    assert {path.name for path in folder.iterdir()} == {
        "by-hand.zip",
        "by-hand.zip.removals.json",
        "below",
        "tangthu-20200101T000000Z.zip",
        *names[3:],
        *(f"{name}.removals.json" for name in names[3:]),
    }
    assert len(read_backups(store.home)) == 5
    assert remove_older_backups(store.home, folder, 0) == [folder / names[3]]


def test_a_backup_is_named_by_its_moment(tmp_path: Path) -> None:
    assert dated_target(tmp_path).name.startswith("tangthu-20")
