"""The whole product: `tangthu add` of a corpus in one command, and the search page's opening."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from archive.store import Store
from indexer.generations.live_index import LiveIndex
from indexer.open_archive import OpenArchive
from indexer.search.service import SearchService
from web import create_app

_COMMAND = "from web.cli.main import main; main()"


@dataclass(frozen=True)
class Added:
    """What a run of `tangthu add` took: seconds, peak bytes of its process; articles kept."""

    seconds: float
    memory: int
    articles: int


def add(home: Path, path: Path) -> Added:
    """Take a file into a new archive with the command, in a process of its own."""
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
    return Added(seconds, usage.ru_maxrss * 1024, articles)


@dataclass(frozen=True)
class Page:
    """Milliseconds until the form is first shown, and of processor time whenever it is again.

    Attributes:
        results: of a page of results, found anew each time.
    """

    first: float
    form: float
    results: float


def page(home: Path) -> Page:
    """Open the application over an archive and show its search page."""
    start = time.perf_counter()
    store = Store(home)
    live = LiveIndex(store.home / "index")
    client = create_app(OpenArchive(store, live, SearchService(store, live))).test_client()
    client.get("/")
    first = 1000 * (time.perf_counter() - start)
    times = {"/": 1e9, "/?q=cong+an+": 1e9}
    for number in range(10):
        for path in times:
            start = time.thread_time()
            # Another query each time: pages that were shown may be kept.
            client.get(f"{path}{number}" if "=" in path else path)
            times[path] = min(times[path], 1000 * (time.thread_time() - start))
    return Page(first, *times.values())
