"""`make cluster`: everything starts, both hosts find the sample, everything stops."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests import local_cluster
from tests.local_cluster import reason_to_skip
from tests.paths import ROOT
from tests.postgresql_server import PostgresqlServer, find_programs

IGNORES_SIGTERM = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(600)
"""

INTERRUPTED_AT_THE_START = """
import os, signal, subprocess
from tests import local_cluster, postgresql_server

class Interrupted(subprocess.Popen):
    def wait(self, timeout=None):
        global is_new
        if is_new and "start" in self.args:
            is_new = False
            os.killpg(0, signal.SIGINT)
        return super().wait(timeout)

is_new = True
subprocess.Popen = Interrupted
local_cluster.end_at_signals()
server = postgresql_server.PostgresqlServer()
print(server.folder, flush=True)
with server:
    pass
"""

INTERRUPTED_AGAIN = """
import sys
from contextlib import suppress
from pathlib import Path
from contextlib import contextmanager
from tests import local_cluster

@contextmanager
def cluster(paths):
    try:
        with local_cluster._process([sys.executable, "-c", "input()"], {}, None):
            yield "http://nowhere/"
    finally:
        print("stopping", flush=True)
        sys.stdin.readline()
        print("stopped", flush=True)

local_cluster.local_cluster = cluster
local_cluster.reason_to_skip = lambda: ""
sys.argv = ["local_cluster"]
local_cluster.main()
"""


@pytest.mark.slow
def test_the_cluster_starts_is_asked_and_stops() -> None:
    if (reason := reason_to_skip()) and not os.environ.get("CI"):
        pytest.skip(reason)
    done = subprocess.run(
        [sys.executable, "-m", "tests.local_cluster", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    assert "articles found by both hosts; engine green, originals ok" in done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_second_signal_does_not_break_off_what_stops_the_cluster(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED_AGAIN],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "http://nowhere/\n"
        process.send_signal(number)
        assert process.stdout.readline() == "stopping\n"
        process.send_signal(number)
        process.send_signal(signal.SIGINT)
        process.stdin.write("go on\n")
        process.stdin.flush()
        assert process.stdout.readline() == "stopped\n"
        assert process.wait() == 0


def test_a_process_that_does_not_end_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_cluster, "_SECONDS_TO_STOP", 0.1)
    log = tmp_path / "log"
    command = [sys.executable, "-c", IGNORES_SIGTERM]
    with local_cluster._process(command, os.environ, log) as process:
        while "ready" not in log.read_text():
            assert process.poll() is None
    assert process.poll() == -signal.SIGKILL


def test_a_database_that_is_interrupted_at_its_start_is_stopped() -> None:
    if find_programs() is None and not os.environ.get("CI"):
        pytest.skip("no PostgreSQL server is installed")
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_AT_THE_START],
        cwd=ROOT,
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    folder = Path(done.stdout.strip())
    assert "KeyboardInterrupt" in done.stderr
    assert folder.name.startswith("tangthu-pg-")
    assert not folder.exists()
    assert not [words for words in running_commands() if str(folder) in words]


def test_a_database_that_cannot_start_leaves_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    if find_programs() is None and not os.environ.get("CI"):
        pytest.skip("no PostgreSQL server is installed")
    server = PostgresqlServer()

    def fail() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(server, "start", fail)
    with pytest.raises(KeyboardInterrupt), server:
        pass
    assert not server.folder.exists()


def running_commands() -> list[str]:
    """Return the command of each process of this machine that can be told."""
    commands = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            commands.append(path.read_text(errors="replace"))
    return commands
