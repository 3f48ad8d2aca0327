"""The messages of a mailbox (MBOX), one after another; few bytes are in memory at a time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import IO

from indexer.intake import media_types
from indexer.intake.containers.members import Budget, Member

LARGEST_MESSAGE = 32 << 20
"""Bytes of one message; a larger one is refused."""

_START = re.compile(rb"From \S.{0,200}\d\d:\d\d.{0,40}(?:19|20)\d\d.{0,20}\r?\n\Z")
"""A message begins with a sender, a time and a year; a sentence may well have a time."""

_QUOTED = re.compile(rb">+From ")


def mailbox_members(stream: IO[bytes], budget: Budget) -> Iterator[Member]:
    """Yield the messages of a mailbox by their numbers, from 1.

    Raises:
        IntakeError: there are too many.
    """
    for number, message in enumerate(_messages(stream), 1):
        budget.count_member()
        if message is None:
            yield Member(str(number), error=f"is larger than {LARGEST_MESSAGE} bytes")
        else:
            content = io.BufferedReader(io.BytesIO(message))
            yield Member(str(number), content, media_type=media_types.MAIL)


def _messages(stream: IO[bytes]) -> Iterator[bytes | None]:
    """Yield the bytes of every message; None for one that is too large."""
    # Not a list of lines: an empty one would take twenty times its size.
    message = bytearray()
    size, is_open, was_blank = 0, False, True
    while line := stream.readline(1 << 20):
        if was_blank and _START.match(line):
            if is_open:
                yield _content(message, size)
            size, is_open, was_blank = 0, True, False
            message.clear()
            continue
        was_blank = not line.strip(b"\r\n")
        size += len(line)
        if size <= LARGEST_MESSAGE:
            message += line[1:] if _QUOTED.match(line) else line
        else:
            message.clear()
    if is_open:
        yield _content(message, size)


def _content(message: bytearray, size: int) -> bytes | None:
    """Return a message without the empty line that ends it in a mailbox."""
    if size > LARGEST_MESSAGE:
        return None
    for end in (b"\n\r\n", b"\n\n"):
        if message.endswith(end):
            return bytes(message[: 1 - len(end)])
    return bytes(message)
