"""Compressed files read as they are needed, with a bound on how far they may swell."""

from __future__ import annotations

import io
import lzma
import zlib
from typing import IO, Any, Protocol

from archive.errors import IntakeError

GZIP = b"\x1f\x8b"
XZ = b"\xfd7zXZ\x00"

SWELLING = 300
"""Times that a file may swell once it is past 64 MiB; news in xz swells four to ten times."""

_FREE = 64 << 20
_MEMORY = 256 << 20
"""Bytes that an xz file may ask for; `xz -9` asks for 65 MiB."""

_PIECE = 1 << 16


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, size: int, /) -> bytes: ...


def decompressed(stream: IO[bytes]) -> IO[bytes]:
    """The stream itself, or what is in it when it is compressed with gzip or xz.

    What is read from it raises IntakeError where the compression is damaged, cut short, asks for
    too much memory, or swells as no text does.
    """
    head = bytes(_peek(stream)[:6])
    if head.startswith((GZIP, XZ)):
        return io.BufferedReader(_Swelling(stream, head.startswith(XZ)), 1 << 18)
    return stream


def is_compressed(head: bytes) -> bool:
    """Whether some first bytes are those of gzip or xz."""
    return head.startswith((GZIP, XZ))


def _peek(stream: Any) -> bytes:
    return bytes(stream.peek(6))


class _Swelling(io.RawIOBase):
    """Decompresses piece by piece, one member after another."""

    def __init__(self, stream: IO[bytes], xz: bool) -> None:
        self._stream, self._xz = stream, xz
        self._of: _Decompressor = self._new()
        self._waiting = b""
        self._taken = self._given = 0
        self._begun = False

    def readable(self) -> bool:
        """True: it can only be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what comes next; 0 at the end.

        Raises:
            IntakeError: the data are damaged, cut short, or swell too far.
        """
        try:
            data = self._next(min(len(buffer), 1 << 20))
        except (lzma.LZMAError, zlib.error, EOFError) as error:
            raise IntakeError(f"is damaged or cut short ({error})") from error
        self._given += len(data)
        if self._given > _FREE and self._given > SWELLING * self._taken:
            raise IntakeError(f"swells more than {SWELLING} times: that is no text")
        buffer[: len(data)] = data
        return len(data)

    def _new(self) -> Any:
        if self._xz:
            return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)
        return _Gzip()

    def _next(self, size: int) -> bytes:
        while True:
            if self._of.eof:
                # Zeros may pad the members of a file, and more members may follow.
                self._waiting = (self._of.unused_data or self._read()).lstrip(b"\0")
                if not self._waiting:
                    return b""
                self._of, self._begun = self._new(), False
            elif not self._waiting and self._wants_more():
                self._waiting = self._read()
                if not self._waiting:
                    raise EOFError("it ends too early")
            data = self._of.decompress(self._waiting, size)
            self._waiting, self._begun = b"", True
            if data:
                return data

    def _wants_more(self) -> bool:
        return not self._begun or bool(getattr(self._of, "needs_input", True))

    def _read(self) -> bytes:
        piece = self._stream.read(_PIECE)
        self._taken += len(piece)
        return piece


class _Gzip:
    """zlib's decompressor in the manner of lzma's: it keeps what it could not give yet."""

    def __init__(self) -> None:
        self._of = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._of.eof

    @property
    def unused_data(self) -> bytes:
        return self._of.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._of.unconsumed_tail

    def decompress(self, data: bytes, size: int, /) -> bytes:
        return self._of.decompress(self._of.unconsumed_tail + data, size)
