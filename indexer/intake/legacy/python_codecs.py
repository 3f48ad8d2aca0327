"""Codecs of the legacy character sets, so that `bytes.decode` and text streams know them too."""

from __future__ import annotations

import codecs

from indexer.intake.legacy.charsets import CHARSET_LABELS, Charset, decode_bytes

LEGACY_CODECS: dict[str, str] = {label: charset.value for label, charset in CHARSET_LABELS.items()}
"""The labels of the legacy character sets, and the names of their codecs."""

_BY_NAME = {label.replace("-", "_"): charset for label, charset in CHARSET_LABELS.items()}
_PAIR_STARTS = b"aeouyAEOUY\xd4\xf4\xd6\xf6"


class LegacyDecoder(codecs.BufferedIncrementalDecoder):
    """A decoder of a stream: it waits for the second byte of a letter of VNI."""

    charset = Charset.TCVN3

    def _buffer_decode(self, data: bytes, errors: str, final: bool) -> tuple[str, int]:
        length = len(data)
        if self.charset is Charset.VNI and not final and data[-1:] and data[-1] in _PAIR_STARTS:
            length -= 1
        return decode_bytes(bytes(data[:length]), self.charset), length


def _codec_of_charset(charset: Charset) -> codecs.CodecInfo:
    def decode(data: bytes, errors: str = "strict") -> tuple[str, int]:
        return decode_bytes(bytes(data), charset), len(data)

    def refuse(text: str, errors: str = "strict") -> tuple[bytes, int]:
        raise UnicodeError(f"nothing is written in {charset}")

    decoder = type("LegacyDecoder", (LegacyDecoder,), {"charset": charset})
    return codecs.CodecInfo(refuse, decode, incrementaldecoder=decoder, name=charset)


def _find_codec(name: str) -> codecs.CodecInfo | None:
    charset = _BY_NAME.get(name.lower().replace("-", "_"))
    return _codec_of_charset(charset) if charset else None


codecs.register(_find_codec)
