"""A backup comes back in a folder that stays: a mount point, or one in another's folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive.backups import restore_place
from archive.backups.backup import backup, restore
from archive.backups.removal_ledger import LEDGER_SUFFIX
from archive.errors import StoreError
from archive.store import Store
from tests.factories import article, keep
from tests.paths import ROOT

CATALOGUE = "catalogue.sqlite"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    with Store(tmp_path / "home") as store:
        keep(store, article("Một"), article("Hai"))
        (tmp_path / "about.md").write_text("# Giới thiệu", encoding="utf-8")
        with (tmp_path / "about.md").open("rb") as page:
            backup(store, tmp_path / "copy.zip", {"pages/about.md": page})
    return tmp_path / "copy.zip"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder on which another file system is mounted, as far as Python sees."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == folder)
    return folder


def test_a_mount_point_is_filled_and_stays(copy: Path, home: Path) -> None:
    place = home.stat().st_ino
    restore(copy, home)
    assert home.stat().st_ino == place
    assert (home / "pages" / "about.md").exists()
    assert not [path for path in home.iterdir() if path.name.startswith(".")]
    with Store(home) as store:
        assert store.count_articles() == 2
        assert store.verify().problems == ()


def test_a_restore_that_fails_leaves_it_empty(copy: Path, home: Path) -> None:
    damaged = copy.read_bytes().replace(b"bagit", b"bagot")
    copy.write_bytes(damaged)
    with pytest.raises(StoreError):
        restore(copy, home)
    assert not any(home.iterdir())


def test_what_a_killed_restore_left_there_is_cleared(copy: Path, home: Path) -> None:
    (home / ".restored" / "data").mkdir(parents=True)
    (home / ".restored" / "data" / CATALOGUE).write_text("half")
    restore(copy, home)
    with Store(home) as store:
        assert store.count_articles() == 2


def test_a_folder_with_anything_else_in_it_is_refused(copy: Path, home: Path) -> None:
    (home / "mine").touch()
    with pytest.raises(StoreError, match="not empty"):
        restore(copy, home)
    assert [path.name for path in home.iterdir()] == ["mine"]


def test_the_catalogue_comes_last(copy: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[str] = []
    replace = Path.replace

    def watch(path: Path, target: Path) -> Path:
        if target.parent == home:
            moved.append(target.name)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", watch)
    restore(copy, home)
    assert moved[-1] == CATALOGUE
    assert set(moved) == {"originals", "pages", CATALOGUE}
    assert restore_place.unpacking_place(home.with_name("new")).parent == home.parent


AS_ANOTHER = """
import os, sys
from pathlib import Path
from archive.backups.backup import restore
source, home = map(Path, sys.argv[1:])
# All modules are there then, wherever Python is.
restore(source, source.with_name("first"))
os.setgid(65534)
os.setuid(65534)
restore(source, home)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root's rights")
def test_a_folder_in_another_users_folder_is_filled(copy: Path) -> None:
    # Those of pytest are closed to other users.
    outer = Path("/var/tmp") / f"tangthu-restore-{os.getpid()}"  # noqa: S108
    home = outer / "tangthu"
    try:
        home.mkdir(parents=True)
        os.chown(home, 65534, 65534)
        ledger = f"copy.zip{LEDGER_SUFFIX}"
        for path, name in ((copy, "copy.zip"), (copy.with_name(copy.name + LEDGER_SUFFIX), ledger)):
            shutil.copy(path, outer / name)
            (outer / name).chmod(0o644)
        command = [sys.executable, "-c", AS_ANOTHER, str(outer / "copy.zip"), str(home)]
        subprocess.run(command, cwd=ROOT, check=True)
        assert (home / CATALOGUE).stat().st_uid == 65534
        assert {path.name for path in outer.iterdir()} == {"copy.zip", ledger, "first", "tangthu"}
    finally:
        shutil.rmtree(outer)
