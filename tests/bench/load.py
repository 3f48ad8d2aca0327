"""Put a server of this machine under full load: times of its pages, errors, and memory.

    python -m tests.bench.load --port 8080 --connections 8 --seconds 60 [--draw even|zipf|once]

Every connection asks for one page after the other, as soon as it has the last one. Queries are
two to four words, with diacritics and without, of titles that the server itself has.
They are drawn evenly; or the k-th with a chance of 1/k, as people's queries are (Zipf); or each
once, so that no page is one that the server made before.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import socket
import sys
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import accumulate, product
from urllib.parse import quote, urlencode

HOST = "127.0.0.1"
"""Nothing but this machine is ever put under load."""

MOST_SECONDS = 3600
MOST_CONNECTIONS = 64

_SEEDS = ("công an", "bóng đá", "giá vàng", "bất động sản", "giáo dục", "du lịch", "y tế", "phim")


@dataclass
class ConnectionLog:
    """The log of one connection: milliseconds of each answer, bytes, and errors."""

    times: list[float] = field(default_factory=list)
    size: int = 0
    errors: list[str] = field(default_factory=list)


class Connection:
    """One connection that is kept alive."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open()

    def get(self, path: str) -> tuple[int, bytes]:
        """Return the status and body of a page."""
        request = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\n\r\n"
        self._socket.sendall(request.encode())
        head, _, body = self._until(b"\r\n\r\n").partition(b"\r\n\r\n")
        length_field = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        length = int(length_field[1]) if length_field else 0
        while len(body) < length:
            body += self._more()
        if b"\r\nconnection: close" in head.lower():
            self._socket.close()
            self._open()
        return int(head[9:12]), body

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def _open(self) -> None:
        self._socket = socket.create_connection((HOST, self._port), 30)

    def _until(self, end: bytes) -> bytes:
        read = b""
        while end not in read:
            read += self._more()
        return read

    def _more(self) -> bytes:
        part = self._socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the server closed the connection")
        return part


def collect_queries(port: int, number: int, chosen: random.Random) -> list[str]:
    """Return different queries that the archive can answer."""
    titles: list[str] = []
    with closing(Connection(port)) as connection:
        for seed, page in product(_SEEDS, range(1, 9)):
            parameters = urlencode({"q": seed, "n": 100, "page": page})
            status, body = connection.get(f"/api/v1/search?{parameters}")
            if status != 200:
                raise SystemExit(f"the server answers {status}: {decompress(body).decode()}")
            titles += [hit["title"] for hit in json.loads(decompress(body))["hits"]]
    texts: set[str] = set()
    # A small archive may have fewer: the number of attempts is bounded.
    for _ in range(number * 10 if titles else 0):
        words = re.findall(r"\w+", chosen.choice(titles))
        start = chosen.randrange(max(1, len(words) - 3))
        text = " ".join(words[start : start + chosen.randint(2, 4)])
        texts.add(text if chosen.random() < 0.5 else strip_diacritics(text))
        if len(texts) == number:
            break
    return sorted(texts)


def decompress(body: bytes) -> bytes:
    """Return a body, decompressed where it is gzip."""
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def strip_diacritics(text: str) -> str:
    """Return the text as people type it on a phone, without diacritics."""
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


QueryDraw = Callable[[random.Random], Iterator[str]]
"""Function that yields the queries of one connection."""


def make_draw(how: str, texts: list[str]) -> QueryDraw:
    """Return how queries are drawn: `even`, `zipf` or `once`."""
    if how == "once":
        queue = iter(texts)
        return lambda _: queue
    weights = [1 / rank if how == "zipf" else 1 for rank in range(1, len(texts) + 1)]
    sums = list(accumulate(weights))
    return lambda chosen: iter(lambda: chosen.choices(texts, cum_weights=sums)[0], None)


def run_connection(port: int, draw: QueryDraw, until: float, seed: int) -> ConnectionLog:
    """Ask on one connection until the time is over."""
    log, connection = ConnectionLog(), Connection(port)
    for query in draw(random.Random(seed)):
        if time.monotonic() >= until:
            break
        path = f"/?q={quote(query)}"
        began = time.perf_counter()
        try:
            status, body = connection.get(path)
        except (OSError, ValueError) as error:
            log.errors.append(repr(error))
            connection.close()
            connection = Connection(port)
            continue
        log.times.append((time.perf_counter() - began) * 1000)
        log.size += len(body)
        if status != 200:
            log.errors.append(f"{status} {path}")
    connection.close()
    return log


def read_memory(port: int) -> int:
    """Return the bytes of the server's process; 0 when it does not say."""
    with closing(Connection(port)) as connection:
        _, body = connection.get("/metrics")
    figure = re.search(rb"^process_resident_memory_bytes (\S+)", decompress(body), re.MULTILINE)
    return int(float(figure[1])) if figure else 0


def percentile(times: list[float], part: float) -> float:
    """Return the time that this part of all answers did not exceed."""
    return times[min(len(times) - 1, int(len(times) * part))] if times else 0.0


def print_figures(logs: list[ConnectionLog], seconds: float) -> None:
    """Print the figures."""
    times = sorted(milliseconds for log in logs for milliseconds in log.times)
    errors = [error for log in logs for error in log.errors]
    sizes = sum(log.size for log in logs) / max(1, len(times))
    figures = ", ".join(
        f"p{part:g} {percentile(times, part / 100):.1f}" for part in (50, 90, 99, 99.9)
    )
    print(f"{len(times)} pages, {len(times) / seconds:.1f} a second, {sizes / 1024:.1f} KB each")
    print(f"ms: {figures}, most {times[-1] if times else 0:.1f}; errors: {len(errors)}")
    for error in errors[:5]:
        print(f"  {error}")


def main() -> int:
    """Put a server under load; exit status 1 when something went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--queries", type=int, default=2000)
    parser.add_argument("--draw", choices=("even", "zipf", "once"), default="even")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    connections = min(options.connections, MOST_CONNECTIONS)
    seconds = min(options.seconds, MOST_SECONDS)
    texts = collect_queries(options.port, options.queries, random.Random(options.seed))
    if not texts:
        raise SystemExit("the archive has no articles to ask for; add some first")
    random.Random(options.seed).shuffle(texts)
    draw = make_draw(options.draw, texts)
    print(
        f"{len(texts)} different queries, {options.draw}, {connections} connections, {seconds:g} s",
        flush=True,
    )
    memories = [read_memory(options.port)]
    logs: list[ConnectionLog] = []
    parts = max(1, round(seconds / 60))
    began = time.monotonic()
    for part in range(1, parts + 1):
        until = began + seconds * part / parts
        seeds = [options.seed + part * 1000 + number for number in range(connections)]
        logs += run_connections(options.port, draw, until, seeds)
        memories.append(read_memory(options.port))
    print_figures(logs, time.monotonic() - began)
    print("memory, MB, a minute apart: " + " ".join(f"{size / 1e6:.0f}" for size in memories))
    return 1 if any(log.errors for log in logs) else 0


def run_connections(
    port: int, draw: QueryDraw, until: float, seeds: list[int]
) -> list[ConnectionLog]:
    """Ask on one connection for each seed, all at once."""
    logs: list[ConnectionLog] = []
    threads = [
        threading.Thread(
            target=lambda seed=seed: logs.append(run_connection(port, draw, until, seed))
        )
        for seed in seeds
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return logs


if __name__ == "__main__":
    sys.exit(main())
