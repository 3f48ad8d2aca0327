"""Files made durable and described: the layer under generations and parts of a build."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.atomic_files import file_digest, sync_file


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a finished file is: its SHA-256 (hexadecimal) and size in bytes."""

    sha256: str
    size: int


def describe_durably(path: Path) -> FileRecord:
    """Make the bytes of a file durable and say what it is."""
    sync_file(path)
    return FileRecord(file_digest(path), path.stat().st_size)


def file_records(files: Any) -> dict[str, FileRecord]:
    """File records as they were written in JSON.

    Raises:
        ValueError: a name would lead out of the folder.
        TypeError, KeyError, AttributeError: they are no such records.
    """
    return {
        _plain_name(name): FileRecord(str(entry["sha256"]), int(entry["size"]))
        for name, entry in files.items()
    }


def damaged_files(folder: Path, files: dict[str, FileRecord]) -> list[str]:
    """The files of a folder that are missing or not what their records say."""
    wrong = []
    for name, record in files.items():
        path = folder / name
        try:
            same = path.stat().st_size == record.size and file_digest(path) == record.sha256
        except OSError:
            same = False
        if not same:
            wrong.append(name)
    return wrong


def _plain_name(name: str) -> str:
    if "/" in name or "\\" in name or name in ("", ".", ".."):
        raise ValueError(f"{name!r} is no file name")
    return name
