"""A home on a disk that can only be read is read; a torn file is named."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive.backup import backup
from archive.errors import StoreError
from archive.store import Store
from indexer.indexing.index_builder import IndexBuilder
from tests.factories import article, keep
from tests.paths import ROOT

MOUNT = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && shift 0 && exec "$@"'
"""A script that runs a command while a folder can only be read, for itself alone."""


def read_only(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command while a home is mounted read-only."""
    words = ["unshare", "--mount", "sh", "-c", MOUNT, str(home), *command]
    return subprocess.run(words, capture_output=True, text=True, cwd=ROOT)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Store(tmp_path / "home") as store:
        keep(store, article("Một"), article("Hai"))
        IndexBuilder(store).update()
    if not shutil.which("unshare") or read_only(tmp_path / "home", "true").returncode:
        pytest.skip("nothing can be mounted here")
    return tmp_path / "home"


@pytest.fixture(params=[False, True], ids=["closed", "with a log"])
def snapshot(request: pytest.FixtureRequest, home: Path, tmp_path: Path) -> Path:
    """Return a copy of a home: closed well, or as of a moment in which it was written."""
    if not request.param:
        return home
    with Store(home) as store:
        store.add(b"3", article("Ba"))
        IndexBuilder(store).update()
        shutil.copytree(home, tmp_path / "snapshot")
    return tmp_path / "snapshot"


@pytest.mark.parametrize(
    ("words", "status", "expected"),
    [
        (("status",), 0, "articles"),
        (("search", "mot"), 0, "Một"),
        (("verify",), 0, "all agree"),
        (("verify", "--since-last"), 0, "all agree"),
        (("backup", "../copy"), 0, "articles up to change"),
        (("add", "README.md"), 1, "Read-only file system"),
        (("update",), 1, "Read-only file system"),
    ],
)
def test_what_only_reads_works(
    snapshot: Path, words: tuple[str, ...], status: int, expected: str
) -> None:
    places = [str(snapshot.parent / word[3:]) if word.startswith("../") else word for word in words]
    program = "from web.cli.main import main; main()"
    done = read_only(snapshot, sys.executable, "-c", program, "--home", str(snapshot), *places)
    assert done.returncode == status, done.stdout + done.stderr
    assert expected in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("trusted_schema", 0)],
)
def test_a_commit_is_on_disk_when_it_returns(store: Store, pragma: str, value: object) -> None:
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_torn_catalogue_is_named_and_reading_it_ends_in_a_clear_error(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        keep(store, *(article(f"Bài {number}", "chữ " * 200) for number in range(400)))
    path = tmp_path / "catalogue.sqlite"
    pages = path.read_bytes()
    half = len(pages) // 2
    path.write_bytes(pages[:half] + b"\xff" * half)
    with Store(tmp_path) as store:
        assert {problem.subject for problem in store.verify().problems} == {"catalogue"}
        with pytest.raises(StoreError, match="restore a backup"):
            list(store.articles())
        with pytest.raises(StoreError, match="catalogue cannot be"):
            keep(store, *(article(f"Mới {number}") for number in range(50)))
        with pytest.raises(StoreError, match="restore a backup"):
            backup(store, tmp_path.with_name("copy"))
        assert not tmp_path.with_name("copy").exists()
