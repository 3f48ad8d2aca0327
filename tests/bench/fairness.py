"""Measure what one rude client costs the others: pages and health while it asks dear queries.

    python -m tests.bench.fairness --home HOME [--processes 2] [--seconds 60] [--connections 8]
    python -m tests.bench.fairness --home HOME --costs

The server is started for it. One client asks the dearest queries of ten kinds on several
connections without a pause; another one, with an address of its own, asks for one page after the
other; a third asks for health. `--costs` gives the processor time of one page of each kind
instead, in this process and without limits of clients.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote_plus

from indexer.open_archive import OpenArchive, open_archive
from tests.bench.load import percentile, strip_diacritics
from web.app import create_app
from web.settings import Settings

_SHORT_FORMS = tuple("UBND HĐND CAND PCCC TP HCM ĐH GS TS QĐ NQ CP BCH TW MTTQ".split())
_COMMON = tuple(
    "người của công an nhân dân thành phố hà nội tỉnh việt nam năm nhà nước chính phủ học sinh "
    "đường xe tiền".split()
)
_TELEX = tuple("nguwowif coong an nhaan daan thanhf phoos haf nooij tinhr vieetj nawm".split())

RUDE, READER, HEALTH = "127.0.0.1", "127.0.0.2", "127.0.0.3"
"""The addresses of the clients."""

_PAUSES = {READER: 0.2, HEALTH: 0.1}


@dataclass
class DearQueries:
    """Random addresses of dear pages; hardly one comes twice, so that no cache helps."""

    chosen: random.Random
    article: str = ""
    kinds: dict[str, Callable[[], str]] = field(init=False)

    def __post_init__(self) -> None:
        self.kinds = {
            "short forms": lambda: f"/?q={self._shuffled(_SHORT_FORMS * 6)}",
            "one short form": lambda: f"/?q={quote_plus('UBND ' * 99)}{self.chosen.random()}",
            "phrases": lambda: f"/?q={self._joined(90, self._phrase)}",
            "prefixes": lambda: f"/api/v1/search?n=100&q={self._joined(98, self._prefix)}",
            "fuzzy": lambda: f"/?q={self._joined(40, lambda: self._word() + '~2')}",
            "wildcards": lambda: f"/?q={self._joined(40, self._wildcard)}",
            "bare": lambda: f"/?q={self._joined(90, self._bare)}",
            "any": lambda: f"/?n=100&match=any&q={self._joined(60, self._bare)}",
            "or": lambda: f"/?q={self._joined(50, lambda: f'{self._word()} {self._word()} OR')}",
            "misspelt": lambda: f"/?q={self._joined(90, self._misspelt)}",
            "telex": lambda: f"/?q={self._joined(90, lambda: self.chosen.choice(_TELEX))}",
            "article": lambda: f"/article/{self.article}?q={self._joined(98, self._prefix)}",
        }

    def _word(self) -> str:
        return self.chosen.choice(_COMMON)

    def _bare(self) -> str:
        return strip_diacritics(self._word())

    def _phrase(self) -> str:
        return f'"{self._word()} {self._word()}"'

    def _prefix(self) -> str:
        return self.chosen.choice("abcdghklmnpstvx") + self.chosen.choice("aeiouhr") + "*"

    def _wildcard(self) -> str:
        return self.chosen.choice("abcdhklmnt") + "*" + self.chosen.choice("nghmcto")

    def _misspelt(self) -> str:
        return "".join(self.chosen.choices("abcdefghijklmnopqrstuvwxyz", k=7))

    @staticmethod
    def _joined(count: int, make: Callable[[], str]) -> str:
        return quote_plus(" ".join(make() for _ in range(count)))

    def _shuffled(self, words: tuple[str, ...]) -> str:
        return quote_plus(" ".join(self.chosen.sample(words, len(words))))


@dataclass
class ClientLog:
    """What one client saw: seconds of each answer, and how many of each status."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)


class Client:
    """One client of a server: it asks for one address after the other."""

    def __init__(self, port: int, address: str, keeps_alive: bool) -> None:
        self._port, self._address, self._keeps_alive = port, address, keeps_alive
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, path: str, log: ClientLog) -> None:
        """Ask for an address."""
        began = time.perf_counter()
        try:
            self._connection = self._connection or http.client.HTTPConnection(
                "127.0.0.1", self._port, timeout=120, source_address=(self._address, 0)
            )
            self._connection.request("GET", path)
            answer = self._connection.getresponse()
            answer.read()
            log.statuses[str(answer.status)] += 1
            if self._keeps_alive:
                log.times.append(time.perf_counter() - began)
                return
        except (OSError, http.client.HTTPException) as error:
            log.statuses[type(error).__name__] += 1
            time.sleep(0.05)
        log.times.append(time.perf_counter() - began)
        self.close()

    def close(self) -> None:
        """End the connection."""
        if self._connection:
            self._connection.close()
        self._connection = None


def run_client(port: int, address: str, paths: Iterator[str], until: float) -> ClientLog:
    """Ask until the time is over; the rude client without a pause."""
    log, client = ClientLog(), Client(port, address, keeps_alive=address == RUDE)
    while time.monotonic() < until:
        client.ask(next(paths), log)
        time.sleep(_PAUSES.get(address, 0))
    client.close()
    return log


def measure(port: int, article: str, connections: int, seconds: float) -> dict[str, ClientLog]:
    """Return the logs of the clients that ask at the same time."""
    until = time.monotonic() + seconds
    logs: dict[str, ClientLog] = {}

    def rude_paths(seed: int) -> Iterator[str]:
        queries = DearQueries(random.Random(seed), article)
        while True:
            yield queries.kinds[queries.chosen.choice(list(queries.kinds))]()

    sources = [(f"rude {number}", RUDE, rude_paths(number)) for number in range(connections)]
    pages = (f"/?q=nha+nuoc+{number}" for number in range(1_000_000))
    sources += [("reader", READER, pages), ("health", HEALTH, iter(lambda: "/healthz", None))]
    threads = [
        threading.Thread(
            target=lambda name=name, address=address, paths=paths: logs.update(
                {name: run_client(port, address, paths, until)}
            )
        )
        for name, address, paths in sources
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return logs


@contextmanager
def serving(home: Path, options: list[str]) -> Iterator[int]:
    """Serve an archive from a process of its own; yield its port."""
    command = [sys.executable, "-m", "web.cli.main", "--home", str(home), "serve", "--port", "0"]
    environment = dict(os.environ, PYTHONUNBUFFERED="1")
    with subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, env=environment,
    ) as server:  # fmt: skip
        try:
            line = server.stdout.readline() if server.stdout else ""
            yield int(re.findall(r":(\d+)/", line)[0])
        finally:
            server.terminate()


def print_row(name: str, log: ClientLog) -> None:
    """Print one row of the table."""
    times = sorted(log.times)
    cells = [f"{percentile(times, part):.3f}" for part in (0.5, 0.95, 0.99)]
    cells.append(f"{times[-1] if times else 0:.3f}")
    print(f"| {name} | {len(times)} | {' | '.join(cells)} | {dict(log.statuses)} |")


def print_costs(archive: OpenArchive, article: str) -> None:
    """Print the processor seconds of one page of each kind."""
    client = create_app(archive, Settings(rate="", page_cache_bytes=0)).test_client()
    queries = DearQueries(random.Random(1), article)
    client.get("/?q=cong+an")
    print("| kind | most, processor s | mean | bytes | statuses |\n|---|---:|---:|---:|---|")
    for kind, make in queries.kinds.items():
        seconds, size, statuses = [], 0, Counter[int]()
        for _ in range(5):
            began = time.process_time()
            answer = client.get(make())
            seconds.append(time.process_time() - began)
            size = max(size, len(answer.data))
            statuses[answer.status_code] += 1
        mean = sum(seconds) / len(seconds)
        print(f"| {kind} | {max(seconds):.2f} | {mean:.2f} | {size} | {dict(statuses)} |")


def main() -> int:
    """Start a server and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--costs", action="store_true")
    options = parser.parse_args()
    with open_archive(options.home) as archive:
        article = next(iter(archive.store.identifiers()))[0]
        if options.costs:
            print_costs(archive, article)
            return 0
    with serving(options.home, ["--processes", str(options.processes)]) as port:
        time.sleep(3)
        alone = measure(port, article, 0, min(10.0, options.seconds))
        logs = measure(port, article, options.connections, options.seconds)
    rude = ClientLog()
    for name, log in logs.items():
        if name.startswith("rude"):
            rude.times += log.times
            rude.statuses += log.statuses
    print("| seconds of | answers | p50 | p95 | p99 | most | statuses |")
    print("|---|---:|---:|---:|---:|---:|---|")
    print_row("a page, alone", alone["reader"])
    print_row("a page, beside the rude client", logs["reader"])
    print_row("health, alone", alone["health"])
    print_row("health, beside the rude client", logs["health"])
    print_row("the rude client", rude)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    return 0


if __name__ == "__main__":
    sys.exit(main())
