"""The nodes of a cluster in turn; one that failed is put aside for some seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

ASIDE_SECONDS = 2.0
"""Seconds that a node is put aside after its first failure."""

MOST_ASIDE_SECONDS = 30.0
"""Seconds that a node is put aside after many failures in a row."""


class NodePool:
    """The addresses of some nodes; safe to share between threads."""

    def __init__(
        self, addresses: Sequence[str], first: int = 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Share requests out among nodes, beginning with one of them."""
        self._addresses, self._turn, self._clock = list(addresses), first, clock
        self._failures = dict.fromkeys(addresses, 0)  # in a row
        self._back = dict.fromkeys(addresses, 0.0)  # when each may be asked again
        self._lock = threading.Lock()

    def next_address(self) -> str:
        """Return the node to ask: the next in turn, or the first to come back where all failed."""
        with self._lock:
            count, now = len(self._addresses), self._clock()
            self._turn += 1
            in_turn = [self._addresses[(self._turn + step) % count] for step in range(count)]
            for address in in_turn:
                if self._back[address] <= now:
                    return address
            return min(in_turn, key=self._back.__getitem__)

    def put_aside(self, address: str) -> None:
        """Ask a node no more for some seconds, for more of them the oftener it failed in a row."""
        with self._lock:
            seconds = min(MOST_ASIDE_SECONDS, ASIDE_SECONDS * 2 ** min(self._failures[address], 8))
            self._failures[address] += 1
            self._back[address] = self._clock() + seconds

    def take_back(self, address: str) -> None:
        """Ask a node as often as the others: it has answered."""
        if self._failures[address]:
            with self._lock:
                self._failures[address], self._back[address] = 0, 0.0

    def count_available(self) -> int:
        """Return the number of nodes that are not put aside."""
        with self._lock:
            now = self._clock()
            return sum(back <= now for back in self._back.values())
