"""Documents of formats that nothing reads yet: they are kept, and named by their format."""

from __future__ import annotations

import io

from archive.document_account import ReadingState
from archive.errors import UnreadableError
from archive.records import Article
from indexer.intake import media_types
from indexer.intake.office.compound_type import compound_type
from indexer.intake.sniffing import HEAD_LENGTH, sniff_head, sniff_zip

READER = "unsupported"
READER_VERSION = 1


def keep_unread(data: bytes, source: str, encoding: str = "") -> Article:
    """Keep a document without reading it.

    Raises:
        UnreadableError: always; the message names the format, so that nobody takes it for read.
    """
    name = source.rpartition("/")[2].lower()
    media_type = sniff_head(data[:HEAD_LENGTH], name, encoding)
    if media_type == media_types.OLE:
        media_type = compound_type(data).decode()
    elif media_type == media_types.ZIP:
        media_type = sniff_zip(io.BytesIO(data))
    if media_type == media_types.ENCRYPTED_OFFICE:
        raise UnreadableError("needs a password", ReadingState.ENCRYPTED)
    format_name = media_types.NAMES.get(media_type, "documents of this type")
    reason = f"{media_type}: {format_name} are kept, and not read yet"
    raise UnreadableError(reason, ReadingState.UNSUPPORTED)
