"""Two web hosts that serve one archive: one is killed, the other one answers."""

from __future__ import annotations

import http.client
import json
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self
from urllib.parse import quote

from tests.local_cluster import free_ports, wait_for

_COUNT = 2
_SECONDS_TO_ANSWER = 90.0
_SECONDS_DOWN = 0.5


class WebHosts:
    """Hosts of an archive, each a process of its own, while a `with` block lasts."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._ports = free_ports(_COUNT)
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self._processes = [self._start(port) for port in self._ports]
        for port in self._ports:
            wait_for(_health(port))
        return self

    def __exit__(self, *exception: object) -> None:
        for process in self._processes:
            process.kill()
            process.wait()

    def kill(self, number: int) -> None:
        """Kill a host as a crash does, and start it again after a while."""
        self._processes[number].kill()
        self._processes[number].wait()
        time.sleep(_SECONDS_DOWN)
        self._processes[number] = self._start(self._ports[number])
        wait_for(_health(self._ports[number]))

    def search(self, text: str) -> tuple[bool, int]:
        """Ask one host for results, or the other one where it is away, as a balancer does.

        Returns:
            Whether the answer was whole, and the number of matches.

        Raises:
            OSError: both hosts are away, or one answers with an error.
        """
        first = random.randrange(_COUNT)
        try:
            return self._search(first, text)
        except urllib.error.HTTPError:
            raise
        except (OSError, http.client.HTTPException):
            return self._search(1 - first, text)

    def _search(self, number: int, text: str) -> tuple[bool, int]:
        address = f"http://127.0.0.1:{self._ports[number]}/api/v1/search?q={quote(text)}"
        with urllib.request.urlopen(address, timeout=_SECONDS_TO_ANSWER) as response:
            page = json.load(response)
        return page["complete"], page["total"]

    def _start(self, port: int) -> subprocess.Popen[bytes]:
        words = ["--home", str(self._home), "serve", f"--port={port}", "--no-rebuild"]
        return subprocess.Popen(
            [sys.executable, "-m", "web.cli.main", *words, "--no-limits", "--budget=30"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _health(port: int) -> str:
    return f"http://127.0.0.1:{port}/healthz"
