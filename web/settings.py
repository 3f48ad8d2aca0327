"""Settings of the web application: limits, trusted proxies and hosts, the access log."""

from __future__ import annotations

from dataclasses import dataclass

PROXY_HEADERS = ("for", "proto", "host", "prefix")
"""The headers X-Forwarded-… that a proxy can be trusted with."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of an operator; the defaults are meant for the open internet.

    Attributes:
        budget: processor seconds that the search of one page may take.
        rate: requests of one client, such as `20 per second; 1200 per minute`; empty is no limit.
        export_rate: exports of one client, likewise.
        seconds_per_minute: processor seconds that the answers to one client may take in a minute;
            0 is no limit, and so is an empty `rate`.
        longest_wait: seconds that a request waits for its turn before it is answered 503.
        most_waiting: requests of one process that wait for their turn at the same time.
        exports_at_once: exports that are sent at the same time, so that pages keep being answered.
        page_cache_bytes: bytes of pages that each process caches; 0 caches none.
        proxies: number of proxies in front whose headers are trusted.
        proxy_headers: the headers X-Forwarded-… of theirs that are trusted; what a client wrote
            into the others does no harm. With `hosts`, `host` is trusted too.
        hosts: the host names of the site (`.example.vn` with all below); none means any.
        access_log: every request is written to the logger `tangthu.access`.
    """

    budget: float = 1.0
    rate: str = "1200 per minute"
    export_rate: str = "60 per minute"
    seconds_per_minute: float = 30.0
    longest_wait: float = 10.0
    most_waiting: int = 7
    exports_at_once: int = 4
    page_cache_bytes: int = 32 << 20
    proxies: int = 0
    proxy_headers: tuple[str, ...] = ("for", "proto")
    hosts: tuple[str, ...] = ()
    access_log: bool = False
