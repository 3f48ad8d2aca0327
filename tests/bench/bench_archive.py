"""Measure the whole product: `tangthu add` of a corpus, and the search page."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from archive.store import Store
from indexer.open_archive import open_archive
from web.app import create_app

_COMMAND = "from web.cli.main import main; main()"


@dataclass(frozen=True)
class AddCost:
    """The cost of one `tangthu add`: seconds and peak bytes of its process; articles stored."""

    seconds: float
    memory: int
    articles: int


def measure_add(home: Path, path: Path) -> AddCost:
    """Add a file to a new archive with the command, in a process of its own."""
    command = [sys.executable, "-c", _COMMAND, "--home", str(home), "add", str(path)]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    seconds = time.perf_counter() - start
    with Store(home) as store:
        articles = store.count_articles()
    return AddCost(seconds, usage.ru_maxrss * 1024, articles)


@dataclass(frozen=True)
class PageTimes:
    """Milliseconds until the form is first shown, and processor milliseconds of later pages.

    Attributes:
        form: the form again.
        results: a page of results of another query each time.
    """

    first: float
    form: float
    results: float


def measure_page(home: Path) -> PageTimes:
    """Open the application over an archive and show its search page."""
    start = time.perf_counter()
    with open_archive(home) as archive:
        client = create_app(archive).test_client()
        client.get("/")
        first = 1000 * (time.perf_counter() - start)
        times = {"/": 1e9, "/?q=cong+an+": 1e9}
        for number in range(10):
            for path in times:
                start = time.thread_time()
                # Another query each time: the page cache keeps answers.
                client.get(f"{path}{number}" if "=" in path else path)
                times[path] = min(times[path], 1000 * (time.thread_time() - start))
    return PageTimes(first, *times.values())
