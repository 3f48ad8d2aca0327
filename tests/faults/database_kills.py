"""Kills of the database server while articles are added and read: what was reported stays.

`python -m tests.faults.database_kills --kills 100` starts a server of its own, kills it with
SIGKILL at random moments, starts it again, and prints the figures as JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from archive.errors import StoreError
from archive.store import Store
from tests.factories import article
from tests.postgresql_server import PostgresqlServer

_READERS = 2
_LONGEST_PAUSE = 0.4
_SEED = 739946


@dataclass
class KillFigures:
    """The figures of a run.

    Attributes:
        refused: additions that ended in an error of ours; they are tried again.
        failed: reads that ended in one.
        longest: seconds of the longest read.
    """

    kills: int = 0
    added: int = 0
    refused: int = 0
    reads: int = 0
    failed: int = 0
    longest: float = 0.0
    lost: int = 0
    problems: int = 0
    wrong: list[str] = field(default_factory=list)


class DatabaseLoad:
    """One thread that adds articles and some that read them, while a server is killed."""

    def __init__(self, store: Store) -> None:
        self.figures, self.identifiers = KillFigures(), list[str]()
        self._store, self._stop = store, threading.Event()
        works = (self._add, *(self._read for _ in range(_READERS)))
        self._threads = [threading.Thread(target=work) for work in works]

    def run(self, server: PostgresqlServer, kills: int) -> None:
        """Kill a server some times under the load."""
        chance = random.Random(_SEED)  # noqa: S311
        for thread in self._threads:
            thread.start()
        try:
            for _ in range(kills):
                count = len(self.identifiers)
                while len(self.identifiers) < count + 2 and self._threads[0].is_alive():
                    time.sleep(0.005)
                time.sleep(chance.uniform(0, _LONGEST_PAUSE))
                server.kill()
                server.start()
                self.figures.kills += 1
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()

    def check(self) -> None:
        """Count what was reported as added and is not there, and what disagrees."""
        present = self._store.get_many(self.identifiers)
        self.figures.added = len(self.identifiers)
        self.figures.lost = sum(name not in present for name in self.identifiers)
        self.figures.problems = len(self._store.verify().problems)

    def _add(self) -> None:
        number = 0
        while not self._stop.is_set():
            try:
                added = self._store.add(b"%d" % number, article(f"Bài {number}"))
            except StoreError:
                self.figures.refused += 1
                time.sleep(0.02)
                continue
            self.identifiers.append(added.identifier)
            number += 1

    def _read(self) -> None:
        while not self._stop.is_set():
            names, began = self.identifiers[-20:], time.monotonic()
            try:
                count = len(self._store.get_many(names))
            except StoreError:
                self.figures.failed += 1
                continue
            self.figures.reads += 1
            self.figures.longest = max(self.figures.longest, time.monotonic() - began)
            if count != len(names):
                self.figures.wrong.append(f"{len(names)} articles were read as {count}")
            time.sleep(0.01)


def run_kills(kills: int) -> KillFigures:
    """Kill a server of our own some times under load; return the figures."""
    with PostgresqlServer() as server, tempfile.TemporaryDirectory() as folder:
        with Store(Path(folder), server.new_database()) as store:
            load = DatabaseLoad(store)
            load.run(server, kills)
            load.check()
    return load.figures


def main() -> None:
    """Run the kills, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    figures = run_kills(parser.parse_args().kills)
    sys.stdout.write(json.dumps(asdict(figures), ensure_ascii=False) + "\n")
    raise SystemExit(bool(figures.lost or figures.problems or figures.wrong or figures.failed))


if __name__ == "__main__":
    main()
