"""The files that are attached to an Outlook message (MSG), as the answer of a reading child."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from indexer.intake.isolation.frames import AttachedFile
from indexer.intake.office.compound_file import CompoundFile
from indexer.intake.office.compound_writer import pack_compound_file
from indexer.intake.office.inline_pictures import ATTACHMENT

_CONTENT = "__substg1.0_37010102"
_EMBEDDED = "__substg1.0_3701000D"
_PROPERTIES = "__properties_version1.0"
_EMBEDDED_HEAD, _LONGER_HEAD = 24, 8
"""Bytes in front of the properties of a message inside another, and those that others have more."""

_NAMES = ("3707001F", "3704001F", "3001001F", "3707001E", "3704001E", "3001001E")
_LONGEST_NAME = 255


def pack_attached_files(data: bytes, _source: str = "", _encoding: str = "") -> bytes:
    """Return the attached files of a message, packed as a list of `AttachedFile`.

    Raises:
        UnreadableError: the message is damaged.
    """
    return msgspec.msgpack.encode(list(_attached_files(CompoundFile(data), len(data))))


def _attached_files(package: CompoundFile, most: int) -> Iterator[AttachedFile]:
    """Yield the attached files of a message, up to its own length.

    Each sector belongs to one stream: only the list of a damaged or hostile file names more bytes
    than the file has.
    """
    storages = (name.partition("/")[0] for name in package.names)
    for number, storage in enumerate(dict.fromkeys(sorted(storages)), 0):
        if not storage.startswith(ATTACHMENT):
            continue
        name = _file_name(package, storage) or f"attachment-{number}"
        paths = [f"{storage}/{_CONTENT}"]
        if not (package.read(paths[0]) or b"").strip():
            inner = f"{storage}/{_EMBEDDED}/"
            paths = [path for path in package.names if path.startswith(inner)]
            name = name if name.lower().endswith(".msg") else f"{name}.msg"
        most -= sum(map(package.length, paths))
        if most < 0:
            yield AttachedFile(name, is_whole=False)
            return
        content = _content(package, storage)
        if content:
            yield AttachedFile(name, content)


def _content(package: CompoundFile, storage: str) -> bytes:
    """Return an attached file, or the message that is attached; empty where there is neither."""
    content = package.read(f"{storage}/{_CONTENT}") or b""
    return content if content.strip() else _embedded_message(package, f"{storage}/{_EMBEDDED}/")


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
