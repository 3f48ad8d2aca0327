"""The frames between a process and its reading child: a header and a body, both with lengths."""

from __future__ import annotations

import struct
from typing import IO

import msgspec

from archive.errors import IntakeError

LENGTHS = struct.Struct(">II")
"""The lengths of header and body, in front of every frame."""

LONGEST_FRAME = 256 << 20
"""Bytes of a header or a body; a child that announces more is broken."""


class ChildLimits(msgspec.Struct, frozen=True):
    """The limits of a reading child.

    Attributes:
        memory: Bytes of address space.
        processor_seconds: Processor time for one document.
        wall_seconds: Time for one document by the clock, after which the child is killed.
        documents: Documents after which a child is replaced.
        resident: Bytes of resident memory after which a child is replaced.
    """

    memory: int = 1 << 30
    processor_seconds: int = 20
    wall_seconds: float = 90.0
    documents: int = 500
    resident: int = 600 << 20


class ReadRequest(msgspec.Struct, frozen=True):
    """The header of a request; its body is the document.

    Attributes:
        module: The module of the function to call.
        function: The name of the function.
        source: The place that the document was read from.
        encoding: Its encoding, where an operator said it.
        pages: The first page and the one after the last, from 0; None for the whole document.
    """

    module: str
    function: str
    source: str
    encoding: str = ""
    pages: tuple[int, int] | None = None


class ReadAnswer(msgspec.Struct, frozen=True):
    """The header of an answer; its body is the JSON of an article, a picture, or empty.

    Attributes:
        error: The name of the class of the error in the article's place; empty without one.
        message: The message of the error.
        state: The reading state of an `UnreadableError`.
        count: The number of pages, where that was asked for.
        resident: The largest number of bytes that the child had in memory so far.
        processor_seconds: Processor time that the request took.
    """

    error: str = ""
    message: str = ""
    state: str = ""
    count: int = 0
    resident: int = 0
    processor_seconds: float = 0.0


class AttachedFile(msgspec.Struct, frozen=True):
    """A file that a child took out of a document; a list of them is packed as MessagePack.

    Attributes:
        name: Its name.
        content: Its bytes.
        is_whole: Whether it could be taken out; nothing follows one that could not.
    """

    name: str
    content: bytes = b""
    is_whole: bool = True


def pack_frame(header: msgspec.Struct, body: bytes = b"") -> bytes:
    """Return a frame as bytes."""
    packed = msgspec.json.encode(header)
    return LENGTHS.pack(len(packed), len(body)) + packed + body


def frame_length(start: bytes) -> int:
    """Return the length of the frame that begins with the bytes of `LENGTHS`.

    Raises:
        IntakeError: no honest frame is so long.
    """
    header_length, body_length = LENGTHS.unpack_from(start)
    if max(header_length, body_length) > LONGEST_FRAME:
        raise IntakeError("the reader answered something else")
    return int(LENGTHS.size + header_length + body_length)


def split_frame(frame: bytes) -> tuple[bytes, bytes]:
    """Return the header and the body of a whole frame."""
    header_length, _ = LENGTHS.unpack_from(frame)
    start = LENGTHS.size + header_length
    return frame[LENGTHS.size : start], frame[start:]


def read_frame(stream: IO[bytes]) -> bytes:
    """Read one frame; empty at the end of the stream."""
    start = stream.read(LENGTHS.size)
    if len(start) < LENGTHS.size:
        return b""
    length = frame_length(start) - len(start)
    rest_of_frame = stream.read(length)
    return start + rest_of_frame if len(rest_of_frame) == length else b""
