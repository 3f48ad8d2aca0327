"""`tangthu serve --processes`: workers answer at one socket, are replaced, and end gracefully."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from gunicorn.config import Config

from tests.factories import ArchiveFactory, article
from web.cli import site_serving
from web.cli.gunicorn_server import BoundedLogger
from web.cli.main import main
from web.http.bounded_log import BYTES_PER_MINUTE, BoundedLogHandler
from web.settings import Settings

COMMAND = [sys.executable, "-c", "from web.cli.main import main; main()", "--home"]

SLOW = """
import os, sys, time
from pathlib import Path
import web.cli.gunicorn_server as servers
from web.cli.main import main

class Slow(servers.GunicornServer):
    def load(self):
        app = super().load()
        @app.get("/slow")
        def slow():
            Path(os.environ["BEGUN"]).touch()
            time.sleep(1)
            return "whole" * 100_000
        return app

servers.GunicornServer = Slow
main()
"""
"""The command, with a page that takes its time, and leaves a file when it begins."""


@pytest.fixture(scope="module")
def home(shared_archive_of: ArchiveFactory) -> Path:
    return shared_archive_of(article("Công an xã", "x")).store.home


@contextmanager
def serving(
    home: Path, *options: str, script: str = ""
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Serve in two processes; their parent, and the port."""
    command = [sys.executable, "-c", script, "--home"] if script else COMMAND
    process = subprocess.Popen(
        [*command, str(home), "serve", "--port", "0", "--processes", "2", *options],
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


def read(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return bytes(answer.read())


def total(port: int) -> int:
    return int(json.loads(read(port, "/api/v1/search?q=cong"))["total"])


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
def test_a_worker_that_dies_is_replaced_and_all_end_together(home: Path) -> None:
    with serving(home) as (process, port):
        assert [total(port) for _ in range(8)] == [1] * 8
        first = children(process)
        assert len(first) == 2
        os.kill(first[0], signal.SIGKILL)
        wait_for(lambda: len(children(process)) == 2 and first[0] not in children(process))
        assert [total(port) for _ in range(8)] == [1] * 8
        second = children(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert all(gone(pid) for pid in second)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are listed in /proc")
def test_workers_end_with_their_parent(home: Path) -> None:
    with serving(home) as (process, port):
        assert total(port) == 1
        pids = children(process)
        process.kill()
        process.wait(30)
        wait_for(lambda: all(gone(pid) for pid in pids))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_requests_under_way_are_answered_before_the_end(
    home: Path, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = tmp_path / "begun"
    monkeypatch.setenv("BEGUN", str(begun))
    with serving(home, script=SLOW) as (process, port):
        assert total(port) == 1
        bodies: list[bytes] = []
        request = threading.Thread(target=lambda: bodies.append(read(port, "/slow")))
        request.start()
        wait_for(begun.exists)
        process.send_signal(number)
        request.join(20)
        assert bodies == [b"whole" * 100_000]
        assert process.wait(30) == 0


def test_the_settings_reach_every_worker(home: Path, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    options = ("--access-log", str(log), "--host-name", "archive.example", "--proxies", "1")
    with serving(home, *options) as (_, port):
        with pytest.raises(urllib.error.HTTPError, match="400"):
            read(port, "/")
        headers = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Host": "archive.example"}
        address = f"http://127.0.0.1:{port}/healthz"
        request = urllib.request.Request(address, headers=headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert answer.status == 200
        wait_for(lambda: "192.0.2.7 - - [" in log.read_text())


def test_an_address_in_use_is_told_once(home: Path) -> None:
    with serving(home) as (_, port):
        command = [*COMMAND, str(home), "serve", "--port", str(port), "--processes", "2"]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert ended.returncode == 1
        assert len(ended.stderr.splitlines()) == 1
        assert "in use" in ended.stderr


def test_without_gunicorn_one_process_serves_and_says_so(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[object] = []
    monkeypatch.setattr(site_serving, "find_spec", lambda _: None)
    monkeypatch.setattr(site_serving, "_serve", lambda *arguments: served.append(arguments))
    result = CliRunner().invoke(main, ["--home", str(home), "serve", "--processes", "2"])
    assert result.exit_code == 0
    assert "pip install 'tangthu[server]'" in result.stderr
    assert len(served) == 1


@pytest.mark.parametrize(("proxies", "is_behind"), [(0, False), (1, True), (2, True)])
def test_behind_a_proxy_all_connections_are_the_proxys(proxies: int, is_behind: bool) -> None:
    servers = pytest.importorskip("web.cli.gunicorn_server")
    server = servers.GunicornServer.__new__(servers.GunicornServer)
    server._settings = Settings(proxies=proxies)
    assert server.is_behind_proxy is is_behind


def test_what_clients_send_wrong_does_not_fill_the_log() -> None:
    log = BoundedLogger(Config())
    before = list(log.error_log.handlers)
    written = io.StringIO()
    try:
        (handler,) = before
        assert isinstance(handler, BoundedLogHandler)
        handler.setStream(written)
        for _ in range(300):
            log.warning("Invalid request: %s", "A" * 8000)
    finally:
        log.error_log.handlers.clear()
    assert 0 < len(written.getvalue()) <= BYTES_PER_MINUTE
