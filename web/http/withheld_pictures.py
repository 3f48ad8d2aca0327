"""Pictures of removed and hidden articles that this host drew: deleted when another host withholds.

The host on which an operator removes an article deletes its own at once. Every other one looks at
the operations now and then, with whichever request comes; until then it serves none of them either.
"""

from __future__ import annotations

import logging
import threading
import time

from flask import Flask

from archive.errors import ArchiveError
from archive.originals.picture_cache import PictureCache
from archive.store import Store

SECONDS_BETWEEN = 60.0
"""Seconds from one look to the next, at least."""

_LOG = logging.getLogger(__name__)


class WithheldPictures:
    """The drawn pictures in a home of articles that are withheld; threads share it.

    Args:
        store: the archive's store.
        seconds_between: seconds from one look to the next.
    """

    def __init__(self, store: Store, seconds_between: float = SECONDS_BETWEEN) -> None:
        self._store, self._cache = store, PictureCache(store.home)
        self._seconds = seconds_between
        self._due = time.monotonic() + seconds_between
        self._looking = threading.Lock()
        self._seen = -1

    def discard_if_due(self) -> None:
        """Delete them, if the last look was long ago and something changed since."""
        if time.monotonic() < self._due or not self._looking.acquire(blocking=False):
            return
        try:
            self._due = time.monotonic() + self._seconds
            self._discard()
        except (ArchiveError, OSError) as error:
            _LOG.warning("pictures of withheld articles are looked for later: %s", error)
        finally:
            self._looking.release()

    def _discard(self) -> None:
        sequence = self._store.last_sequence()
        if sequence == self._seen:
            return
        for identifier in self._store.operator_state().without_original:
            self._cache.discard(identifier)
        self._seen = sequence


def register(app: Flask, store: Store) -> None:
    """Let the application delete what is withheld."""
    pictures = WithheldPictures(store)

    @app.before_request
    def discard_withheld_pictures() -> None:
        pictures.discard_if_due()
