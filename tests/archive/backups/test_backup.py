"""Backups: consistent while the archive is written to, checked on the way back."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bagit
import pytest
from click.testing import CliRunner

from archive.backups import backup as copies
from archive.backups.backup import backup, restore
from archive.errors import ArchiveError, DamagedError, StoreError
from archive.store import Store
from indexer.generations.generations import Generations
from indexer.indexing.build_options import BuildOptions
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder
from tests.factories import article, keep
from tests.paths import ROOT
from web.cli.main import main

pytestmark = pytest.mark.usefixtures("both_catalogues")

NAMES = ["folder", "file.zip", "file.tar"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "home", file_limit=3000) as opened:
        keep(opened, *(article(f"Bài {number}") for number in range(12)))
        yield opened


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_comes_back_as_it_was(store: Store, tmp_path: Path, name: str) -> None:
    report = backup(store, tmp_path / name)
    assert (report.articles, report.sequence) == (12, 12)
    restore(tmp_path / name, tmp_path / "back")
    with Store(tmp_path / "back") as back:
        assert list(back.identifiers()) == list(store.identifiers())
        assert back.verify() == store.verify()
        keep(back, article("Mới"))
        assert back.verify().problems == ()
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == sorted(["home", name, f"{name}.removals.json", "back"])


def test_a_folder_is_a_bag_that_anyone_can_check(store: Store, tmp_path: Path) -> None:
    backup(store, tmp_path / "bag")
    bag = bagit.Bag(str(tmp_path / "bag"))
    bag.validate()
    assert bag.info["Tangthu-Articles"] == "12"
    assert (tmp_path / "bag" / "manifest-sha256.txt").is_file()


def test_what_is_written_meanwhile_leaves_each_copy_consistent(
    store: Store, tmp_path: Path
) -> None:
    ended = threading.Event()

    def write() -> None:
        number = 100
        while not ended.is_set():
            keep(store, article(f"Bài {number}"))
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(4):
            report = backup(store, tmp_path / f"bag{number}")
            restore(tmp_path / f"bag{number}", tmp_path / f"back{number}")
            with Store(tmp_path / f"back{number}") as back:
                assert (back.count_articles(), back.last_sequence()) == (
                    report.articles,
                    report.sequence,
                )
    finally:
        ended.set()
        writer.join()


def test_a_flipped_bit_in_any_file_of_a_copy_is_refused(store: Store, tmp_path: Path) -> None:
    backup(store, tmp_path / "bag")
    files = [path for path in sorted((tmp_path / "bag").rglob("*")) if path.is_file()]
    assert len(files) > 6
    for path in files:
        content = path.read_bytes()
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1 :])
        with pytest.raises((DamagedError, StoreError)):
            restore(tmp_path / "bag", tmp_path / "back")
        assert not (tmp_path / "back").exists()
        path.write_bytes(content)
    restore(tmp_path / "bag", tmp_path / "back")


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04" + bytes(40)])
@pytest.mark.parametrize("name", ["x.zip", "x.tar"])
def test_what_is_no_backup_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StoreError):
        restore(tmp_path / name, tmp_path / "back")
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize("name", ["bomb.zip", "bomb.tar"])
def test_what_swells_is_not_unpacked(tmp_path: Path, name: str) -> None:
    bomb = tmp_path / name
    if name.endswith(".zip"):
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("data/zeros", bytes(1 << 20))
    else:
        with tarfile.open(bomb, "w:gz") as archive:
            zeros = tarfile.TarInfo("data/zeros")
            zeros.size = 1 << 20
            archive.addfile(zeros, io.BytesIO(bytes(1 << 20)))
    with pytest.raises(ArchiveError, match="no backup|cannot be restored"):
        restore(bomb, tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_nothing_is_written_over(store: Store, tmp_path: Path) -> None:
    backup(store, tmp_path / "bag")
    with pytest.raises(StoreError, match="exists"):
        backup(store, tmp_path / "bag")
    with pytest.raises(StoreError, match="not empty"):
        restore(tmp_path / "bag", store.home)


def test_the_commands_take_the_index_along_or_make_it(store: Store, tmp_path: Path) -> None:
    IndexBuilder(store).update()
    for option in ("--index", "--no-index"):
        bag, home = tmp_path / option, tmp_path / f"back{option}"
        for words in (
            ["--home", str(store.home), "backup", option, "--", str(bag)],
            ["--home", str(home), "restore", "--", str(bag)],
            ["--home", str(home), "verify"],
        ):
            done = CliRunner().invoke(main, words)
            assert done.exit_code == 0, done.output
        assert (bag / "data" / "index").exists() is (option == "--index")


FROM_NOWHERE = """
import os, sys
from pathlib import Path
from archive.backups.backup import backup, restore
from archive.store import Store
os.mkdir(sys.argv[3])
os.chdir(sys.argv[3])
os.rmdir(sys.argv[3])
with Store(Path(sys.argv[1])) as store:
    backup(store, Path(sys.argv[2]))
restore(Path(sys.argv[2]), Path(sys.argv[3]))
"""


@pytest.mark.parametrize("name", NAMES)
def test_a_working_directory_that_cannot_be_entered_ends_no_backup(
    store: Store, tmp_path: Path, name: str
) -> None:
    places = [str(store.home), str(tmp_path / name), str(tmp_path / "gone")]
    command = [sys.executable, "-c", FROM_NOWHERE, *places]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == 0
    with Store(tmp_path / "gone") as back:
        assert list(back.identifiers()) == list(store.identifiers())


def test_the_folder_of_a_backup_is_made(tmp_path: Path, store: Store) -> None:
    keep(store, article("Một"))
    for name in ("new/deeper/copy", "other/copy.zip", "third/copy.tar"):
        backup(store, tmp_path / name)
        restore(tmp_path / name, tmp_path / f"{name}.home")
        with Store(tmp_path / f"{name}.home") as restored:
            assert restored.count_articles() == store.count_articles()


def test_an_index_that_is_pruned_while_a_backup_is_made_is_in_it(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    IndexBuilder(store).update()
    copy_originals = copies.copy_originals

    def copy_while_the_index_changes(*arguments: Any) -> int:
        for number in range(2):
            keep(store, article(f"Bài thêm {number}"))
            IndexBuilder(store, BuildOptions(keep=1)).update()
        return copy_originals(*arguments)

    monkeypatch.setattr(copies, "copy_originals", copy_while_the_index_changes)
    words = ["--home", str(store.home), "backup", "--index", "--", str(tmp_path / "bag")]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    monkeypatch.undo()
    restore(tmp_path / "bag", tmp_path / "back")
    with Store(tmp_path / "back") as back:
        assert Generations(back.home / "index").current_name() == "000001"
        assert IndexBuilder(back).reason_to_rebuild() == ""
        assert verify_index(back).problems == ()
