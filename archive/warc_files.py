"""The bytes as they came: append-only WARC files (ISO 28500), one gzip member a record."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from warcio.warcwriter import WARCWriter

from archive.atomic_files import sync_folder
from archive.errors import DamagedError, StoreError, describe_write_failure
from archive.records import WarcLocation, sha256

FILE_LIMIT = 1 << 30
"""Bytes after which a new WARC file is begun."""

RECORD_LIMIT = 64 << 20
"""Bytes that one original may have; more is refused, on writing as on reading."""

_DIGEST = "WARC-Payload-Digest"


class Originals:
    """The folder of WARC files of one archive.

    Appending needs the writer lock; reading does not. Records become durable with `sync`.
    """

    def __init__(self, folder: Path, file_limit: int = FILE_LIMIT) -> None:
        self._folder = folder
        self._limit = file_limit
        self._out: BinaryIO | None = None
        self._name = ""

    def append(self, payload: bytes, uri: str, moment: str) -> WarcLocation:
        """Add a resource record; the place is valid, but not durable before `sync`.

        Raises:
            StoreError: the payload is too large or the disk refuses it.
        """
        if len(payload) > RECORD_LIMIT:
            raise StoreError(f"an original of {len(payload)} bytes is over {RECORD_LIMIT}")
        try:
            out = self._writable()
            offset = out.tell()
            _write_record(out, payload, uri, moment)
            return WarcLocation(self._name, offset, out.tell() - offset)
        except OSError as error:
            raise StoreError(describe_write_failure(self._folder / self._name, error)) from error

    def sync(self) -> None:
        """Make every appended record durable."""
        if self._out is not None:
            try:
                self._out.flush()
                os.fsync(self._out.fileno())
            except OSError as error:
                raise StoreError(
                    describe_write_failure(self._folder / self._name, error)
                ) from error

    def read(self, place: WarcLocation, digest: str) -> bytes:
        """The payload of a record, checked against its SHA-256.

        Raises:
            DamagedError: the record cannot be read or is not what was kept.
        """
        path = self._folder / place.file
        try:
            with path.open("rb") as file:
                file.seek(place.offset)
                member = file.read(place.length)
        except OSError as error:
            raise DamagedError(f"{path} cannot be read ({error.strerror}); restore it") from error
        payload = _payload(member)
        if payload is None or sha256(payload) != digest:
            raise DamagedError(
                f"the record at {place.offset} of {path} is damaged; restore it from a backup"
            )
        return payload

    def cut_torn_tails(self, committed: dict[str, int]) -> int:
        """Cut what a crash left half-written after the last committed record of each file.

        Whole records with a right digest stay. Needs the writer lock.

        Args:
            committed: for each file, the offset after its last catalogued record.

        Returns:
            The number of bytes cut.
        """
        cut = 0
        for path in self.files():
            start = min(committed.get(path.name, 0), path.stat().st_size)
            end = max(
                (place.offset + place.length for place, _ in scan_records(path, start)),
                default=start,
            )
            size = path.stat().st_size
            if end < size:
                with path.open("r+b") as file:
                    file.truncate(end)
                    os.fsync(file.fileno())
                cut += size - end
        return cut

    def files(self) -> list[Path]:
        """The WARC files, oldest first."""
        return sorted(self._folder.glob("*.warc.gz"))

    def close(self) -> None:
        """Let go of the file being written."""
        if self._out is not None:
            out, self._out = self._out, None
            try:
                out.close()
            except OSError as error:
                raise StoreError(
                    describe_write_failure(self._folder / self._name, error)
                ) from error

    def _writable(self) -> BinaryIO:
        if self._out is not None and self._out.tell() < self._limit:
            return self._out
        self.sync()
        self.close()
        files = self.files()
        if files and files[-1].stat().st_size < self._limit:
            path = files[-1]
        else:
            path = self._folder / f"tangthu-{len(files) + 1:05}.warc.gz"
        new = not path.exists() or path.stat().st_size == 0
        out = path.open("ab")
        self._out, self._name = out, path.name
        if new:
            _write_info(out, path.name)
            out.flush()
            os.fsync(out.fileno())
            sync_folder(self._folder)
        return out


def scan_records(path: Path, start: int = 0) -> Iterator[tuple[WarcLocation, str]]:
    """The whole records of a file from an offset on, with the digest each one states.

    Ends without an error before the first record that is torn or does not match its digest.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        offset = start
        while offset < size:
            length, member = _member(file, offset)
            if not length:
                return
            digest = _stated_digest(member)
            if digest is None:
                return
            yield WarcLocation(path.name, offset, length), digest
            offset += length


def _member(file: BinaryIO, offset: int) -> tuple[int, bytes]:
    """The compressed length and content of the gzip member at an offset; 0 when it is torn."""
    file.seek(offset)
    inflate = zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    read = inflated = 0
    try:
        while not inflate.eof:
            block = file.read(1 << 16)
            if not block:
                return 0, b""
            read += len(block)
            part = inflate.decompress(block)
            inflated += len(part)
            if inflated > RECORD_LIMIT + (1 << 20):
                return 0, b""
            parts.append(part)
    except zlib.error:
        return 0, b""
    return read - len(inflate.unused_data), b"".join(parts)


def _stated_digest(record: bytes) -> str | None:
    """The digest a whole record states (empty for a file's description); None when it is wrong."""
    head, separator, rest = record.partition(b"\r\n\r\n")
    headers = _headers(head)
    length = headers.get("content-length", "")
    if not separator or not length.isdecimal() or len(rest) != int(length) + 4:
        return None
    if headers.get("warc-type") == "warcinfo":
        return ""
    stated = headers.get(_DIGEST.lower(), "").removeprefix("sha256:")
    return stated if sha256(rest[: int(length)]) == stated else None


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("utf-8", "replace").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _payload(member: bytes) -> bytes | None:
    length, record = _member(io.BytesIO(member), 0)
    if not length or _stated_digest(record) is None:
        return None
    return record.partition(b"\r\n\r\n")[2][:-4]


def _write_record(out: BinaryIO, payload: bytes, uri: str, moment: str) -> None:
    writer = WARCWriter(out, gzip=True)
    digest = f"sha256:{sha256(payload)}"
    record = writer.create_warc_record(
        uri,
        "resource",
        payload=io.BytesIO(payload),
        length=len(payload),
        warc_content_type="application/octet-stream",
        warc_headers_dict={
            _DIGEST: digest,
            "WARC-Block-Digest": digest,
            "WARC-Date": moment,
        },
    )
    writer.write_record(record)


def _write_info(out: BinaryIO, name: str) -> None:
    writer = WARCWriter(out, gzip=True)
    info = {"software": "tangthu", "format": "WARC File Format 1.0"}
    writer.write_record(writer.create_warcinfo_record(name, info))
