"""What an index folder holds, written as JSON: nothing of ours is ever pickled."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from archive.atomic_files import replace_file
from archive.errors import AnalyzerChangedError, EngineError
from indexer.analysis.analyzer import ANALYZER

MANIFEST = "index.json"
"""The one file of an index folder that is ever replaced; it names all the others."""

FORMAT: Final = "arrays-1"
"""The version of the files; an index of another one has to be rebuilt."""

LARGEST_MANIFEST = 256 << 20
"""Bytes of a manifest that are read; a larger one is refused."""


@dataclass(frozen=True, slots=True)
class IndexManifest:
    """One commit of an index.

    Attributes:
        sequence: the last number of the store's change sequence that the index includes.
        documents: live documents.
        segments: what the codec needs to open each segment, as plain JSON values.
    """

    format: str = FORMAT
    analyzer: str = ANALYZER
    sequence: int = 0
    documents: int = 0
    segments: tuple[dict[str, Any], ...] = ()


def read_manifest(folder: Path, file_format: str = FORMAT) -> IndexManifest:
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
        _refuse_others(folder, record, file_format)
        if record.pop("check") != _check(record):
            raise EngineError(f"{path} does not match its checksum; run `tangthu rebuild`")
        manifest = IndexManifest(**{**record, "segments": tuple(record["segments"])})
    except FileNotFoundError as error:
        raise EngineError(f"there is no index in {folder}; run `tangthu rebuild`") from error
    except OSError as error:
        raise EngineError(f"the index in {folder} cannot be read: {error}") from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise EngineError(f"{path} is damaged ({error}); run `tangthu rebuild`") from error
    return manifest


def _refuse_others(folder: Path, record: dict[str, Any], file_format: str) -> None:
    made = record["format"], record["analyzer"]
    if made != (file_format, ANALYZER):
        raise AnalyzerChangedError(
            f"the index in {folder} was made by format {made[0]!r} and analyzer {made[1]!r}, "
            f"this program has {file_format!r} and {ANALYZER!r}; run `tangthu rebuild`"
        )


def write_manifest(folder: Path, manifest: IndexManifest) -> None:
    """Replace the manifest at once: after a crash the folder holds the old one or the new one."""
    record = asdict(manifest)
    text = _text(record | {"check": _check(record)})
    replace_file(folder / MANIFEST, text)


def _text(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _check(record: dict[str, Any]) -> int:
    return zlib.crc32(_text(record).encode())
