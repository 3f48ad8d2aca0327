"""Originals in append-only WARC files (ISO 28500), one gzip member a record.

They are read here, not by warcio, whose reader takes a member whose gzip trailer is torn for a
whole one, so that a record appended after it could not be found again.
"""

from __future__ import annotations

import io
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from archive.errors import DamagedError, StoreError, describe_write_failure, write_failures_as
from archive.files.atomic_files import sync_folder, sync_open_file
from archive.files.plain_files import append_to_plain_file, is_plain_file, open_plain_file
from archive.originals.pieces import ShippedPieces, end_of
from archive.originals.warc_records import (
    RECORD_LIMIT,
    RecordHead,
    WarcRecord,
    inflate_member,
    pack_record,
    read_record,
    write_info,
)
from archive.records import WarcLocation

FILE_LIMIT = 1 << 30
"""Bytes after which a new WARC file is begun."""

_LONGEST_MEMBER = RECORD_LIMIT + (2 << 20)
"""Bytes of the longest record: contents that cannot be compressed grow a little."""

_FILE_PREFIX = "tangthu-"

FILE_NAME = re.compile(_FILE_PREFIX + r"([0-9]{5,9})(-[0-9a-f]{12})?\.warc\.gz")
"""The name of a WARC file with originals, with number and unique part; others hold none."""


class Originals:
    """The folder of WARC files of one archive.

    Appending needs the writer lock; reading does not. Records become durable with `sync`. What is
    no longer in the folder is read from the pieces that were shipped.

    Attributes:
        folder: the folder.
        pieces: the pieces; None for a folder that has all.
    """

    def __init__(
        self,
        folder: Path,
        file_limit: int = FILE_LIMIT,
        *,
        unique_names: bool = False,
        pieces: ShippedPieces | None = None,
    ) -> None:
        """Open; with `unique_names` no other archive ever makes a file of a new one's name."""
        self.folder, self.pieces = folder, pieces
        self._limit, self._unique_names = file_limit, unique_names
        self._out: BinaryIO | None = None
        self._name = ""

    def append(self, payload: bytes, uri: str, moment: str) -> WarcLocation:
        """Append a resource record; its location is valid, but not durable before `sync`.

        Raises:
            StoreError: the payload is too large or the disk refuses it.
        """
        return self.append_record(pack_record(payload, RecordHead(uri, moment)))

    def append_record(self, member: bytes) -> WarcLocation:
        """Append a record that `pack_record` packed, as `append` does.

        Raises:
            StoreError: the disk refuses it.
        """
        try:
            out = self._open_last()
            offset = out.tell()
            out.write(member)
            return WarcLocation(self._name, offset, len(member))
        except OSError as error:
            raise StoreError(describe_write_failure(self.folder / self._name, error)) from error

    def sync(self) -> None:
        """Make every appended record durable."""
        if self._out is not None:
            with write_failures_as(StoreError, self.folder / self._name):
                sync_open_file(self._out)

    def read(self, location: WarcLocation, digest: str) -> bytes:
        """Read the payload of a record and check its SHA-256.

        Raises:
            DamagedError: the record cannot be read or has another digest.
            StorageAwayError: it is in an object storage that cannot be used now.
        """
        return self.read_record(location, digest).payload

    def read_record(self, location: WarcLocation, digest: str) -> WarcRecord:
        """Read a record and check its SHA-256.

        Raises:
            DamagedError: the record cannot be read or has another digest.
            StorageAwayError: it is in an object storage that cannot be used now.
        """
        path = self.folder / location.file
        if not FILE_NAME.fullmatch(location.file):
            raise DamagedError(
                f"the catalogue names {location.file!r}, which is no file of originals; "
                "restore the catalogue from a backup"
            )
        member = self.read_member(location)
        record = read_record(io.BytesIO(member), 0)
        if record is None or record.digest != digest:
            raise DamagedError(
                f"the record at {location.offset} of {path} is damaged; restore it from a backup"
            )
        return record

    def read_member(self, location: WarcLocation) -> bytes:
        """Read the bytes of a record: from the folder, or from a piece where the file is gone.

        Raises:
            DamagedError: they cannot be read.
            StorageAwayError: they are in an object storage that cannot be used now.
        """
        path = self.folder / location.file
        length = min(max(0, location.length), _LONGEST_MEMBER)
        try:
            with open_plain_file(path) as file:
                size = os.fstat(file.fileno()).st_size
                file.seek(min(max(0, location.offset), size))
                return file.read(length)
        except FileNotFoundError as error:
            place = WarcLocation(location.file, location.offset, length)
            member = self.pieces.read(place) if self.pieces else None
            if member is None:
                raise DamagedError(f"{path} is missing; restore it") from error
            return member
        except OSError as error:
            raise DamagedError(f"{path} cannot be read ({error.strerror}); restore it") from error

    def cut_torn_tails(self, committed: dict[str, WarcLocation]) -> int:
        """Cut a record that a crash left torn after the last committed one of each file.

        Whole records with a right digest stay, and so does everything in a file that does not
        have its last committed record: `verify` names it. Needs the writer lock.

        Args:
            committed: the last catalogued record of each file.

        Returns:
            The number of bytes cut.
        """
        cut = 0
        for path in self.files():
            size, last = path.stat().st_size, committed.get(path.name)
            if last and not _has_record(path, last):
                continue
            end = last.offset + last.length if last else 0
            for location, _ in scan_records(path, end):
                end = location.offset + location.length
            if end < size:
                with path.open("r+b") as file:
                    file.truncate(end)
                    sync_open_file(file)
                cut += size - end
        return cut

    def require_records(self, committed: dict[str, WarcLocation]) -> None:
        """Check that the last catalogued record of each file is here.

        Raises:
            StoreError: one is not: the catalogue goes with other files, or some were lost.
        """
        for name, location in committed.items():
            path = self.folder / name
            if not self.has_file(name) and self.pieces and self.pieces.find(location):
                continue
            if not is_plain_file(path) or path.stat().st_size < location.offset + location.length:
                raise StoreError(
                    f"{path} lacks originals that the catalogue names: is this folder a copy, or "
                    "an older one, of the archive's? Restore the file before anything is added"
                )

    def files(self) -> list[Path]:
        """Return the WARC files, oldest first."""
        paths = self.folder.glob("*.warc.gz")
        return sorted(path for path in paths if _is_of_originals(path))

    def has_file(self, name: str) -> bool:
        """Tell whether a WARC file is in the folder, or something else of its name."""
        return os.path.lexists(self.folder / name)

    def special_names(self) -> list[str]:
        """Return the names of originals that are links or no files at all."""
        names = (path.name for path in self.folder.iterdir() if not is_plain_file(path))
        return sorted(name for name in names if FILE_NAME.fullmatch(name))

    def close(self) -> None:
        """Close the file that was appended to."""
        if self._out is not None:
            out, self._out = self._out, None
            with write_failures_as(StoreError, self.folder / self._name):
                out.close()

    def _open_last(self) -> BinaryIO:
        """Open the newest file to append to, or a new one when it is full."""
        if self._out is not None and self._out.tell() < self._limit:
            return self._out
        self.sync()
        self.close()
        path = self._path_to_append()
        out = append_to_plain_file(path)
        self._out, self._name = out, path.name
        if out.tell() == 0:
            write_info(out, path.name)
            sync_open_file(out)
            sync_folder(self.folder)
        return out

    def _path_to_append(self) -> Path:
        """Return the newest file if it has room, else the path of a new one."""
        files = self.files()
        names = [path.name for path in files[-1:]]
        shipped = self.pieces.last_file() if self.pieces else ""
        number = max(
            (int(FILE_NAME.sub(r"\1", name)) for name in [*names, shipped] if name), default=0
        )
        match = FILE_NAME.fullmatch(names[0]) if names else None
        if match and int(match[1]) == number and bool(match[2]) >= self._unique_names:
            size = files[-1].stat().st_size
            # One that is shorter than its pieces lost its end, and they have other bytes there.
            lost = self.pieces is not None and size < end_of(self.pieces.of_file(names[0]))
            if size < self._limit and not lost:
                return files[-1]
        suffix = f"-{secrets.token_hex(6)}" if self._unique_names else ""
        return self.folder / f"{_FILE_PREFIX}{number + 1:05}{suffix}.warc.gz"


def _has_record(path: Path, location: WarcLocation) -> bool:
    with open_plain_file(path) as file:
        length, _ = inflate_member(file, max(0, location.offset))
    return length == location.length


def _is_of_originals(path: Path) -> bool:
    return bool(FILE_NAME.fullmatch(path.name)) and is_plain_file(path)


def scan_records(path: Path, start: int = 0) -> Iterator[tuple[WarcLocation, str]]:
    """Yield the whole records of a file from an offset on, each with the digest of its payload.

    Ends without an error before the first record that is torn or does not match its digest.
    """
    size = path.stat().st_size
    with open_plain_file(path) as file:
        offset = start
        while offset < size and (record := read_record(file, offset)):
            yield WarcLocation(path.name, offset, record.length), record.digest
            offset += record.length


def scan_metadata(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield target and block of the metadata records of a file, up to the first damaged one."""
    with open_plain_file(path) as file:
        offset = 0
        while record := read_record(file, offset):
            if record.digest:
                yield record.uri, record.payload
            offset += record.length
