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
from archive.errors import EngineError, NoIndexError, NotFoundError, describe_write_failure
from archive.records import utc_now
from indexer.engine.records import EngineStatus
from indexer.generations.file_digests import (
    FileRecord,
    damaged_files,
    describe_durably,
    file_records,
)

MANIFEST = "generation.json"
_POINTER = "CURRENT"
_NAME = re.compile(r"[0-9]{6,12}")
_FORMAT = 1
_LARGEST_MANIFEST = 64 << 20


@dataclass(frozen=True, slots=True)
class GenerationManifest:
    """What a generation holds; `sequence` is the last change of the store it includes."""

    format: int
    analyzer: str
    documents: int
    sequence: int
    made: str
    files: dict[str, FileRecord]


@dataclass(frozen=True, slots=True)
class Generation:
    """One published generation."""

    name: str
    folder: Path
    manifest: GenerationManifest


class Generations:
    """The generations in one folder; whoever changes them holds the archive's writer lock."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folders = path / "generations"
        self.pointer = path / _POINTER

    def current(self) -> Generation:
        """The generation that is served.

        Raises:
            NoIndexError: nothing was published yet.
            EngineError: its manifest is damaged.
        """
        return self.named(self.live_name())

    def live_name(self) -> str:
        """The name of the generation that is served, whatever state it is in.

        Raises:
            NoIndexError: nothing was published yet.
            EngineError: the pointer cannot be read.
        """
        try:
            return self.pointer.read_text(encoding="ascii").removesuffix("\n")
        except FileNotFoundError:
            raise NoIndexError("there is no index yet; run `tangthu rebuild`") from None
        except (OSError, UnicodeDecodeError) as error:
            raise EngineError(f"{self.pointer} cannot be read: {error}") from error

    def named(self, name: str) -> Generation:
        """The published generation of this name.

        Raises:
            NotFoundError: there is none.
            EngineError: its manifest is damaged.
        """
        folder = self._folders / name
        if not _NAME.fullmatch(name) or not (folder / MANIFEST).is_file():
            raise NotFoundError(name, f"there is no generation {name!r}; run `tangthu rebuild`")
        return Generation(name, folder, _read_manifest(folder / MANIFEST))

    def names(self) -> list[str]:
        """The names of the published generations, oldest first."""
        names = sorted(path.parent.name for path in self._folders.glob(f"*/{MANIFEST}"))
        return [name for name in names if _NAME.fullmatch(name)]

    def published(self) -> list[Generation]:
        """Every generation that can be served, oldest first.

        Raises:
            EngineError: the manifest of one is damaged.
        """
        return [self.named(name) for name in self.names()]

    def damaged(self) -> dict[str, str]:
        """The generations that are not what was published, and why; reads every byte of all."""
        found: dict[str, str] = {}
        for name in self.names():
            try:
                wrong = check_files(self.named(name))
            except EngineError as error:
                found[name] = str(error)
            else:
                if wrong:
                    found[name] = f"{wrong[0]} is not what was published"
        return found

    def begin(self, base: Generation | None = None) -> Path:
        """A new folder to build in: empty, or with the files of `base` as hard links.

        What killed builds left behind is cleared away.
        """
        try:
            self._folders.mkdir(parents=True, exist_ok=True)
            self.clear_orphans()
            names = [int(path.name) for path in self._folders.iterdir() if path.name.isdecimal()]
            folder = self._folders / f"{max(names, default=0) + 1:06}"
            folder.mkdir()
            for name in base.manifest.files if base else ():
                link_or_copy(base.folder / name, folder / name)  # type: ignore[union-attr]
        except OSError as error:
            raise EngineError(describe_write_failure(self._folders, error)) from error
        return folder

    def publish(self, folder: Path, status: EngineStatus, base: Generation | None) -> Generation:
        """Make a finished folder durable, describe it, and let the pointer name it."""
        try:
            files = self._describe(folder, base)
            manifest = GenerationManifest(
                _FORMAT,
                status.analyzer,
                status.documents,
                status.sequence,
                utc_now().isoformat(),
                files,
            )
            text = json.dumps(asdict(manifest), indent=1, sort_keys=True)
            replace_file(folder / MANIFEST, text)
            sync_folder(folder)
            sync_folder(self._folders)
            self._point(folder.name)
        except OSError as error:
            raise EngineError(f"cannot publish {folder}: {error}; the old index stays") from error
        return Generation(folder.name, folder, manifest)

    def set_aside(self, folder: Path, why: str) -> str:
        """Take a folder that must not be published out of the way, to be looked at.

        Only the last one stays. Returns where it is, in words that tell why it could not be
        moved if it could not.
        """
        target = self._path / "refused" / folder.name
        try:
            shutil.rmtree(target.parent, ignore_errors=True)
            target.parent.mkdir()
            folder.rename(target)
            (target / "why.txt").write_text(why + "\n", encoding="utf-8")
        except OSError as error:
            return f"{folder} ({target} cannot be made: {error.strerror})"
        return str(target)

    def rollback(self) -> Generation:
        """Serve the generation before the current one.

        Raises:
            NotFoundError: there is none.
        """
        current = self.current()
        older = [name for name in self.names() if name < current.name]
        if not older:
            raise NotFoundError("previous", "there is no older generation to go back to")
        generation = self.named(older[-1])
        if check_files(generation):
            raise EngineError(
                f"generation {generation.name} is damaged, {current.name} stays; "
                "run `tangthu verify --repair`"
            )
        self._point(generation.name)
        return generation

    def prune(self, keep: int) -> list[str]:
        """Remove the oldest published generations but `keep`, never the current one."""
        current = self.current().name
        names = self.names()
        doomed = [name for name in names[: max(0, len(names) - keep)] if name != current]
        for name in doomed:
            self.remove(name)
        return doomed

    def remove(self, name: str) -> None:
        """Remove a generation that is not served."""
        # Without its manifest a half-removed folder is an orphan, cleared at the next run.
        (self._folders / name / MANIFEST).unlink()
        shutil.rmtree(self._folders / name)

    def clear_orphans(self) -> list[str]:
        """Remove folders that were never published; the caller holds the writer lock."""
        orphans = [
            path
            for path in self._folders.iterdir()
            if path.is_dir() and not (path / MANIFEST).exists()
        ]
        for path in orphans:
            shutil.rmtree(path)
        return [path.name for path in orphans]

    def _point(self, name: str) -> None:
        replace_file(self.pointer, name + "\n")

    def _describe(self, folder: Path, base: Generation | None) -> dict[str, FileRecord]:
        files: dict[str, FileRecord] = {}
        for path in sorted(folder.iterdir()):
            known = base.manifest.files.get(path.name) if base else None
            if known and base and path.samefile(base.folder / path.name):
                files[path.name] = known
                continue
            files[path.name] = describe_durably(path)
        return files


def check_files(generation: Generation) -> list[str]:
    """The files of a generation that are missing or not what its manifest says."""
    return damaged_files(generation.folder, generation.manifest.files)


def _read_manifest(path: Path) -> GenerationManifest:
    try:
        if path.stat().st_size > _LARGEST_MANIFEST:
            raise EngineError(f"{path} is too large; run `tangthu rebuild`")
        record = json.loads(path.read_bytes())
        files = file_records(record["files"])
        manifest = GenerationManifest(**{**record, "files": files})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EngineError(f"{path} is damaged ({error}); run `tangthu rebuild`") from error
    if manifest.format != _FORMAT:
        raise EngineError(f"{path} has format {manifest.format}; run `tangthu rebuild`")
    return manifest
