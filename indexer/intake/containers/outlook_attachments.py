"""The attachments of Outlook messages (MSG) as members; a reading child takes them out."""

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


def outlook_members(
    stream: IO[bytes], budget: Budget, children: ReaderChildren
) -> Iterator[Member]:
    """Yield the attachments of a message by their names.

    Raises:
        IntakeError: the message is damaged, or has too many.
    """
    data = stream.read()
    parent = sha256(data)
    answer = children.convert(_TAKING_OUT, data)
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
