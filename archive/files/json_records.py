"""JSON files read defensively: bounded, decoded into a typed record, one error for all damage."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from archive.errors import DamagedError
from archive.files.plain_files import open_plain_file

Record = TypeVar("Record")


def read_json_record(path: Path, record_type: type[Record], limit: int) -> Record:
    """Read a JSON file as a record: a dataclass, a msgspec struct, or a builtin generic type.

    Args:
        path: the file.
        record_type: what the file has to hold; values of other types are damage.
        limit: bytes that the file may have.

    Raises:
        OSError: the file is missing (`FileNotFoundError`) or cannot be read.
        DamagedError: it is too large, no JSON, or another record.
    """
    with open_plain_file(path) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise DamagedError(f"{path} is larger than {limit} bytes")
    try:
        return decode_json_record(content, record_type)
    except DamagedError as error:
        raise DamagedError(f"{path} is damaged: {error}") from error


def decode_json_record(content: bytes | str, record_type: type[Record]) -> Record:
    """Decode JSON as a record.

    Raises:
        DamagedError: the content is no JSON, or another record.
    """
    try:
        return msgspec.json.decode(content, type=record_type)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise DamagedError(str(error)) from error
