"""The attachments of Outlook messages (MSG) as members."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO

from archive.records import sha256
from indexer.intake.containers.members import Budget, Member
from indexer.intake.office.compound_file import CompoundFile
from indexer.intake.office.compound_writer import pack_compound_file

_ATTACHMENT = "__attach_version1.0_"
_CONTENT = "__substg1.0_37010102"
_EMBEDDED = "__substg1.0_3701000D"
_PROPERTIES = "__properties_version1.0"
_EMBEDDED_HEAD, _LONGER_HEAD = 24, 8
"""Bytes in front of the properties of a message inside another, and those that others have more."""

_NAMES = ("3707001F", "3704001F", "3001001F", "3707001E", "3704001E", "3001001E")
_LONGEST_NAME = 255


def outlook_members(stream: IO[bytes], budget: Budget) -> Iterator[Member]:
    """Yield the attachments of a message by their names.

    Raises:
        IntakeError: the message is damaged, or has too many.
    """
    data = stream.read()
    package, parent = CompoundFile(data), sha256(data)
    storages = (name.partition("/")[0] for name in package.names)
    for number, storage in enumerate(dict.fromkeys(sorted(storages)), 0):
        if not storage.startswith(_ATTACHMENT):
            continue
        budget.count_member()
        name = _file_name(package, storage) or f"attachment-{number}"
        content = package.read(f"{storage}/{_CONTENT}") or b""
        if content.strip():
            budget.count_bytes(len(content))
            yield Member(name, io.BufferedReader(io.BytesIO(content)), parent=parent)
        elif message := _embedded_message(package, f"{storage}/{_EMBEDDED}/"):
            budget.count_bytes(len(message))
            name = name if name.lower().endswith(".msg") else f"{name}.msg"
            yield Member(name, io.BufferedReader(io.BytesIO(message)), parent=parent)


def _embedded_message(package: CompoundFile, storage: str) -> bytes:
    """Return a message inside a message as a file of its own; empty where there is none."""
    paths = [path for path in package.names if path.startswith(storage)]
    streams = {path.removeprefix(storage): package.read(path) or b"" for path in paths}
    if (properties := streams.get(_PROPERTIES)) is None:
        return b""
    head = properties[:_EMBEDDED_HEAD].ljust(_EMBEDDED_HEAD, b"\0") + bytes(_LONGER_HEAD)
    streams[_PROPERTIES] = head + properties[_EMBEDDED_HEAD:]
    return pack_compound_file(streams)


def _file_name(package: CompoundFile, storage: str) -> str:
    """Return the name of an attached file; empty where it has none."""
    for tag in _NAMES:
        data = package.read(f"{storage}/__substg1.0_{tag}")
        if data:
            codec = "utf-16-le" if tag.endswith("F") else "cp1252"
            text = data.decode(codec, "replace").replace("\0", "").replace("/", "_")
            return " ".join(text.split())[:_LONGEST_NAME]
    return ""
