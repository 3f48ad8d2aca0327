"""Full load on a server of this machine: how long its pages take, errors, and its memory.

    python -m tests.bench.load --port 8080 --connections 8 --seconds 60 [--draw even|zipf|once]

Every connection asks for one page after the other, as soon as it has the last one. Queries are
the two- to four-word beginnings, with marks and without, of titles that the server itself knows.
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
class Seen:
    """What one connection saw: milliseconds of each answer, bytes, and what went wrong."""

    times: list[float] = field(default_factory=list)
    size: int = 0
    errors: list[str] = field(default_factory=list)


class Connection:
    """One connection that is kept alive."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open()

    def get(self, path: str) -> tuple[int, bytes]:
        """The status and body of a page."""
        request = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\n\r\n"
        self._socket.sendall(request.encode())
        head, _, body = self._until(b"\r\n\r\n").partition(b"\r\n\r\n")
        found = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        length = int(found[1]) if found else 0
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


def queries(port: int, number: int, chosen: random.Random) -> list[str]:
    """Different queries that the archive can answer."""
    titles: list[str] = []
    with closing(Connection(port)) as connection:
        for seed, page in product(_SEEDS, range(1, 9)):
            asked = urlencode({"q": seed, "n": 100, "page": page})
            status, body = connection.get(f"/api/v1/search?{asked}")
            if status != 200:
                raise SystemExit(f"the server answers {status}: {unpacked(body).decode()}")
            titles += [hit["title"] for hit in json.loads(unpacked(body))["hits"]]
    found: set[str] = set()
    # A small archive has not so many: it is tried a while.
    for _ in range(number * 10 if titles else 0):
        words = re.findall(r"\w+", chosen.choice(titles))
        at = chosen.randrange(max(1, len(words) - 3))
        text = " ".join(words[at : at + chosen.randint(2, 4)])
        found.add(text if chosen.random() < 0.5 else bare(text))
        if len(found) == number:
            break
    return sorted(found)


def unpacked(body: bytes) -> bytes:
    """A body, out of gzip where it is packed."""
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def bare(text: str) -> str:
    """The text as people type it on a phone, without marks."""
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


Draw = Callable[[random.Random], Iterator[str]]
"""Gives the queries of one connection."""


def drawing(how: str, asked: list[str]) -> Draw:
    """How queries are drawn: `even`, `zipf` or `once`."""
    if how == "once":
        left = iter(asked)
        return lambda _: left
    weights = [1 / rank if how == "zipf" else 1 for rank in range(1, len(asked) + 1)]
    sums = list(accumulate(weights))
    return lambda chosen: iter(lambda: chosen.choices(asked, cum_weights=sums)[0], None)


def run(port: int, draw: Draw, until: float, seed: int) -> Seen:
    """Ask on one connection until the time is over."""
    seen, connection = Seen(), Connection(port)
    for query in draw(random.Random(seed)):
        if time.monotonic() >= until:
            break
        path = f"/?q={quote(query)}"
        began = time.perf_counter()
        try:
            status, body = connection.get(path)
        except (OSError, ValueError) as error:
            seen.errors.append(repr(error))
            connection.close()
            connection = Connection(port)
            continue
        seen.times.append((time.perf_counter() - began) * 1000)
        seen.size += len(body)
        if status != 200:
            seen.errors.append(f"{status} {path}")
    connection.close()
    return seen


def memory(port: int) -> int:
    """Bytes that the server's process holds; 0 when it does not tell."""
    with closing(Connection(port)) as connection:
        _, body = connection.get("/metrics")
    found = re.search(rb"^process_resident_memory_bytes (\S+)", unpacked(body), re.MULTILINE)
    return int(float(found[1])) if found else 0


def share(times: list[float], part: float) -> float:
    """The time that this part of all answers did not exceed."""
    return times[min(len(times) - 1, int(len(times) * part))] if times else 0.0


def tell(seen: list[Seen], seconds: float) -> None:
    """Print the figures."""
    times = sorted(each for one in seen for each in one.times)
    errors = [error for one in seen for error in one.errors]
    sizes = sum(one.size for one in seen) / max(1, len(times))
    shown = ", ".join(f"p{part:g} {share(times, part / 100):.1f}" for part in (50, 90, 99, 99.9))
    print(f"{len(times)} pages, {len(times) / seconds:.1f} a second, {sizes / 1024:.1f} KB each")
    print(f"ms: {shown}, most {times[-1] if times else 0:.1f}; errors: {len(errors)}")
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
    given = parser.parse_args()
    connections = min(given.connections, MOST_CONNECTIONS)
    seconds = min(given.seconds, MOST_SECONDS)
    asked = queries(given.port, given.queries, random.Random(given.seed))
    if not asked:
        raise SystemExit("the archive has no articles to ask for; add some first")
    random.Random(given.seed).shuffle(asked)
    draw = drawing(given.draw, asked)
    print(
        f"{len(asked)} different queries, {given.draw}, {connections} connections, {seconds:g} s",
        flush=True,
    )
    held = [memory(given.port)]
    seen: list[Seen] = []
    parts = max(1, round(seconds / 60))
    began = time.monotonic()
    for part in range(1, parts + 1):
        until = began + seconds * part / parts
        seeds = [given.seed + part * 1000 + number for number in range(connections)]
        seen += _at_once(given.port, draw, until, seeds)
        held.append(memory(given.port))
    tell(seen, time.monotonic() - began)
    print("memory, MB, a minute apart: " + " ".join(f"{each / 1e6:.0f}" for each in held))
    return 1 if any(one.errors for one in seen) else 0


def _at_once(port: int, draw: Draw, until: float, seeds: list[int]) -> list[Seen]:
    seen: list[Seen] = []
    threads = [
        threading.Thread(target=lambda seed=seed: seen.append(run(port, draw, until, seed)))
        for seed in seeds
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


if __name__ == "__main__":
    sys.exit(main())
