"""Drawing of pictures and pages for screens, by a reading child that may die of any.

The process that serves pages parses none of it: it sends the bytes to the child and gets WebP.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from archive.errors import IntakeError
from indexer.intake.isolation.frames import ChildLimits, ReadRequest
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.pictures.picture_sizes import PictureSize

LARGEST_DOCUMENT = 128 << 20
"""Bytes of a document of which pages are drawn."""

LIMITS = ChildLimits(
    memory=768 << 20, processor_seconds=5, wall_seconds=30.0, documents=400, resident=400 << 20
)
"""The limits of the child: a page of a newspaper takes half a second, a photograph a tenth."""

IDLE_SECONDS = 60.0
"""Seconds without a drawing after which the child ends: it holds some hundred MB at most."""

_PICTURES = "indexer.intake.pictures.screen_pictures"
_EMBEDDED = "indexer.intake.pictures.embedded_pictures"
_PAGES = "indexer.intake.pdf.screen_pages"


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing of one picture or page.

    Attributes:
        size: How large.
        page: The page of a PDF document, from 1; 0 for a picture.
        embedded: The key of a picture that an original holds itself; empty for any other.
        reader: The name of that original's reader.
    """

    size: PictureSize
    page: int = 0
    embedded: str = ""
    reader: str = ""

    @property
    def request(self) -> ReadRequest:
        """The request to the child."""
        if self.page:
            pages = (self.page - 1, self.page)
            return ReadRequest(_PAGES, f"draw_{self.size}_page", "", pages=pages)
        if self.embedded:
            return ReadRequest(_EMBEDDED, f"draw_{self.size}_embedded", self.embedded, self.reader)
        return ReadRequest(_PICTURES, f"draw_{self.size}", "")


class PictureArtist:
    """The artist of one process: one drawing at a time, by a child that is started when needed.

    Safe to share between threads; it must be closed.

    Args:
        limits: The limits of the child.
        idle_seconds: Seconds after the last drawing, at which the child ends.
    """

    def __init__(self, limits: ChildLimits = LIMITS, idle_seconds: float = IDLE_SECONDS) -> None:
        self._lock = threading.Lock()
        self._children = ReaderChildren(limits)
        self._idle_seconds = idle_seconds
        self._end: threading.Timer | None = None

    @property
    def processor_seconds(self) -> float:
        """Processor time of all drawings so far."""
        return self._children.processor_seconds

    @property
    def child_count(self) -> int:
        """Children that run now: one or none."""
        return self._children.child_count

    def draw(self, drawing: Drawing, data: bytes) -> bytes:
        """Draw one picture or page, as WebP.

        Raises:
            IntakeError: it cannot be drawn within the limits, or is damaged.
        """
        if len(data) > LARGEST_DOCUMENT:
            raise IntakeError("the document is too large to be drawn")
        with self._lock:
            try:
                return self._children.read_bytes(drawing.request, data)
            finally:
                self._end_later()

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._forget_end()
            self._children.__exit__(None, None, None)

    def _end_later(self) -> None:
        """Let the child end where nothing more is drawn."""
        self._forget_end()
        self._end = threading.Timer(self._idle_seconds, self.close)
        self._end.daemon = True
        self._end.start()

    def _forget_end(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None
