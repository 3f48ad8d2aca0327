"""The pointer to an index on a cluster: the file `index.json` of a generation folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from archive.errors import (
    AnalyzerChangedError,
    DamagedError,
    EngineError,
    write_failures_as,
)
from archive.files.atomic_files import replace_file
from archive.files.json_records import decode_json_record, read_json_record
from indexer.analysis.analyzer import ANALYZER
from indexer.opensearch_engine.location import EngineLocation, parse_location

POINTER: Final = "index.json"
"""The name of the file, which is also that of the embedded engine's manifest."""

ENGINE: Final = "opensearch"
"""The value of `engine` in a pointer of this engine."""

FORMAT: Final = "opensearch-4"
"""The version of mapping and records; an index of another one has to be rebuilt."""

MAX_POINTER_SIZE: Final = 64 << 10
"""Bytes of a pointer that are read; a larger file is none."""

_INDEX: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,199}")
_LAST_NUMBER: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class IndexPointer:
    """The index of a generation on a cluster, and what it held at its last commit.

    Attributes:
        location: the cluster, as `EngineLocation` writes it.
        index: the name of the index there.
        sequence: the last number of the store's change sequence that the index includes.
        documents: documents of the index.
        is_unmerged: whether the merge after the rebuild was not brought to its end, so that the
            index takes up to twice the disk. Pointers of earlier programs do not say.
    """

    location: str
    index: str
    sequence: int = 0
    documents: int = 0
    is_unmerged: bool = False
    analyzer: str = ANALYZER
    format: str = FORMAT
    engine: str = ENGINE

    def __post_init__(self) -> None:
        """Refuse numbers and names that no index has."""
        if not _INDEX.fullmatch(self.index):
            raise ValueError(f"{self.index[:80]!r} is no name of an index")
        if not (0 <= self.sequence <= _LAST_NUMBER and 0 <= self.documents <= _LAST_NUMBER):
            raise ValueError("a number is out of range")

    @property
    def parsed_location(self) -> EngineLocation:
        """Return the location; raises `EngineError` where it is none."""
        return parse_location(self.location)


@dataclass(frozen=True, slots=True)
class _PointerStamp:
    """The keys of a pointer that say whether the others can be read."""

    engine: str
    format: str = ""
    analyzer: str = ""


@dataclass(frozen=True, slots=True)
class _MergeStamp:
    """The key of a pointer that says what the merge left."""

    is_unmerged: bool = False


def names_cluster_index(folder: Path) -> bool:
    """Tell whether the index of a folder is on a cluster; a damaged file is on none."""
    try:
        stamp = read_json_record(folder / POINTER, _PointerStamp, MAX_POINTER_SIZE)
    except (OSError, DamagedError):
        return False
    return stamp.engine == ENGINE


def names_unmerged_index(folder: Path) -> bool:
    """Tell whether the merge of a folder's index was not brought to its end, as far as it says."""
    try:
        stamp = read_json_record(folder / POINTER, _MergeStamp, MAX_POINTER_SIZE)
    except (OSError, DamagedError):
        return False
    return stamp.is_unmerged


def read_pointer(folder: Path) -> IndexPointer:
    """Read the pointer in a folder.

    Raises:
        AnalyzerChangedError: the index was made by another analyzer or format.
        EngineError: it is missing or damaged.
    """
    path = folder / POINTER
    try:
        content = bytes(read_json_record(path, msgspec.Raw, MAX_POINTER_SIZE))
        stamp = decode_json_record(content, _PointerStamp)
        if (stamp.engine, stamp.format, stamp.analyzer) != (ENGINE, FORMAT, ANALYZER):
            raise AnalyzerChangedError(
                f"the index in {folder} was made by engine {stamp.engine[:80]!r}, format "
                f"{stamp.format[:80]!r} and analyzer {stamp.analyzer[:80]!r}, this program has "
                f"{ENGINE!r}, {FORMAT!r} and {ANALYZER!r}; run `tangthu rebuild`"
            )
        pointer = decode_json_record(content, IndexPointer)
        parse_location(pointer.location)
    except FileNotFoundError as error:
        raise EngineError(f"there is no index in {folder}; run `tangthu rebuild`") from error
    except OSError as error:
        raise EngineError(f"the index in {folder} cannot be read: {error}") from error
    except DamagedError as error:
        raise EngineError(f"{path} is damaged ({error}); run `tangthu rebuild`") from error
    return pointer


def write_pointer(folder: Path, pointer: IndexPointer) -> None:
    """Replace the pointer of a folder, which is made if it is missing, durably and at once.

    Raises:
        EngineError: the disk refuses it.
    """
    with write_failures_as(EngineError, folder / POINTER):
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / POINTER, msgspec.json.encode(pointer, order="sorted"))
