"""Decompression of gzip, xz, bzip2 and Brotli that refuses a decompression bomb (zip bomb)."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from typing import Any

import brotli

from archive.errors import IntakeError
from archive.originals.warc_records import RECORD_LIMIT

GZIP = b"\x1f\x8b"
XZ = b"\xfd7zXZ\x00"
BZIP2 = b"BZh"
_BZIP2_BLOCK = b"1AY&SY"

MAX_EXPANSION_RATIO = 300
"""Times that a file may expand past the first 64 MiB; news in xz expands four to ten times."""

_UNCHECKED_BYTES = 64 << 20
"""Output whose ratio is not looked at: a small file may well repeat itself."""

_XZ_MEMORY_LIMIT = 256 << 20
"""Bytes that an xz file may ask for; `xz -9` asks for 65 MiB."""

_READ_SIZE = 1 << 16
_HEAD_LENGTH = 10


def open_decompressed(stream: io.BufferedReader) -> io.BufferedReader:
    """Return a stream of the decompressed data of gzip, xz or bzip2, or the stream itself.

    Reading from it raises IntakeError where the compression is damaged, cut short, asks for too
    much memory, or expands as no text does.
    """
    head = stream.peek(_HEAD_LENGTH)
    if is_compressed(head):
        return io.BufferedReader(BoundedDecompressor(stream, head), 1 << 18)
    return stream


def is_compressed(head: bytes) -> bool:
    """Tell whether a file that begins with these bytes is compressed and is decompressed."""
    is_bzip2 = head.startswith(BZIP2) and head[4:_HEAD_LENGTH] == _BZIP2_BLOCK
    return is_bzip2 or head.startswith((GZIP, XZ))


class BoundedDecompressor(io.RawIOBase):
    """A raw stream that decompresses piece by piece, member after member, up to a bound."""

    def __init__(self, stream: io.BufferedReader, head: bytes) -> None:
        self._stream = stream
        self._is_gzip, self._is_xz = head.startswith(GZIP), head.startswith(XZ)
        self._member = self._new_member()
        self._input = b""
        self._bytes_in = self._bytes_out = 0

    def readable(self) -> bool:
        """Return True: the stream can only be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with the data that follow; return their length, 0 at the end.

        Raises:
            IntakeError: the data are damaged, cut short, or expand too far.
        """
        try:
            data = self._decompress(min(len(buffer), 1 << 20))
        except (lzma.LZMAError, zlib.error, EOFError, OSError) as error:
            raise IntakeError(f"is damaged or cut short ({error})") from error
        self._bytes_out += len(data)
        if self._bytes_out > max(_UNCHECKED_BYTES, MAX_EXPANSION_RATIO * self._bytes_in):
            raise IntakeError(f"swells more than {MAX_EXPANSION_RATIO} times: that is no text")
        buffer[: len(data)] = data
        return len(data)

    def _new_member(self) -> Any:
        if self._is_xz:
            return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_LIMIT)
        return zlib.decompressobj(wbits=31) if self._is_gzip else bz2.BZ2Decompressor()

    def _decompress(self, size: int) -> bytes:
        while True:
            if self._member.eof:
                # Zeros may pad the members of a file, and more members may follow.
                self._input = (self._member.unused_data or self._read()).lstrip(b"\0")
                if not self._input:
                    return b""
                self._member = self._new_member()
            elif not self._input and (self._is_gzip or self._member.needs_input):
                self._input = self._read()
                if not self._input:
                    raise EOFError("it ends too early")
            data: bytes = self._member.decompress(self._input, size)
            # lzma and bz2 keep the input that they have not used, zlib hands it back.
            self._input = self._member.unconsumed_tail if self._is_gzip else b""
            if data:
                return data

    def _read(self) -> bytes:
        data = self._stream.read(_READ_SIZE)
        self._bytes_in += len(data)
        return data


def unpack_brotli(data: bytes) -> bytes:
    """Return what Brotli packed; data that are not packed are returned as they are.

    Tools that undo a coding often leave the field that names it.

    Raises:
        IntakeError: they are cut short, or unfold too far.
    """
    decompressor, content = brotli.Decompressor(), bytearray()
    try:
        part = decompressor.process(data, output_buffer_limit=_READ_SIZE)
        while part:
            content += part
            part = decompressor.process(b"", output_buffer_limit=_READ_SIZE)
            if len(content) > RECORD_LIMIT:
                raise IntakeError(f"is larger than {RECORD_LIMIT} bytes")
    except brotli.error:
        return data
    if not decompressor.is_finished():
        raise IntakeError("is damaged (Brotli data that are cut short)")
    return bytes(content)
