"""The packed RTF in Outlook messages (LZFu): unpacked within a bound."""

from __future__ import annotations

import struct

MOST_UNPACKED = 16 << 20
"""Bytes that one text may unfold to."""

_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_SIZE = 4096


def unpack_rtf(data: bytes) -> bytes:
    """Return the RTF in a packed stream, as far as it is whole; empty for what is none."""
    if len(data) < 16:
        return b""
    _, length, kind, _ = struct.unpack_from("<LL4sL", data, 0)
    length = min(length, MOST_UNPACKED)
    if kind == b"MELA":
        return data[16 : 16 + length]
    if kind != b"LZFu":
        return b""
    window = bytearray(_DICTIONARY.ljust(_SIZE, b" "))
    write, place = len(_DICTIONARY), 16
    unpacked = bytearray()
    while place < len(data) and len(unpacked) < length:
        flags = data[place]
        place += 1
        for bit in range(8):
            is_copy = flags >> bit & 1
            token = data[place : place + (2 if is_copy else 1)]
            place += len(token)
            if len(token) < (2 if is_copy else 1):
                return bytes(unpacked[:length])
            if not is_copy:
                window[write] = token[0]
                unpacked.append(token[0])
                write = (write + 1) % _SIZE
                continue
            reference = int.from_bytes(token, "big")
            read = reference >> 4
            if read == write:
                return bytes(unpacked[:length])
            for _ in range((reference & 15) + 2):
                window[write] = window[read]
                unpacked.append(window[read])
                read, write = (read + 1) % _SIZE, (write + 1) % _SIZE
    return bytes(unpacked[:length])
