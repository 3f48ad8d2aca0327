"""The pictures inside the text of an Outlook message: attached files that its page refers to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from archive.captured_picture import CapturedPicture
from archive.records import sha256
from indexer.intake.markup.pictures import MOST_PICTURES
from indexer.intake.office.compound_file import CompoundFile

ATTACHMENT = "__attach_version1.0_"
"""The beginning of the names of the storages of attached files."""

_CONTENT = "__substg1.0_37010102"
_CONTENT_IDS = ("__substg1.0_3712001F", "__substg1.0_3712001E")
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")
_KEY_LENGTH = 16


def inline_pictures(package: CompoundFile, most: int) -> tuple[CapturedPicture, ...]:
    """Return the pictures inside the text of a message, each once; `most` is its own length."""
    contents = islice(_contents(package, most), MOST_PICTURES)
    keys = dict.fromkeys(sha256(content)[:_KEY_LENGTH] for content in contents)
    return tuple(CapturedPicture(embedded=key) for key in keys)


def picture_in_message(data: bytes, key: str) -> bytes:
    """Return the picture with a key inside a message; empty where there is no such.

    Raises:
        UnreadableError: the message is damaged.
    """
    contents = _contents(CompoundFile(data), len(data))
    return next((content for content in contents if sha256(content)[:_KEY_LENGTH] == key), b"")


def _contents(package: CompoundFile, most: int) -> Iterator[bytes]:
    """Yield the pictures, up to the message's own length, which only hostile lists surpass."""
    names = frozenset(package.names)
    storages = dict.fromkeys(name.partition("/")[0] for name in sorted(names))
    for storage in storages:
        path = f"{storage}/{_CONTENT}"
        is_inline = any(f"{storage}/{name}" in names for name in _CONTENT_IDS)
        if not storage.startswith(ATTACHMENT) or not is_inline or path not in names:
            continue
        most -= package.length(path)
        if most < 0:
            return
        content = package.read(path) or b""
        if content.startswith(_SIGNATURES):
            yield content
