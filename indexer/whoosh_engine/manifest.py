"""What an index folder holds, written as JSON: nothing of ours is ever pickled."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archive.errors import AnalyzerChangedError, EngineError
from indexer.analysis import ANALYZER

MANIFEST = "index.json"
"""The one file of an index folder that is ever replaced; it names all the others."""

LARGEST_MANIFEST = 256 << 20
"""Bytes of a manifest that are read; a larger one is refused."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One commit of an index.

    Attributes:
        sequence: the last number of the store's change sequence that the index includes.
        documents: live documents.
        segments: what the codec needs to open each segment, as plain JSON values.
    """

    format: str
    analyzer: str
    sequence: int = 0
    documents: int = 0
    segments: tuple[dict[str, Any], ...] = ()


def read_manifest(folder: Path, file_format: str) -> Manifest:
    """The last commit of the index in a folder.

    Raises:
        AnalyzerChangedError: it was made by another analyzer or file format.
        EngineError: it is not there or damaged.
    """
    path = folder / MANIFEST
    try:
        if path.stat().st_size > LARGEST_MANIFEST:
            raise EngineError(f"{path} is too large; run `tangthu rebuild`")
        record = json.loads(path.read_bytes())
        manifest = Manifest(**{**record, "segments": tuple(record["segments"])})
    except FileNotFoundError as error:
        raise EngineError(f"there is no index in {folder}; run `tangthu rebuild`") from error
    except OSError as error:
        raise EngineError(f"the index in {folder} cannot be read: {error}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise EngineError(f"{path} is damaged ({error}); run `tangthu rebuild`") from error
    if (manifest.format, manifest.analyzer) != (file_format, ANALYZER):
        raise AnalyzerChangedError(
            f"the index in {folder} was made by format {manifest.format!r} and analyzer "
            f"{manifest.analyzer!r}, this program has {file_format!r} and {ANALYZER!r}; "
            "run `tangthu rebuild`"
        )
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest at once: after a crash the folder holds the old one or the new one."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, separators=(",", ":"))
    beside = folder / f".{MANIFEST}.new"
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / MANIFEST)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Make the bytes of a file survive a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
