"""The attachments of Outlook messages (MSG, TNEF) as members; a reading child takes them out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO

import msgspec

from archive.errors import IntakeError
from archive.records import sha256
from indexer.intake.containers.members import Budget, Member
from indexer.intake.isolation.frames import AttachedFile, ReadRequest
from indexer.intake.isolation.reader_children import ReaderChildren

_TAKING_OUT = ReadRequest("indexer.intake.office.attached_files", "pack_attached_files", "")
_TRANSPORTED = ReadRequest("indexer.intake.office.transport_file", "pack_transported_files", "")
_LARGEST_TRANSPORT = 32 << 20


def outlook_members(
    stream: IO[bytes], budget: Budget, children: ReaderChildren
) -> Iterator[Member]:
    """Yield the attachments of a message by their names.

    Raises:
        IntakeError: the message is damaged, or has too many.
    """
    data = stream.read()
    yield from _members(children.convert(_TAKING_OUT, data), budget, sha256(data))


def transported_members(
    stream: IO[bytes], budget: Budget, children: ReaderChildren
) -> Iterator[Member]:
    """Yield the files in a TNEF file (`winmail.dat`); they are members of the e-mail around it.

    Raises:
        IntakeError: it is damaged, too large, or has too many.
    """
    data = stream.read(_LARGEST_TRANSPORT + 1)
    if len(data) > _LARGEST_TRANSPORT:
        raise IntakeError(f"is larger than {_LARGEST_TRANSPORT} bytes")
    yield from _members(children.convert(_TRANSPORTED, data), budget, "")


def _members(answer: bytes, budget: Budget, parent: str) -> Iterator[Member]:
    """Yield the members in the answer of a child."""
    try:
        attached = msgspec.msgpack.decode(answer, type=list[AttachedFile])
    except msgspec.MsgspecError as error:
        raise IntakeError("the reader answered something else") from error
    for file in attached:
        budget.count_member()
        if not file.is_whole:
            yield Member(file.name, error="is damaged: its message lists more than it holds")
            continue
        budget.count_bytes(len(file.content))
        yield Member(file.name, io.BufferedReader(io.BytesIO(file.content)), parent=parent)
