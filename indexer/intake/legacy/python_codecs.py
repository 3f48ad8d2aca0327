"""Codecs of the legacy character sets, so that `bytes.decode` and text streams know them too."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from indexer.intake.legacy.charsets import CHARSET_LABELS, Charset, decode_bytes

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

LEGACY_CODECS: dict[str, str] = {label: charset.value for label, charset in CHARSET_LABELS.items()}
"""The labels of the legacy character sets, and the names of their codecs."""

_BY_NAME = {label.replace("-", "_"): charset for label, charset in CHARSET_LABELS.items()}
_PAIR_STARTS = frozenset(bytes([byte]) for byte in b"aeouyAEOUY\xd4\xf4\xd6\xf6")


class LegacyDecoder(codecs.BufferedIncrementalDecoder):
    """A decoder of a stream: it waits for the second byte of a letter of VNI."""

    charset = Charset.TCVN3

    def _buffer_decode(self, data: Buffer, errors: str, final: bool) -> tuple[str, int]:
        whole = bytes(data)
        waits = self.charset is Charset.VNI and not final and whole[-1:] in _PAIR_STARTS
        part = whole[:-1] if waits else whole
        return decode_bytes(part, self.charset), len(part)


def _codec_of_charset(charset: Charset) -> codecs.CodecInfo:
    def decode(data: Buffer, errors: str = "strict", /) -> tuple[str, int]:
        whole = bytes(data)
        return decode_bytes(whole, charset), len(whole)

    def refuse(text: str, errors: str = "strict", /) -> tuple[bytes, int]:
        raise UnicodeError(f"nothing is written in {charset}")

    def decoder(errors: str = "strict") -> LegacyDecoder:
        made = LegacyDecoder(errors)
        made.charset = charset
        return made

    # Streams that could be written to ask for an encoder when they are opened.
    return codecs.CodecInfo(
        refuse,
        decode,
        incrementalencoder=codecs.IncrementalEncoder,
        incrementaldecoder=decoder,
        name=charset,
    )


def _find_codec(name: str) -> codecs.CodecInfo | None:
    charset = _BY_NAME.get(name.lower().replace("-", "_"))
    return _codec_of_charset(charset) if charset else None


codecs.register(_find_codec)
