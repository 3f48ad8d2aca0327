"""Several worker processes behind one listening socket: gunicorn, with the settings of `serve`.

Imported only where gunicorn is installed (`pip install 'tangthu[server]'`).
"""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from web.http.bounded_log import BoundedLogHandler
from web.http.client_accounts import ClientAccounts
from web.http.gunicorn_worker import BoundedWorker
from web.http.server import GRACEFUL_SECONDS, IDLE_SECONDS, ServerAddress, threads_of
from web.settings import Settings
from web.wsgi import served_archive

LONGEST_REQUEST_LINE = 8190
"""Bytes of a request line: the most that gunicorn counts."""


def listening_socket(address: ServerAddress) -> socket.socket:
    """Return a socket that listens at an address; port 0 takes a free one.

    Raises:
        OSError: the address is none of this machine, or is in use.
    """
    host, port = address.host, address.port
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    return socket.create_server((host, port), family=family, backlog=1024)


class BoundedLogger(Logger):  # type: ignore[misc]
    """The log of gunicorn itself: what clients send wrong fills it no more than our own."""

    def setup(self, cfg: Any) -> None:
        """Write to the standard error, so much a minute."""
        super().setup(cfg)
        self.error_log.handlers[:] = [BoundedLogHandler()]


class GunicornServer(BaseApplication):  # type: ignore[misc]
    """Worker processes that each open one archive; a worker that dies is replaced.

    Args:
        home: the archive's folder.
        settings: the settings of every worker.
        listener: the socket at which all of them listen; gunicorn takes it over.
        workers: how many processes.
        threads: requests that each of them answers at once.
    """

    def __init__(
        self, home: Path, settings: Settings, listener: socket.socket, workers: int, threads: int
    ) -> None:
        self._home, self._settings = home, settings
        # Made before the workers are forked: they count together.
        self._accounts = ClientAccounts()
        self._options: dict[str, Any] = {
            "bind": f"fd://{listener.detach()}",
            "workers": workers,
            "threads": threads_of(threads, settings.exports_at_once),
            "worker_class": BoundedWorker,
            # A browser keeps its connections, as with one process.
            "keepalive": IDLE_SECONDS,
            "graceful_timeout": int(GRACEFUL_SECONDS),
            "limit_request_line": LONGEST_REQUEST_LINE,
            # Only `web.http.proxies` decides whose headers are believed.
            "forwarded_allow_ips": "",
            "loglevel": "warning",
            "logger_class": BoundedLogger,
            "when_ready": _end_gracefully_on_interrupt,
            "post_worker_init": _ignore_interrupt,
            # Newer versions would listen on a socket in the user's folder.
            "control_socket_disable": True,
        }
        super().__init__(prog="tangthu")

    def load_config(self) -> None:
        """Take our settings; neither a file nor the environment changes them."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    @property
    def is_behind_proxy(self) -> bool:
        """Whether all connections are those of a proxy in front."""
        return self._settings.proxies > 0

    def load(self) -> Flask:
        """Return the application of one worker."""
        return served_archive(self._home, self._settings, self._accounts)


def _end_gracefully_on_interrupt(_: object) -> None:
    """Let Ctrl+C act like SIGTERM: gunicorn would break off open requests."""
    signal.signal(signal.SIGINT, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def _ignore_interrupt(_: object) -> None:
    """Leave Ctrl+C, which reaches every process of a terminal, to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
