"""Digests of the files in a folder, as manifests of generations and checkpoints record them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from archive.files.atomic_files import file_digest, sync_file
from archive.files.plain_files import is_plain_file

FileName = Annotated[str, Meta(pattern=r"^(?!\.{1,2}$)[^/\\]+$")]
"""The name of a file in a folder: a record that leads elsewhere does not decode."""

HexDigest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
FileSize = Annotated[int, Meta(ge=0)]


@dataclass(frozen=True, slots=True)
class FileRecord:
    """SHA-256 (hexadecimal) and size in bytes of a finished file."""

    sha256: HexDigest
    size: FileSize


FileRecords = dict[FileName, FileRecord]


def record_durably(path: Path) -> FileRecord:
    """Sync a finished file, and return the record of its bytes."""
    sync_file(path)
    return FileRecord(file_digest(path), path.stat().st_size)


def damaged_files(folder: Path, records: FileRecords) -> list[str]:
    """Return the names of the files that are missing or differ from their records."""
    return [name for name, record in records.items() if not _is_intact(folder / name, record)]


def _is_intact(path: Path, record: FileRecord) -> bool:
    try:
        if not is_plain_file(path):
            return False
        return path.stat().st_size == record.size and file_digest(path) == record.sha256
    except OSError:
        return False
