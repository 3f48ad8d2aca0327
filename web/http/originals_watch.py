"""Does the object storage of an archive's originals answer: asked now and then, beside requests.

Nobody waits for it: a storage that is away takes seconds to say so.
"""

from __future__ import annotations

import logging
import threading
import time
from enum import StrEnum

from flask import Flask, current_app

from archive.errors import ArchiveError, DamagedError
from archive.originals.pieces import ShippedPieces
from archive.settings.originals_location import read_originals_location
from archive.store import Store

_EXTENSION = "tangthu.originals"
_SECONDS_BETWEEN = 15.0
_LOG = logging.getLogger(__name__)


class OriginalsState(StrEnum):
    """The state of originals: all in the home; in a storage that answers; in one that is away."""

    HOME = "home"
    OK = "ok"
    AWAY = "away"


class OriginalsWatch:
    """A watch over the object storage of one archive; threads share it.

    Args:
        pieces: what is in it; None where all originals are in the home.
    """

    def __init__(self, pieces: ShippedPieces | None) -> None:
        self._pieces = pieces
        self._state = OriginalsState.OK if pieces else OriginalsState.HOME
        self._asking = threading.Lock()
        self._asked = -_SECONDS_BETWEEN

    @property
    def is_on(self) -> bool:
        """Whether originals are in an object storage."""
        return self._pieces is not None

    def state(self) -> OriginalsState:
        """Return the last known state at once; where it is old, the storage is asked meanwhile."""
        is_old = time.monotonic() - self._asked >= _SECONDS_BETWEEN
        if self._pieces and is_old and self._asking.acquire(blocking=False):
            self._asked = time.monotonic()
            threading.Thread(target=self._ask, name="originals watch", daemon=True).start()
        return self._state

    def note_away(self) -> None:
        """Note that the storage just did not answer."""
        if self._pieces:
            self._state, self._asked = OriginalsState.AWAY, time.monotonic()

    def unfinished_count(self) -> int:
        """Return the number of pieces that the next `tangthu ship` has to finish."""
        return self._pieces.unfinished_count() if self._pieces else 0

    def _ask(self) -> None:
        assert self._pieces is not None
        try:
            self._state = self._ask_storage(self._pieces)
        finally:
            self._asking.release()

    @staticmethod
    def _ask_storage(pieces: ShippedPieces) -> OriginalsState:
        try:
            pieces.read_first_byte()
        except DamagedError:
            # It answers; what it lost is for `verify` to say.
            return OriginalsState.OK
        except ArchiveError as error:
            _LOG.warning("originals are away: %s", error)
            return OriginalsState.AWAY
        return OriginalsState.OK


def register(app: Flask, store: Store) -> None:
    """Let the application watch the originals of its archive."""
    pieces = store.originals.pieces
    is_elsewhere = read_originals_location(store.home).is_elsewhere or (
        pieces and pieces.last_file()
    )
    app.extensions[_EXTENSION] = OriginalsWatch(pieces if is_elsewhere else None)


def watch_of(app: Flask) -> OriginalsWatch:
    """Return the watch of an application."""
    watch: OriginalsWatch = app.extensions[_EXTENSION]
    return watch


def current_watch() -> OriginalsWatch:
    """Return the watch of the application that answers this request."""
    return watch_of(current_app)
