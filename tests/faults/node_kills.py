"""Kills of every process of a distributed archive, while articles are searched and added.

`python -m tests.faults.node_kills --kills 300` starts a cluster, a database and two web hosts of
its own, kills with SIGKILL in turn a process that rebuilds, a node, the elected manager, the
database and a web host, and prints the figures as JSON. It fails if a search failed or was not
whole, or if anything that was reported is lost. `--seed` draws other moments.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path

from archive.errors import ArchiveError
from archive.settings.archive_settings import write_archive_settings
from archive.store import Store
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import open_archive
from indexer.search.search_records import SearchRequest
from tests.factories import article, keep
from tests.faults.web_hosts import WebHosts
from tests.opensearch_server import OpenSearchCluster
from tests.postgresql_server import PostgresqlServer

_ARTICLES = 60
"""Articles that are there from the beginning: a search finds all of them, always."""

_QUERY = "sông hương"
_SEARCHERS = 2
_ORDER = ("rebuild", "node", "host", "rebuild", "manager", "database", "rebuild")
_SECONDS_DOWN = 1.5
_LONGEST_REBUILD = 6.0
_SEED = 739946
_PROGRAM = "from web.cli.main import main; main()"


@dataclass
class NodeKillFigures:
    """The figures of a run.

    Attributes:
        kills: by what was killed.
        added: articles whose update was reported.
        refused: updates that ended in an error of ours, or waited for a rebuild; done again.
        searches: those that were answered, the partial ones among them.
        pages: searches among them that one of two web hosts answered.
        longest: seconds of the longest search.
        rebuilt: rebuilds that came to their end.
        errors: what the searches that failed said, each once.
    """

    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_ORDER, 0))
    added: int = 0
    refused: int = 0
    searches: int = 0
    pages: int = 0
    failed: int = 0
    partial: int = 0
    wrong: int = 0
    longest: float = 0.0
    rebuilt: int = 0
    lost: int = 0
    problems: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, and every search was answered as if nothing had happened."""
        return not (self.failed or self.partial or self.wrong or self.lost or self.problems)


@dataclass(frozen=True)
class Servers:
    """The servers that are killed."""

    cluster: OpenSearchCluster
    database: PostgresqlServer
    hosts: WebHosts


class ClusterLoad:
    """Threads that search, ask for pages and add, while processes are killed."""

    def __init__(self, home: Path, servers: Servers) -> None:
        self.figures, self._home, self._servers = NodeKillFigures(), home, servers
        self._identifiers: list[str] = []
        self._stop = threading.Event()
        works = (self._add, self._ask_pages, *(self._search for _ in range(_SEARCHERS)))
        self._threads = [threading.Thread(target=work) for work in works]

    def run(self, kills: int, seed: int) -> None:
        """Kill something of each kind in turn under the load."""
        chance, cluster = random.Random(seed), self._servers.cluster  # noqa: S311
        kinds: dict[str, Callable[[], None]] = {
            "rebuild": lambda: self._kill_rebuild(chance.uniform(0, _LONGEST_REBUILD)),
            "node": lambda: _kill_node(cluster, is_manager=False),
            "manager": lambda: _kill_node(cluster, is_manager=True),
            "database": self._kill_database,
            "host": lambda: self._servers.hosts.kill(chance.randrange(2)),
        }
        for thread in self._threads:
            thread.start()
        try:
            for kind in cycle(_ORDER):
                if sum(self.figures.kills.values()) >= kills:
                    return
                kinds[kind]()
                self.figures.kills[kind] += 1
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()

    def check(self) -> None:
        """Bring the index up to date, and count what was reported and is not there."""
        with Store(self._home) as store:
            IndexBuilder(store).rebuild()
            IndexBuilder(store).update()
            present = store.get_many(self._identifiers)
            self.figures.lost = len(set(self._identifiers) - present.keys())
            self.figures.problems += [each.reason for each in verify_index(store).problems]

    def _search(self) -> None:
        with open_archive(self._home) as archive:

            def search() -> tuple[bool, int]:
                page = archive.search.search(SearchRequest(_QUERY))
                return page.complete, page.total_full

            while not self._stop.is_set():
                self._count(search)

    def _ask_pages(self) -> None:
        while not self._stop.is_set():
            self.figures.pages += self._count(lambda: self._servers.hosts.search(_QUERY))

    def _count(self, search: Callable[[], tuple[bool, int]]) -> bool:
        """Count a search and what is wrong with it; tell whether it was answered."""
        figures, started = self.figures, time.monotonic()
        try:
            is_complete, total = search()
        except (ArchiveError, OSError) as error:
            figures.failed += 1
            if str(error) not in figures.errors:
                figures.errors.append(str(error))
            return False
        figures.searches += 1
        figures.partial += not is_complete
        figures.wrong += total != _ARTICLES
        figures.longest = max(figures.longest, time.monotonic() - started)
        time.sleep(0.05)
        return True

    def _add(self) -> None:
        number = 0
        with Store(self._home) as store:
            while not self._stop.is_set():
                number += 1
                added = article(f"Bài thêm {number}", f"Tin thứ {number} trong ngày.")
                try:
                    keep(store, added)
                    self._identifiers.append(added.identifier)
                    IndexBuilder(store).update()
                except ArchiveError:
                    self.figures.refused += 1
                else:
                    self.figures.added += 1
                time.sleep(0.2)

    def _kill_rebuild(self, seconds: float) -> None:
        """Kill a rebuild some seconds after it has made its checkpoint, if it has not ended."""
        command = [sys.executable, "-c", _PROGRAM, "--home", str(self._home), "rebuild"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        checkpoints = self._home / "index" / "rebuild"
        while process.poll() is None and not any(checkpoints.glob("*/plan.json")):
            time.sleep(0.05)
        try:
            self.figures.rebuilt += process.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _kill_database(self) -> None:
        self._servers.database.kill()
        self._servers.database.start()


def _kill_node(cluster: OpenSearchCluster, is_manager: bool) -> None:
    """Kill a node, start it again after a while, and wait until every copy is in its place."""
    manager = cluster.manager()
    number = manager if is_manager else (manager + 1) % len(cluster.urls)
    cluster.kill_node(number)
    # Until the others notice, the cluster calls itself green: the next kill would be a second one.
    path = f"/_cluster/health?wait_for_nodes={len(cluster.urls) - 1}&timeout=50s"
    while cluster.ask("GET", path)["timed_out"]:
        pass
    time.sleep(_SECONDS_DOWN)
    cluster.start_node(number)
    cluster.wait_until_green()


def run_kills(kills: int, seed: int = _SEED) -> NodeKillFigures:
    """Kill under load, in an archive and on servers made for it; return the figures."""
    with ExitStack() as stack:
        cluster = stack.enter_context(OpenSearchCluster())
        database = stack.enter_context(PostgresqlServer())
        home = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "home"
        nodes = ",".join(url.removeprefix("http://") for url in cluster.urls)
        catalogue = database.new_database()
        settings = {
            "engine": f"opensearch://{nodes}/kills?shards=2&replicas=1",
            "catalogue": catalogue.url,
        }
        with Store(home, catalogue) as store:
            write_archive_settings(home, settings)
            keep(store, *(article(f"Sông Hương {n}", f"Bài số {n}.") for n in range(_ARTICLES)))
            IndexBuilder(store).rebuild()
        hosts = stack.enter_context(WebHosts(home))
        load = ClusterLoad(home, Servers(cluster, database, hosts))
        try:
            load.run(kills, seed)
        except AssertionError as error:
            # A server did not come back: what was seen until then is worth as much.
            load.figures.problems.append(str(error))
        else:
            load.check()
    return load.figures


def main() -> None:
    """Run the kills, print the figures, and fail if anything is lost or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=_SEED)
    options = parser.parse_args()
    # Ended before its time, it leaves no server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    figures = run_kills(options.kills, options.seed)
    sys.stdout.write(json.dumps(asdict(figures), ensure_ascii=False) + "\n")
    sys.exit(not figures.is_good)


if __name__ == "__main__":
    main()
