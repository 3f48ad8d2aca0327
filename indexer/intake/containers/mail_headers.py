"""The texts of e-mail headers: encoded words decoded, and bytes that no header may have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message

from archive.errors import IntakeError
from indexer.intake.encoding_labels import codec_of
from indexer.intake.encodings import decode_text

_LONGEST_HEADER = 20_000
"""Letters of a header field that are read."""
_ENCODED_WORD = r"=\?[^?\s]{1,80}\?[bBqQ]\?.{0,1000}?\?="
_ENCODED_WORDS = re.compile(rf"{_ENCODED_WORD}(?:\s+{_ENCODED_WORD})*")
"""Encoded words in a row: blanks between them are none, and letters may go over their ends."""

_UNSAID = ("ascii", "us-ascii", "utf-8", "unknown-8bit", "default", "")


def header_text(message: Message, name: str) -> str:
    """Return the text of a header field, its encoded words decoded."""
    return decode_words(next(raw_values(message, name), ""))


def raw_values(message: Message, name: str) -> Iterator[str]:
    """Yield the values of a header field; asked by its name, it loses the bytes in it."""
    for own, value in message.raw_items():
        if own.lower() == name.lower():
            yield _letters_of(str(value)[:_LONGEST_HEADER])


def said_encoding(label: str) -> str:
    """Return the encoding that a label says; empty where it says nothing of the letters."""
    return label if label and label not in _UNSAID and codec_of(label) else ""


def decode_words(value: str) -> str:
    """Return a text with the encoded words in it decoded, whatever letters are around them."""
    text = _ENCODED_WORDS.sub(lambda words: _decoded_run(words[0]), _letters_of(value))
    return " ".join(text.split())


def _letters_of(value: str) -> str:
    """Return the text of a header with the bytes in it, which standards forbid, as letters."""
    if value.isascii():
        return value
    data = value.encode("utf-8", "surrogateescape")
    try:
        return decode_text(data).text
    except IntakeError:
        return data.decode("cp1252", "replace")


def _decoded_run(words: str) -> str:
    """Return the text of encoded words in a row."""
    try:
        pieces = decode_header(words)
    except (HeaderParseError, ValueError, TypeError):
        return words
    texts = []
    for piece, label in pieces:
        data = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogateescape")
        try:
            texts.append(decode_text(data, encoding=said_encoding(label or "")).text)
        except IntakeError:
            texts.append(data.decode("cp1252", "replace"))
    return "".join(texts)
