"""A home on a disk that can only be read is read; a torn file is named."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.backups.backup import backup
from archive.catalogue import database
from archive.catalogue.database import (
    CATALOGUE_FILE,
    IDENTITY_FILE,
    has_catalogue,
    has_originals,
    identify,
    read_only_uri,
    refuse_links,
    refuse_lost_catalogue,
    require_catalogue,
    retry_dropped,
)
from archive.errors import HomeGoneError, StoreError
from archive.settings.catalogue_location import CatalogueLocation
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


COMMANDS_RUN = """
import json, sys
from click.testing import CliRunner
from web.cli.main import main
home, orders = sys.argv[1], json.loads(sys.argv[2])
results = [CliRunner().invoke(main, ["--home", home, *words]) for words in orders]
print(json.dumps([[result.exit_code, result.output] for result in results]))
"""


def test_what_only_reads_works(snapshot: Path) -> None:
    copy = str(snapshot.parent / "copy")
    expected = {
        ("status",): (0, "articles"),
        ("search", "mot"): (0, "Một"),
        ("verify",): (0, "all agree"),
        ("verify", "--since-last"): (0, "all agree"),
        ("backup", copy): (0, "articles up to change"),
        ("add", "README.md"): (1, "Read-only file system"),
        ("update",): (1, "Read-only file system"),
    }
    orders = json.dumps(list(expected))
    done = read_only(snapshot, sys.executable, "-c", COMMANDS_RUN, str(snapshot), orders)
    assert done.returncode == 0, done.stderr
    results = zip(expected.items(), json.loads(done.stdout), strict=True)
    for (words, (status, part)), (exit_code, output) in results:
        assert (exit_code, part in output) == (status, True), (words, output)
        assert "Traceback" not in output
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


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([], False),
        (["other.txt", "originals/a.warc"], False),
        ([CATALOGUE_FILE], True),
        ([CATALOGUE_FILE, IDENTITY_FILE], True),
        ([CATALOGUE_FILE, "originals/a.warc.gz"], True),
        ([IDENTITY_FILE], "in a database elsewhere"),
        ([IDENTITY_FILE, "originals/a.warc.gz"], "in a database elsewhere"),
        (["originals/a.warc.gz"], "has originals and no catalogue"),
    ],
)
def test_a_home_that_lost_its_catalogue_is_told_from_one_that_never_had_one(
    tmp_path: Path, files: list[str], expected: bool | str
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert has_originals(tmp_path) == ("originals/a.warc.gz" in files)
    if isinstance(expected, str):
        for check in (has_catalogue, refuse_lost_catalogue, require_catalogue):
            with pytest.raises(StoreError, match=expected):
                check(tmp_path)
        return
    refuse_lost_catalogue(tmp_path)
    assert has_catalogue(tmp_path) is expected
    if expected:
        require_catalogue(tmp_path)
        return
    with pytest.raises(StoreError, match="holds no archive"):
        require_catalogue(tmp_path)
    with pytest.raises(StoreError, match="does not exist"):
        require_catalogue(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("address", "name"), [("", CATALOGUE_FILE), ("postgresql://host/name", IDENTITY_FILE)]
)
def test_another_catalogue_in_its_place_is_another_one(
    tmp_path: Path, address: str, name: str
) -> None:
    location = CatalogueLocation(address)
    with pytest.raises(HomeGoneError, match="no catalogue any more"):
        identify(tmp_path, location)
    (tmp_path / name).write_text("1")
    first = identify(tmp_path, location)
    (tmp_path / name).write_text("22")
    assert identify(tmp_path, location) == first
    (tmp_path / "new").write_text("1")
    (tmp_path / "new").replace(tmp_path / name)
    assert identify(tmp_path, location) != first


@pytest.mark.parametrize(
    ("log", "is_writable", "is_immutable"),
    [
        (None, False, True),
        (b"", False, True),
        (b"x", False, False),
        (None, True, False),
        (b"", True, False),
        (b"x", True, False),
    ],
)
def test_only_what_nobody_can_be_writing_is_read_as_unchangeable(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    log: bytes | None,
    is_writable: bool,
    is_immutable: bool,
) -> None:
    # Root may write everywhere.
    monkeypatch.setattr(database, "is_writable", lambda home: is_writable)
    if log is not None:
        (tmp_path / f"{CATALOGUE_FILE}-wal").write_bytes(log)
    uri = read_only_uri(tmp_path / CATALOGUE_FILE)
    assert uri.startswith(f"{tmp_path.as_uri()}/{CATALOGUE_FILE}?mode=ro")
    assert uri.endswith("&immutable=1") is is_immutable


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_a_catalogue_behind_a_link_is_refused(tmp_path: Path, suffix: str) -> None:
    refuse_links(tmp_path)
    path = tmp_path / f"{CATALOGUE_FILE}{suffix}"
    path.write_bytes(b"")
    refuse_links(tmp_path)
    path.unlink()
    path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreError, match=f"{CATALOGUE_FILE}{suffix} is no plain file"):
        refuse_links(tmp_path)


@pytest.mark.parametrize(("drops", "pauses"), [(0, []), (1, [0.2]), (5, [0.2, 0.5, 1.0, 2.0, 4.0])])
def test_reading_is_tried_again_while_connections_are_dropped(
    monkeypatch: pytest.MonkeyPatch, drops: int, pauses: list[float]
) -> None:
    slept: list[float] = []
    # Of this module alone: other threads sleep as well.
    monkeypatch.setattr(database, "time", SimpleNamespace(sleep=slept.append))
    failures = [ConnectionResetError("gone")] * drops

    def read() -> str:
        if failures:
            raise failures.pop()
        return "rows"

    assert (retry_dropped(read), slept) == ("rows", pauses)


def test_what_is_dropped_every_time_or_fails_otherwise_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[float] = []
    # Of this module alone: other threads sleep as well.
    monkeypatch.setattr(database, "time", SimpleNamespace(sleep=slept.append))
    tried: list[Exception] = []

    def fail(error: Exception) -> None:
        tried.append(error)
        raise error

    with pytest.raises(ConnectionResetError):
        retry_dropped(lambda: fail(ConnectionResetError("gone")))
    assert len(tried) == 6
    with pytest.raises(ValueError, match="wrong"):
        retry_dropped(lambda: fail(ValueError("wrong")))
    assert len(tried) == 7


class _BusyConnection:
    """A connection whose switch to the write-ahead log others keep from it some times."""

    def __init__(self, times: int, code: int = sqlite3.SQLITE_BUSY) -> None:
        self.times, self.code = times, code

    def execute(self, statement: str) -> _BusyConnection:
        assert statement == "PRAGMA journal_mode=WAL"
        if self.times:
            self.times -= 1
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = self.code
            raise error
        return self

    def close(self) -> None:
        """Close nothing."""


def test_the_switch_to_the_log_waits_for_others_that_make_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    clock = SimpleNamespace(
        monotonic=lambda: now[0], sleep=lambda pause: now.append(now.pop() + pause)
    )
    monkeypatch.setattr(database, "time", clock)
    connection = _BusyConnection(50)
    database._set_write_ahead_log(connection)  # type: ignore[arg-type]
    assert connection.times == 0
    assert now[0] > 0
    # Not for ever, and not for another reason.
    with pytest.raises(sqlite3.OperationalError):
        database._set_write_ahead_log(_BusyConnection(10**6))  # type: ignore[arg-type]
    assert 30 < now[0] < 40
    failing = _BusyConnection(2, sqlite3.SQLITE_READONLY)
    with pytest.raises(sqlite3.OperationalError):
        database._set_write_ahead_log(failing)  # type: ignore[arg-type]
    assert failing.times == 1


def test_settings_that_name_another_catalogue_than_the_homes_own_are_named(tmp_path: Path) -> None:
    (tmp_path / CATALOGUE_FILE).touch()
    settings = '[archive]\ncatalogue = "postgresql://a@127.0.0.1:1/a"\n'
    (tmp_path / "settings.toml").write_text(settings)
    with pytest.raises(StoreError, match="its own catalogue, and .* names a database"):
        require_catalogue(tmp_path)
