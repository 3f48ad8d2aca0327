"""The server in several processes that share one door: one page at a time each, for many cores."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import NoReturn

LEAST_SECONDS = 1.0
"""A process that ends sooner after its beginning than this is not started again."""

_SIGNALS = (signal.SIGTERM, signal.SIGINT)

_LOG = logging.getLogger("tangthu")


def door(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one.

    Raises:
        OSError: the address is none of this machine, or is taken.
    """
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    return socket.create_server((host, port), family=family, backlog=1024)


class Processes:
    """Children that do the same work until somebody ends them; one that dies is replaced.

    Args:
        work: what each does; SIGTERM makes it return.
        count: how many there are.
    """

    def __init__(self, work: Callable[[], None], count: int) -> None:
        self._work, self._count = work, count
        self._children: dict[int, float] = {}
        self._ending = self._failed = False
        # Nothing is ever written: it is closed when this process is no more, however it ended.
        self._alive, self._held = os.pipe()

    def run(self) -> bool:
        """Let them work until SIGTERM or Ctrl+C; whether all went well."""
        for number in _SIGNALS:
            signal.signal(number, lambda *_: self._end())
        for _ in range(self._count):
            self._start()
        while self._children:
            pid, status = os.wait()
            self._ended(pid, os.waitstatus_to_exitcode(status))
        return not self._failed

    def _ended(self, pid: int, status: int) -> None:
        started = self._children.pop(pid, None)
        if started is None or self._ending:
            # One that had not yet begun dies of the signal itself.
            self._failed |= status not in (0, -signal.SIGTERM)
            return
        if time.monotonic() - started < LEAST_SECONDS:
            _LOG.error("a process of the server ended at once with status %d; so do all", status)
            self._failed = True
            self._end()
            return
        _LOG.warning("a process of the server ended with status %d; another takes over", status)
        self._start()

    def _start(self) -> None:
        # A signal that came while it has our handlers would make the child end its siblings.
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        pid = os.fork()
        if pid:
            self._children[pid] = time.monotonic()
        else:
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        if not pid:
            self._be_child()

    def _be_child(self) -> NoReturn:
        status = 1
        try:
            # Ctrl+C is for the parent alone, which passes it on.
            os.setpgrp()
            os.close(self._held)
            threading.Thread(target=self._end_with_parent, daemon=True).start()
            self._work()
            status = 0
        finally:
            if status and not isinstance(sys.exc_info()[1], SystemExit):
                _LOG.error("a process of the server failed", exc_info=True)
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _end_with_parent(self) -> None:
        os.read(self._alive, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    def _end(self) -> None:
        self._ending = True
        for pid in self._children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
