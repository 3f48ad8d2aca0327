"""The parts that tell the formats of ZIP and OLE packages apart, and the list of those of a ZIP.

Damaged or hostile lists end early; nothing is unpacked.
"""

from __future__ import annotations

import io
import struct
from typing import IO

from indexer.intake import media_types

MARKING_PARTS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", media_types.ENCRYPTED_OFFICE),
    ("WordDocument", media_types.WORD),
    ("Workbook", media_types.EXCEL),
    ("Book", media_types.EXCEL),
    ("PowerPoint Document", media_types.POWERPOINT),
    ("PP40", media_types.POWERPOINT),
    ("VisioDocument", "application/vnd.visio"),
    ("Quill", "application/vnd.ms-publisher"),
    ("__properties_version1.0", media_types.OUTLOOK_MESSAGE),
    ("word/document.xml", media_types.DOCX),
    ("word/document2.xml", media_types.DOCX),
    ("xl/workbook.xml", media_types.XLSX),
    ("xl/workbook.bin", media_types.XLSX),
    ("ppt/presentation.xml", media_types.PPTX),
    ("META-INF/container.xml", media_types.EPUB),
    ("FixedDocSeq.fdseq", "application/oxps"),
    ("FixedDocumentSequence.fdseq", "application/oxps"),
    ("AndroidManifest.xml", "application/vnd.android.package-archive"),
    ("META-INF/MANIFEST.MF", "application/java-archive"),
)
"""Parts that only packages of one media type have."""

_MOST_PARTS = 5000

_END_LENGTH = 22
_LONGEST_COMMENT = 1 << 16
_LARGEST_LIST = 1 << 20
_ENTRY = struct.Struct("<4s24xHHH12x")
_LOCAL = struct.Struct("<4s4xH8xLLHH")


def zip_parts(stream: IO[bytes]) -> tuple[str, ...]:
    """Return the names of a ZIP file's parts, and `mimetype=…` where its first part states one."""
    parts = [f"mimetype={stated}"] if (stated := _stated_type(stream)) else []
    size = stream.seek(0, io.SEEK_END)
    tail_length = min(size, _END_LENGTH + _LONGEST_COMMENT)
    stream.seek(size - tail_length)
    tail = stream.read(tail_length)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < _END_LENGTH:
        return tuple(parts)
    list_length = int.from_bytes(tail[end + 12 : end + 16], "little")
    start = size - tail_length + end - list_length
    stream.seek(max(start, 0))
    return (*parts, *_listed_names(stream.read(min(list_length, _LARGEST_LIST))))


def _listed_names(entries: bytes) -> list[str]:
    """Return the names in the list at a ZIP file's end, as far as it is whole."""
    names: list[str] = []
    place = 0
    while place + 46 <= len(entries) and len(names) < _MOST_PARTS:
        signature, name_length, extra_length, comment_length = _ENTRY.unpack_from(entries, place)
        if signature != b"PK\x01\x02":
            break
        name = entries[place + 46 : place + 46 + name_length]
        names.append(name.decode("utf-8", "replace"))
        place += 46 + name_length + extra_length + comment_length
    return names


def _stated_type(stream: IO[bytes]) -> str:
    """Return the media type that the first part of an EPUB or OpenDocument package holds."""
    stream.seek(0)
    head = stream.read(_LOCAL.size + 200)
    if len(head) < _LOCAL.size:
        return ""
    signature, method, length, _, name_length, extra_length = _LOCAL.unpack_from(head)
    start = _LOCAL.size + name_length
    if signature != b"PK\x03\x04" or method or head[_LOCAL.size : start] != b"mimetype":
        return ""
    content = head[start + extra_length : start + extra_length + min(length, 100)]
    return content.decode("ascii", "replace").strip()
