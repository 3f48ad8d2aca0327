"""The manifest of an index folder: its segments, in JSON; nothing of ours is ever pickled."""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from archive.errors import AnalyzerChangedError, DamagedError, EngineError
from archive.files.atomic_files import replace_file, sync_folder
from archive.files.json_records import decode_json_record, read_json_record
from indexer.analysis.analyzer import ANALYZER

MANIFEST: Final = "index.json"
"""The one file of an index folder that is ever replaced; it names all the others."""

FORMAT: Final = "arrays-2"
"""The version of the files; an index of another one has to be rebuilt."""

MAX_MANIFEST_SIZE: Final = 256 << 20
"""Bytes of a manifest that are read; a larger one is refused."""

SEGMENT_EXTENSION: Final = ".arrays"
"""The extension of the one file of a segment."""

_NAME: Final = re.compile(r"\w+", re.ASCII)


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """The manifest's entry of a segment.

    Attributes:
        check: the check value of its file (`write_arrays`).
        documents: all documents, the deleted ones included.
        deleted: numbers of the deleted ones, ascending.
        words: words of all texts, for the merge policy.
    """

    name: str
    check: int
    documents: int
    words: int = 0
    deleted: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse names that lead out of the folder, and deleted documents that are none."""
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name of a segment")
        numbers = itertools.pairwise((-1, *self.deleted, self.documents))
        if any(number >= successor for number, successor in numbers):
            raise ValueError(f"the deleted documents of {self.name} are out of order")

    @property
    def live_documents(self) -> int:
        """Return the number of documents that are not deleted."""
        return self.documents - len(self.deleted)

    @property
    def file(self) -> str:
        """Return the name of its file."""
        return self.name + SEGMENT_EXTENSION


@dataclass(frozen=True, slots=True)
class IndexManifest:
    """One commit of an index.

    Attributes:
        sequence: the last number of the store's change sequence that the index includes.
        documents: live documents.
    """

    format: str = FORMAT
    analyzer: str = ANALYZER
    sequence: int = 0
    documents: int = 0
    segments: tuple[SegmentEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class _ManifestStamp:
    """The keys of a manifest that say whether the others can be read."""

    format: str
    analyzer: str
    check: int | None = None


def read_manifest(folder: Path, file_format: str = FORMAT) -> IndexManifest:
    """Read the last commit of the index in a folder.

    Raises:
        AnalyzerChangedError: the index was made by another analyzer or file format.
        EngineError: it is missing or damaged.
    """
    path = folder / MANIFEST
    try:
        content = bytes(read_json_record(path, msgspec.Raw, MAX_MANIFEST_SIZE))
        stamp = decode_json_record(content, _ManifestStamp)
        if (stamp.format, stamp.analyzer) != (file_format, ANALYZER):
            raise AnalyzerChangedError(
                f"the index in {folder} was made by format {stamp.format!r} and analyzer "
                f"{stamp.analyzer!r}, this program has {file_format!r} and {ANALYZER!r}; "
                "run `tangthu rebuild`"
            )
        manifest = decode_json_record(content, IndexManifest)
    except FileNotFoundError as error:
        raise EngineError(f"there is no index in {folder}; run `tangthu rebuild`") from error
    except OSError as error:
        raise EngineError(f"the index in {folder} cannot be read: {error}") from error
    except DamagedError as error:
        raise EngineError(f"{path} is damaged ({error}); run `tangthu rebuild`") from error
    if stamp.check != _checksum(manifest):
        raise EngineError(f"{path} does not match its checksum; run `tangthu rebuild`")
    return manifest


def write_manifest(folder: Path, manifest: IndexManifest) -> None:
    """Replace the manifest at once: after a crash the folder holds the old one or the new one."""
    record = msgspec.to_builtins(manifest) | {"check": _checksum(manifest)}
    replace_file(folder / MANIFEST, msgspec.json.encode(record, order="sorted"))


def commit_segments(folder: Path, entries: Iterable[SegmentEntry], sequence: int) -> None:
    """Make segments, whose files are in the folder, the durable content of the index."""
    segments = tuple(entries)
    documents = sum(entry.live_documents for entry in segments)
    sync_folder(folder)
    write_manifest(folder, IndexManifest(sequence=sequence, documents=documents, segments=segments))


def _checksum(manifest: IndexManifest) -> int:
    """Return the CRC-32 of the manifest's JSON with sorted keys and without white space."""
    return zlib.crc32(msgspec.json.encode(manifest, order="sorted"))
