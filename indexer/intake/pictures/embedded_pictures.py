"""Pictures that originals hold themselves, found by their keys, in a reading child.

A saved page has them as `data:`, a document or book in its package, an e-mail in its parts,
RTF in its groups.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from urllib.parse import unquote

from archive.document_account import ReadingState
from archive.errors import UnreadableError
from indexer.intake.containers.mail_message import picture_in_mail
from indexer.intake.encodings import decode_text
from indexer.intake.markup.pictures import embedded_content, embedded_key
from indexer.intake.office.inline_pictures import picture_in_message
from indexer.intake.office.package_files import open_package
from indexer.intake.office.rtf_reader import picture_in_rtf
from indexer.intake.pictures.picture_sizes import PictureSize
from indexer.intake.pictures.screen_pictures import draw_picture

_PACKAGES = frozenset(("docx", "odf", "pptx", "epub"))
_MAIL = "mail"
_OUTLOOK = "msg"
_RTF = "rtf"
_ADDRESS = re.compile(r"data:image/[a-z]{3,5};base64,[^\"'<>)]{1,40000000}", re.IGNORECASE)


def draw_small_embedded(data: bytes, key: str, reader: str = "") -> bytes:
    """Draw the picture with a key as a thumbnail; errors as `draw_embedded`."""
    return draw_embedded(data, key, PictureSize.SMALL, reader)


def draw_large_embedded(data: bytes, key: str, reader: str = "") -> bytes:
    """Draw the picture with a key for the reading column; errors as `draw_embedded`."""
    return draw_embedded(data, key, PictureSize.LARGE, reader)


def draw_embedded(data: bytes, key: str, size: PictureSize, reader: str = "") -> bytes:
    """Draw the picture with a key that an original holds, as WebP.

    Args:
        data: The original.
        key: The key of the picture.
        size: How large.
        reader: The name of the original's reader, which tells how it holds pictures.

    Raises:
        UnreadableError: it holds no such picture, or it cannot be drawn.
        IntakeError: it cannot be read.
    """
    if reader in _PACKAGES:
        with open_package(data) as files:
            content = files.picture(key)
    elif reader == _MAIL:
        content = picture_in_mail(data, key)
    elif reader == _OUTLOOK:
        content = picture_in_message(data, key)
    elif reader == _RTF:
        content = picture_in_rtf(data, key)
    else:
        content = _picture_in_page(data, key)
    if not content:
        raise UnreadableError("holds no such picture", ReadingState.DAMAGED)
    return draw_picture(content, size)


def _picture_in_page(data: bytes, key: str) -> bytes:
    """Return the picture in a page that has a key (`embedded_key`); empty for none."""
    text = decode_text(data, trust_declaration=True).text
    for match in _ADDRESS.finditer(text):
        address = html.unescape(match[0])
        if embedded_key(address) == key:
            try:
                return base64.b64decode(unquote(embedded_content(address)), validate=True)
            except (binascii.Error, ValueError) as error:
                raise UnreadableError("is no base64", ReadingState.DAMAGED) from error
    return b""
