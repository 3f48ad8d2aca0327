"""The log of errors: so many bytes a minute, whatever clients do.

What is left out is counted, and the number is the first line of the next minute.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from archive.printable_texts import printable_line, printable_text

BYTES_PER_MINUTE = 100_000
"""Bytes of messages in a minute; a trace has about ten thousand."""

TRACES_PER_MINUTE = 3
"""Messages in a minute that come with a trace."""


LONGEST_MESSAGE = 1000
"""Characters of a message without its trace: it may name an address that a client sent."""


class _PrintableFormatter(logging.Formatter):
    """Writes messages of one line, and traces, in which no terminal finds an order."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the message as one line."""
        return printable_line(super().formatMessage(record))[:LONGEST_MESSAGE]

    def formatException(self, ei: Any) -> str:
        """Return the trace."""
        return printable_text(super().formatException(ei))


class BoundedLogHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """A handler that writes to the standard error, but only so much a minute."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(_PrintableFormatter("%(message)s"))
        self._minute, self._bytes, self._traces, self._omitted = -1, 0, 0, 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write a message, if there is room for it in this minute."""
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._begin_minute(minute)
        if record.exc_info:
            self._traces += 1
            if self._traces > TRACES_PER_MINUTE:
                record = logging.makeLogRecord({**record.__dict__, "exc_info": None})
                record.exc_text = None
        self._bytes += len(self.format(record)) + 1
        if self._bytes > BYTES_PER_MINUTE:
            self._omitted += 1
            return
        super().emit(record)

    def _begin_minute(self, minute: int) -> None:
        omitted, self._omitted = self._omitted, 0
        self._minute, self._bytes, self._traces = minute, 0, 0
        if omitted:
            text = f"{omitted} messages were left out: there were too many in a minute"
            super().emit(logging.makeLogRecord({"msg": text, "levelno": logging.WARNING}))


def bound_error_log() -> None:
    """Let all messages of this process that have no other handler go to a bounded log."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(BoundedLogHandler())
