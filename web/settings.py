"""How the web application is run: limits, trusted proxies and hosts, the access log."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """What whoever runs the server may set; the defaults are meant for the open internet.

    Attributes:
        budget: seconds that the engine may take for one page.
        rate: requests of one client, as Flask-Limiter writes them; empty is no limit.
        export_rate: exports of one client, likewise.
        exports_at_once: exports that are sent at the same time, so that pages keep being answered.
        pages_kept: bytes of pages that each process keeps for whoever asks next; 0 keeps none.
        proxies: how many proxies in front are trusted to say who asks (X-Forwarded-For, -Proto,
            -Host); 0 believes none.
        hosts: the names under which the site may be asked for (`.example.vn` with all below);
            none means any.
        access_log: every request is told to the logger `tangthu.access`.
    """

    budget: float = 1.0
    rate: str = "1200 per minute"
    export_rate: str = "60 per minute"
    exports_at_once: int = 4
    pages_kept: int = 32 << 20
    proxies: int = 0
    hosts: tuple[str, ...] = ()
    access_log: bool = False
