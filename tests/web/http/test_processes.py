"""`tangthu serve --processes`: several answer at one door, one that dies is replaced, all end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.store import Store
from indexer.indexing.index_builder import IndexBuilder
from tests.factories import article, keep

COMMAND = [sys.executable, "-c", "from web.cli.main import main; main()", "--home"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("home")
    with Store(made) as store:
        keep(store, article("Công an xã", "x"))
        IndexBuilder(store).update()
    return made


@contextmanager
def serving(home: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The parent of two processes, and the port they listen on."""
    process = subprocess.Popen(
        [*COMMAND, str(home), "serve", "--port", "0", "--processes", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ, PYTHONUNBUFFERED="1"),
    )
    try:
        assert process.stdout
        yield process, int(re.findall(r":(\d+)/", process.stdout.readline())[0])
    finally:
        process.kill()
        process.communicate()


def children(process: subprocess.Popen[str]) -> list[int]:
    """Its child processes."""
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in path.read_text().split()]


def total(port: int) -> int:
    address = f"http://127.0.0.1:{port}/api/v1/search?q=cong"
    with urllib.request.urlopen(address, timeout=20) as answer:
        return int(json.load(answer)["total"])


def wait_for(test: Callable[[], object]) -> None:
    until = time.monotonic() + 30
    while not test():
        assert time.monotonic() < until
        time.sleep(0.05)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # One that nobody has waited for yet is no more, either.
    return ") Z " in Path(f"/proc/{pid}/stat").read_text()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are listed in /proc")
def test_one_that_dies_is_replaced_and_all_end_together(home: Path) -> None:
    with serving(home) as (process, port):
        assert [total(port) for _ in range(8)] == [1] * 8
        first = children(process)
        assert len(first) == 2
        time.sleep(1.2)
        os.kill(first[0], signal.SIGKILL)
        wait_for(lambda: len(children(process)) == 2 and first[0] not in children(process))
        assert [total(port) for _ in range(8)] == [1] * 8
        second = children(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert all(gone(pid) for pid in second)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are listed in /proc")
def test_they_end_with_their_parent(home: Path) -> None:
    with serving(home) as (process, port):
        assert total(port) == 1
        pids = children(process)
        process.kill()
        process.wait(30)
        wait_for(lambda: all(gone(pid) for pid in pids))


def test_a_door_that_is_taken_is_told_once(home: Path) -> None:
    with serving(home) as (_, port):
        command = [*COMMAND, str(home), "serve", "--port", str(port), "--processes", "2"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
        assert "in use" in done.stderr
