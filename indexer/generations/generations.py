"""Generations of the index: folders that never change once published, and a pointer to one.

A generation is built beside the live one, its files are made durable and described in a manifest
(SHA-256 and size of each), and only then one atomic rename moves the pointer `CURRENT`. An
incremental update is a new generation too: it begins with hard links to the files of its base,
and since an engine never changes a file of a committed segment, the base stays as it was. So a
crash at any moment leaves the old generation or the new one, and going back is one rename.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from archive.atomic_files import link_or_copy, replace_file, sync_folder
from archive.errors import (
    DamagedError,
    EngineError,
    NoIndexError,
    NotFoundError,
    write_failures_as,
)
from archive.json_records import read_json_record
from archive.plain_files import open_plain_file
from archive.records import utc_now
from archive.store import Store
from indexer.engine.records import EngineStatus
from indexer.engine_factory import index_files, open_engine
from indexer.generations.file_digests import FileRecord, FileRecords, damaged_files, record_durably

MANIFEST = "generation.json"
_POINTER = "CURRENT"
_NAME = re.compile(r"[0-9]{6,12}")
_FORMAT = 1
_LONGEST_POINTER = 64
_LARGEST_MANIFEST = 64 << 20


@dataclass(frozen=True, slots=True)
class GenerationManifest:
    """The content of a generation; `sequence` is the last change of the store it includes."""

    format: int
    analyzer: str
    documents: int
    sequence: int
    made: str
    files: FileRecords


@dataclass(frozen=True, slots=True)
class Generation:
    """One published generation."""

    name: str
    folder: Path
    manifest: GenerationManifest


@dataclass(frozen=True, slots=True)
class IndexState:
    """The current generation of an archive; its name is empty when nothing was published yet."""

    generation: str
    documents: int
    sequence: int
    analyzer: str


class Generations:
    """The generations in one folder; whoever changes them holds the archive's writer lock.

    Attributes:
        pointer: the file that names the current generation.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folders = path / "generations"
        self.pointer = path / _POINTER

    def current(self) -> Generation:
        """Return the generation that is served.

        Raises:
            NoIndexError: nothing was published yet.
            EngineError: its manifest is damaged.
        """
        return self.get(self.current_name())

    def current_name(self) -> str:
        """Return the name of the generation that is served, without a look at its folder.

        Raises:
            NoIndexError: nothing was published yet.
            EngineError: the pointer cannot be read.
        """
        try:
            with open_plain_file(self.pointer) as file:
                return file.read(_LONGEST_POINTER).decode("ascii").removesuffix("\n")
        except FileNotFoundError:
            raise NoIndexError("there is no index yet; run `tangthu rebuild`") from None
        except (OSError, UnicodeDecodeError) as error:
            raise EngineError(f"{self.pointer} cannot be read: {error}") from error

    def get(self, name: str) -> Generation:
        """Return the published generation of a name.

        Raises:
            NotFoundError: there is none.
            EngineError: its manifest is damaged.
        """
        folder = self._folders / name
        if not _NAME.fullmatch(name) or not (folder / MANIFEST).is_file():
            raise NotFoundError(name, f"there is no generation {name!r}; run `tangthu rebuild`")
        if folder.is_symlink():
            raise EngineError(f"{folder} is a link; run `tangthu rebuild`")
        return Generation(name, folder, _read_manifest(folder / MANIFEST))

    def names(self) -> list[str]:
        """Return the names of the published generations, oldest first."""
        names = sorted(path.parent.name for path in self._folders.glob(f"*/{MANIFEST}"))
        return [name for name in names if _NAME.fullmatch(name)]

    def find_damaged(self) -> dict[str, str]:
        """Read every byte of all generations; return those that are damaged, with the reason."""
        reasons: dict[str, str] = {}
        for name in self.names():
            try:
                damaged = check_files(self.get(name))
            except EngineError as error:
                reasons[name] = str(error)
            else:
                if damaged:
                    reasons[name] = f"{damaged[0]} is not what was published"
        return reasons

    def begin(self, base: Generation | None = None) -> Path:
        """Make a folder to build in: empty, or with the files of `base` as hard links.

        Folders that killed builds left behind are removed.
        """
        with write_failures_as(EngineError, self._folders):
            self._folders.mkdir(parents=True, exist_ok=True)
            for path in list(self._folders.iterdir()):
                if path.is_dir() and not (path / MANIFEST).exists():
                    shutil.rmtree(path)
            names = [int(path.name) for path in self._folders.iterdir() if path.name.isdecimal()]
            folder = self._folders / f"{max(names, default=0) + 1:06}"
            folder.mkdir()
            if base:
                for name in base.manifest.files:
                    link_or_copy(base.folder / name, folder / name)
        return folder

    def publish(self, folder: Path, status: EngineStatus, base: Generation | None) -> Generation:
        """Make a finished folder durable, describe it, and point to it.

        Args:
            folder: an index that `begin` made the folder of.
            status: what the engine says of that index.
            base: the generation whose files it shares; their digests are not computed again.

        Raises:
            EngineError: something cannot be written, or cannot be read back; the old index stays.
        """
        try:
            manifest = GenerationManifest(
                _FORMAT,
                status.analyzer,
                status.documents,
                status.sequence,
                utc_now().isoformat(),
                self._record_files(folder, base),
            )
            text = json.dumps(asdict(manifest), indent=1, sort_keys=True)
            replace_file(folder / MANIFEST, text)
            sync_folder(folder)
            sync_folder(self._folders)
            if _read_manifest(folder / MANIFEST) != manifest:
                raise EngineError(f"{folder / MANIFEST} is not what was written; the disk fails")
            self._point_to(folder.name)
        except OSError as error:
            raise EngineError(f"cannot publish {folder}: {error}; the old index stays") from error
        return Generation(folder.name, folder, manifest)

    def set_aside(self, folder: Path, reason: str) -> str:
        """Move a folder that must not be published out of the way, for the operator to look at.

        Only the last one stays. Returns its new path, or its old one with the reason why it could
        not be moved.
        """
        target = self._path / "refused" / folder.name
        try:
            shutil.rmtree(target.parent, ignore_errors=True)
            target.parent.mkdir()
            folder.rename(target)
            (target / "why.txt").write_text(reason + "\n", encoding="utf-8")
        except OSError as error:
            return f"{folder} ({target} cannot be made: {error.strerror})"
        return str(target)

    def rollback(self) -> Generation:
        """Point to the generation before the current one, and return it.

        Raises:
            NotFoundError: there is none.
            EngineError: it is damaged, or this program cannot open it.
        """
        current = self.current()
        older = [name for name in self.names() if name < current.name]
        if not older:
            raise NotFoundError("previous", "there is no older generation to go back to")
        generation = self.get(older[-1])
        if check_files(generation):
            raise EngineError(
                f"generation {generation.name} is damaged, {current.name} stays; "
                "run `tangthu verify --repair`"
            )
        try:
            index_files().check(generation.folder)
            open_engine(generation.folder).close()
        except EngineError as error:
            raise EngineError(
                f"generation {generation.name} cannot be opened, {current.name} stays: {error}"
            ) from error
        self._point_to(generation.name)
        return generation

    def prune(self, keep: int) -> None:
        """Remove all published generations but the `keep` newest, and never the current one."""
        current = self.current_name()
        names = self.names()
        for name in names[: max(0, len(names) - keep)]:
            if name != current:
                self.remove(name)

    def remove(self, name: str) -> None:
        """Remove a generation that is not served."""
        # Without its manifest a half-removed folder counts as unpublished: `begin` removes it.
        (self._folders / name / MANIFEST).unlink()
        shutil.rmtree(self._folders / name)

    def _point_to(self, name: str) -> None:
        replace_file(self.pointer, name + "\n")

    def _record_files(self, folder: Path, base: Generation | None) -> FileRecords:
        """Sync and digest the files of a new generation, but for those linked from its base."""
        records: dict[str, FileRecord] = {}
        for path in sorted(folder.iterdir()):
            base_record = base.manifest.files.get(path.name) if base else None
            if base and base_record and path.samefile(base.folder / path.name):
                records[path.name] = base_record
            else:
                records[path.name] = record_durably(path)
        return records


def read_index_state(store: Store) -> IndexState:
    """Return what the current generation of an archive holds.

    Raises:
        EngineError: its manifest is damaged.
    """
    try:
        current = Generations(store.home / "index").current()
    except NoIndexError:
        return IndexState("", 0, 0, "")
    manifest = current.manifest
    return IndexState(current.name, manifest.documents, manifest.sequence, manifest.analyzer)


def check_files(generation: Generation) -> list[str]:
    """Return the names of a generation's files that its manifest does not describe as they are.

    They are missing or another's, or nothing is recorded of them.
    """
    records = generation.manifest.files
    present = {path.name for path in generation.folder.iterdir()}
    unrecorded = present - records.keys() - {MANIFEST}
    return damaged_files(generation.folder, records) + sorted(unrecorded)


def _read_manifest(path: Path) -> GenerationManifest:
    try:
        manifest = read_json_record(path, GenerationManifest, _LARGEST_MANIFEST)
    except (OSError, DamagedError) as error:
        raise EngineError(f"{error}; run `tangthu rebuild`") from error
    if manifest.format != _FORMAT:
        raise EngineError(f"{path} has format {manifest.format}; run `tangthu rebuild`")
    return manifest
