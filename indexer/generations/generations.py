"""Generations of the index: folders that never change once published, and a pointer to one.

A generation is built beside the live one, its files are made durable and described in a manifest
(SHA-256 and size of each), and only then one atomic rename moves the pointer `CURRENT`. An
incremental update is a new generation too: it begins with hard links to the files of its base,
and since an engine never changes a file of a committed segment, the base stays as it was. So a
crash at any moment leaves the old generation or the new one, and going back is one rename.

An index on a cluster is in no folder: a pointer to it is, beside the derived data. An update
changes such an index in place, at once for every reader, and makes a generation of the changed
derived data that shares it. Going back and removing count indexes, then, not generations.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from archive.catalogue.home_identity import read_identity
from archive.errors import (
    ArchiveError,
    DamagedError,
    EngineError,
    NoIndexError,
    NotFoundError,
    write_failures_as,
)
from archive.files.atomic_files import link_or_copy, replace_file, sync_folder
from archive.files.json_records import read_json_record
from archive.files.plain_files import open_plain_file
from archive.records import utc_now
from archive.store import Store
from indexer.engine.records import EngineHealth, EngineStatus
from indexer.engine_factory import (
    announce_index,
    engine_health,
    index_address,
    index_files,
    is_unmerged,
    open_engine,
    remove_index,
)
from indexer.generations.file_digests import FileRecord, FileRecords, damaged_files, record_durably

MANIFEST = "generation.json"
_POINTER = "CURRENT"
_NAME = re.compile(r"[0-9]{6,12}")
_FORMAT = 1
_LONGEST_POINTER = 64
_LARGEST_MANIFEST = 64 << 20
Result = TypeVar("Result")


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
        return self.read_current(lambda generation: generation)

    def read_current(self, read: Callable[[Generation], Result]) -> Result:
        """Return what is read of the generation that is served, without the writer lock.

        Another process may publish a newer one at any moment, and remove this one: what cannot be
        read of a generation that is gone is read of the one in its place.

        Raises:
            NoIndexError: nothing was published yet.
        """
        while True:
            name = self.current_name()
            try:
                return read(self.get(name))
            except (ArchiveError, OSError):
                if self.is_published(name) or self.current_name() == name:
                    raise

    def is_published(self, name: str) -> bool:
        """Tell whether a generation is there, and is not being removed."""
        return (self._folders / name / MANIFEST).is_file()

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
        if not _NAME.fullmatch(name) or not self.is_published(name):
            raise NotFoundError(name, f"there is no generation {name!r}; run `tangthu rebuild`")
        if folder.is_symlink():
            raise EngineError(f"{folder} is a link; run `tangthu rebuild`")
        return Generation(name, folder, _read_manifest(folder / MANIFEST))

    def names(self) -> list[str]:
        """Return the names of the published generations, oldest first."""
        names = sorted(path.parent.name for path in self._folders.glob(f"*/{MANIFEST}"))
        return [name for name in names if _NAME.fullmatch(name)]

    def find_damaged(self) -> dict[str, str]:
        """Read every byte of all generations; return those that are damaged, with the reason.

        What another process removes meanwhile is not damaged.
        """
        reasons = {name: self._find_damage(name) for name in self.names()}
        return {
            name: reason for name, reason in reasons.items() if reason and self.is_published(name)
        }

    def _find_damage(self, name: str) -> str:
        try:
            damaged = check_files(self.get(name))
        except (ArchiveError, OSError) as error:
            return str(error)
        return f"{damaged[0]} is not what was published" if damaged else ""

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
            announce_index(index_address(folder))
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

        Those that share the current one's index are passed over: it is no older in them.

        Raises:
            NotFoundError: there is none.
            EngineError: it is damaged, or this program cannot open it.
        """
        current = self.current()
        address = index_address(current.folder)
        older = [
            name
            for name in self.names()
            if name < current.name and not (address and self._address(name) == address)
        ]
        if not older:
            raise NotFoundError("previous", "there is no older generation to go back to")
        generation = self.get(older[-1])
        if check_files(generation):
            raise EngineError(
                f"generation {generation.name} is damaged, {current.name} stays; "
                "run `tangthu verify --repair`"
            )
        try:
            index_files(index_address(generation.folder)).check(generation.folder)
            open_engine(generation.folder).close()
        except EngineError as error:
            raise EngineError(
                f"generation {generation.name} cannot be opened, {current.name} stays: {error}"
            ) from error
        announce_index(index_address(generation.folder))
        self._point_to(generation.name)
        return generation

    def addresses(self) -> set[str]:
        """Return the addresses of the indexes on clusters that generations here point to.

        Those of generations that were refused are among them.
        """
        published = [self._folders / name for name in self.names()]
        folders = [*published, *(self._path / "refused").glob("*")]
        return {address for folder in folders if (address := _address_of(folder))}

    def prune(self, keep: int) -> None:
        """Remove all published generations but the `keep` newest, and never the current one.

        Of the `keep` newest indexes that generations share, the newest generation stays as well.
        """
        names = self.names()
        staying = {self.current_name(), *names[-keep:]}
        by_index = {self._address(name) or name: name for name in names}
        staying.update(sorted(by_index.values())[-keep:])
        for name in names:
            if name not in staying:
                self.remove(name)

    def remove(self, name: str) -> None:
        """Remove a generation that is not served, and its index where no other one has it."""
        address = self._address(name)
        # Without its manifest a half-removed folder counts as unpublished: `begin` removes it.
        (self._folders / name / MANIFEST).unlink()
        shutil.rmtree(self._folders / name)
        if address and address not in self.addresses():
            # Where its cluster is away, the next rebuild there deletes it.
            with suppress(EngineError):
                remove_index(address, self._owner())

    def _address(self, name: str) -> str:
        return _address_of(self._folders / name)

    def _owner(self) -> str:
        return read_identity(self._path.parent)

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


def read_engine_health(store: Store) -> EngineHealth:
    """Return the state of the servers of the current generation's index.

    Raises:
        EngineError: its pointer is damaged.
    """
    try:
        generations = Generations(store.home / "index")
        return generations.read_current(lambda current: engine_health(current.folder))
    except (NoIndexError, NotFoundError):
        return EngineHealth()


def has_unmerged_index(store: Store) -> bool:
    """Tell whether the live index takes up to twice the disk, since its merge did not end."""
    with suppress(NoIndexError, NotFoundError):
        return is_unmerged(Generations(store.home / "index").current().folder)
    return False


def check_files(generation: Generation) -> list[str]:
    """Return the names of a generation's files that its manifest does not describe as they are.

    They are missing or another's, or nothing is recorded of them.
    """
    records = generation.manifest.files
    present = {path.name for path in generation.folder.iterdir()}
    unrecorded = present - records.keys() - {MANIFEST}
    return damaged_files(generation.folder, records) + sorted(unrecorded)


def _address_of(folder: Path) -> str:
    """Return the address of a folder's index; empty also where the pointer to it is damaged."""
    try:
        return index_address(folder)
    except EngineError:
        return ""


def _read_manifest(path: Path) -> GenerationManifest:
    try:
        manifest = read_json_record(path, GenerationManifest, _LARGEST_MANIFEST)
    except (OSError, DamagedError) as error:
        raise EngineError(f"{error}; run `tangthu rebuild`") from error
    if manifest.format != _FORMAT:
        raise EngineError(f"{path} has format {manifest.format}; run `tangthu rebuild`")
    return manifest
