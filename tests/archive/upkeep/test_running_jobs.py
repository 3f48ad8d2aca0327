"""Long commands are seen while they run, and no longer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.backups.backup import backup
from archive.store import Store
from archive.upkeep import running_jobs
from archive.upkeep.running_jobs import JOBS_FOLDER, RunningJob, read_running_jobs
from tests.factories import article, keep
from tests.paths import ROOT

KILLED = """
import os, sys, time
from pathlib import Path
from archive.upkeep import running_jobs
running_jobs._SECONDS_BETWEEN = 0.0
running_jobs.RunningJob(Path(sys.argv[1]), "verify")(3, 4)
print("running", flush=True)
sys.stdin.read()
os._exit(9)
"""


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running_jobs, "_SECONDS_BETWEEN", 0.0)


@pytest.mark.usefixtures("at_once")
def test_jobs_are_seen_while_they_last(tmp_path: Path) -> None:
    with RunningJob(tmp_path, "verify") as first, RunningJob(tmp_path, "backup", True) as second:
        assert read_running_jobs(tmp_path) == []
        first(1, 10)
        second(5_000, 0)
        first(2, 10)
        jobs = read_running_jobs(tmp_path)
        seen = {(job.work, job.done, job.total, job.is_bytes) for job in jobs}
        assert seen == {("verify", 2, 10, False), ("backup", 5_000, 0, True)}
        assert jobs == sorted(jobs, key=lambda job: (job.started, job.work))
    assert read_running_jobs(tmp_path) == []
    assert not (tmp_path / JOBS_FOLDER).exists()


def test_what_is_done_at_once_writes_nothing(tmp_path: Path) -> None:
    with RunningJob(tmp_path, "verify") as job:
        job(1, 1)
        assert not any(tmp_path.iterdir())


@pytest.mark.usefixtures("at_once")
def test_a_killed_job_is_seen_until_its_end_and_cleared_by_the_next(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        (job,) = read_running_jobs(tmp_path)
        assert (job.work, job.done, job.total) == ("verify", 3, 4)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait() == 9
    (left,) = (tmp_path / JOBS_FOLDER).iterdir()
    assert read_running_jobs(tmp_path) == []
    with RunningJob(tmp_path, "backup") as job_after:
        job_after(1, 2)
        assert not left.exists()
        assert [job.work for job in read_running_jobs(tmp_path)] == ["backup"]


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("kind", ["link", "file", "closed"])
def test_a_home_that_takes_no_record_stops_no_job(tmp_path: Path, kind: str) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    elsewhere.mkdir()
    home.mkdir()
    theirs = elsewhere / f"{'0' * 16}.json"
    theirs.write_text("theirs")
    if kind == "link":
        (home / JOBS_FOLDER).symlink_to(elsewhere)
    elif kind == "file":
        (home / JOBS_FOLDER).write_text("")
    else:
        home.rmdir()
    with RunningJob(home, "verify") as job:
        job(1, 2)
        assert read_running_jobs(home) == []
    assert [path.name for path in elsewhere.iterdir()] == [theirs.name]


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("text", [b"", b"{}", b"[" * 600, b"\xff", b'{"work": "<b>"}'])
def test_what_is_no_record_of_a_job_is_none(tmp_path: Path, text: bytes) -> None:
    with RunningJob(tmp_path, "verify") as job:
        job(1, 2)
        (path,) = (tmp_path / JOBS_FOLDER).iterdir()
        path.write_bytes(text)
        assert read_running_jobs(tmp_path) == []


@pytest.mark.parametrize(("name", "passes"), [("bag", 2), ("copy.zip", 3)])
def test_a_backup_tells_how_far_it_is(store: Store, tmp_path: Path, name: str, passes: int) -> None:
    keep(store, article("Một"))
    told: list[tuple[int, int]] = []
    backup(store, tmp_path / name, progress=lambda done, total: told.append((done, total)))
    size = told[1][0]
    assert size > 0
    assert told == [
        (0, passes * size),
        (size, passes * size),
        (2 * size, passes * size),
    ]
