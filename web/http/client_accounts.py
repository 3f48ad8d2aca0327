"""Accounts of clients: how much each asked for lately, shared by the processes of one server.

The table is in memory that is mapped before the server forks, so that all of its processes count
together. They write without a lock that a killed process could keep: at worst an update is lost.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import struct
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from limits import parse_many

_ENTRY = struct.Struct("<Qdd")
_ENTRIES = 1 << 14
_PROBES = 8
_IPV6_PREFIX = 64
"""Bits of an IPv6 address that name one client: it may choose the others as it likes."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """The amount that an account may spend in a window of some seconds."""

    amount: float
    window: float


_LATELY = Allowance(1, 10)
"""How long what a process notes of the clients that it renders for counts."""

_LATEST, _COMPANY = "latest client", "several clients"


def read_allowances(text: str) -> list[Allowance]:
    """Return allowances as operators write them: `20 per second; 1200 per minute`."""
    items = parse_many(text) if text else []
    return [Allowance(item.amount, item.get_expiry()) for item in items]


def client_name(address: str | None) -> str:
    """Return the client of an address: the address itself, of IPv6 its network of 64 bits."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ip_network((int(parsed), _IPV6_PREFIX), strict=False))


class ClientAccounts:
    """What each account spent in its window; made before the processes that share it.

    The table has room for some thousand accounts; the one whose window began first gives way.
    """

    def __init__(self, entries: int = _ENTRIES) -> None:
        self._entries = entries
        self._table = mmap.mmap(-1, entries * _ENTRY.size)
        self._secret = os.urandom(16)
        self._lock = threading.Lock()

    def spend(self, account: str, amount: float, allowance: Allowance) -> float:
        """Spend an amount, if the account has not spent everything in this window.

        Returns:
            0 if it had not, else the seconds until the window ends.
        """
        with self._lock:
            place, key, began, spent = self._find(account, allowance.window)
            if spent >= allowance.amount:
                return max(0.001, began + allowance.window - time.monotonic())
            _ENTRY.pack_into(self._table, place, key, began, spent + amount)
            return 0

    def charge(self, account: str, amount: float, allowance: Allowance) -> None:
        """Spend an amount whether the account has it or not: it is used already."""
        with self._lock:
            place, key, began, spent = self._find(account, allowance.window)
            _ENTRY.pack_into(self._table, place, key, began, spent + amount)

    def refund(self, account: str, amount: float, allowance: Allowance) -> None:
        """Give back what an account spent in this window, and no more than that."""
        with self._lock:
            place, key, began, spent = self._find(account, allowance.window)
            _ENTRY.pack_into(self._table, place, key, began, max(0.0, spent - amount))

    def replace(self, account: str, amount: float, allowance: Allowance) -> None:
        """Begin a new window of an account, in which an amount is spent."""
        with self._lock:
            place, key, _, _ = self._find(account, allowance.window)
            _ENTRY.pack_into(self._table, place, key, time.monotonic(), amount)

    def spent(self, account: str, allowance: Allowance) -> float:
        """Return what an account spent in this window."""
        with self._lock:
            return self._find(account, allowance.window)[3]

    def _find(self, account: str, window: float) -> tuple[int, int, float, float]:
        """Return place, key, beginning and amount of an account; a new window is empty."""
        name = f"{account} {window}".encode("utf-8", "replace")
        digest = hashlib.blake2b(name, digest_size=8, key=self._secret).digest()
        key, now = int.from_bytes(digest, "little") or 1, time.monotonic()
        oldest, oldest_began = 0, float("inf")
        for probe in range(_PROBES):
            place = (key + probe) % self._entries * _ENTRY.size
            entry, began, spent = _ENTRY.unpack_from(self._table, place)
            if entry == key:
                return (place, key, began, spent) if now < began + window else (place, key, now, 0)
            if began < oldest_began:
                oldest, oldest_began = place, began
        return oldest, key, now, 0


class RunningClients:
    """The clients for which a process of the server renders: one process at a time for each.

    A client with many connections has one request made, not one in every process; unless it is the
    only one lately, which takes nobody's turn. What a process that was killed has left lasts some
    seconds.

    Args:
        accounts: where the processes of the server note it.
        process: gives the number of this process, after a fork as well.
    """

    def __init__(self, accounts: ClientAccounts, process: Callable[[], int] = os.getpid) -> None:
        self._accounts, self._process = accounts, process

    def begin(self, client: str) -> bool:
        """Note that this process renders for a client; tell whether it may."""
        account = f"running {client}"
        is_elsewhere = self._accounts.spent(account, _LATELY) not in (0, self._process())
        if self._has_company(client) and is_elsewhere:
            return False
        self._accounts.replace(account, self._process(), _LATELY)
        return True

    def _has_company(self, client: str) -> bool:
        """Tell whether other clients asked lately, this one being the latest now."""
        number = float(1 + zlib.crc32(client.encode()))
        if self._accounts.spent(_LATEST, _LATELY) not in (0, number):
            self._accounts.replace(_COMPANY, 1, _LATELY)
        self._accounts.replace(_LATEST, number, _LATELY)
        return self._accounts.spent(_COMPANY, _LATELY) > 0

    def end(self, client: str) -> None:
        """Note that this process renders for a client no more."""
        account = f"running {client}"
        if self._accounts.spent(account, _LATELY) == self._process():
            self._accounts.replace(account, 0, _LATELY)
