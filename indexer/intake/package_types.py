"""The media types of packages: the list of a ZIP file is read here, OLE files by a child."""

from __future__ import annotations

import io
from typing import IO

from archive.errors import IntakeError
from indexer.intake import media_types
from indexer.intake.isolation.frames import ReadRequest
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.sniffing import HEAD_LENGTH, sniff_head, sniff_zip

LARGEST_COMPOUND_FILE = 32 << 20
"""Bytes of an OLE file of which the list is looked for; nothing reads a larger one."""

_LISTING = ReadRequest("indexer.intake.office.compound_type", "compound_type", "")


def package_type(stream: IO[bytes], media_type: str, children: ReaderChildren) -> str:
    """Return what a ZIP or OLE file is a package of; any other media type as it is.

    Args:
        stream: The whole file, which can be sought in.
        media_type: What its head was sniffed as.
        children: They open OLE files.

    Raises:
        IntakeError: it is too large to tell, or a reading child dies of it.
    """
    if media_type == media_types.ZIP:
        return sniff_zip(stream)
    if media_type != media_types.OLE:
        return media_type
    stream.seek(0)
    data = stream.read(LARGEST_COMPOUND_FILE + 1)
    told = children.convert(_LISTING, data[:LARGEST_COMPOUND_FILE]).decode("ascii", "replace")
    if told not in media_types.NAMES:
        raise IntakeError("the reader answered something else")
    if told == media_type and len(data) > LARGEST_COMPOUND_FILE:
        raise IntakeError(f"is larger than {LARGEST_COMPOUND_FILE} bytes")
    return told


def document_type(data: bytes, children: ReaderChildren) -> str:
    """Return the media type of a document that is in memory.

    Raises:
        IntakeError: as `package_type`.
    """
    return package_type(io.BytesIO(data), sniff_head(data[:HEAD_LENGTH]), children)
