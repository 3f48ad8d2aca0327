"""A copy of a whole archive, taken while it is used: a BagIt bag (RFC 8493), and back again.

The catalogue is copied first, as one moment of it; a record is in its WARC file before the
catalogue says so, and the files only grow, so the files up to the lengths that the copied
catalogue names are exactly what belongs to it.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import tarfile
import zipfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import bagit

from archive.atomic_files import sync_folder
from archive.errors import DamagedError, StoreError, catalogue_read_failure, describe_write_failure
from archive.store import Store

_ZIP, _TAR = ".zip", ".tar"
_BLOCK = 1 << 20
_COMMITTED = "SELECT warc_file, max(warc_offset + warc_length) FROM versions GROUP BY warc_file"


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a copy holds: articles, versions, the last change, bytes of everything."""

    articles: int
    sequence: int
    bytes: int


def backup(store: Store, target: Path, extra: Mapping[str, Path] | None = None) -> BackupReport:
    """Copy an archive into a new folder, or into a new file that ends in .zip or .tar.

    The target appears under its name only when it is whole and durable.

    Args:
        store: the archive; it may be written to meanwhile.
        target: what must not exist yet.
        extra: further files, by their place in the home, such as those of the index.

    Raises:
        StoreError: the target exists or cannot be written, or the catalogue is no SQLite file.
    """
    if target.exists():
        raise StoreError(f"{target} exists; name a new folder or file for the backup")
    beside = target.with_name(f".{target.name}.partial")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        (beside / "originals").mkdir(parents=True)
        _copy_catalogue(store, beside / "catalogue.sqlite")
        _copy_originals(store.home / "originals", beside)
        for name, path in (extra or {}).items():
            (beside / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, beside / name)
        report = _bagged(beside)
        _sync_tree(beside)
        if target.suffix in (_ZIP, _TAR):
            _pack(beside, target)
        else:
            beside.rename(target)
            sync_folder(target.parent)
    except (OSError, bagit.BagError) as error:
        raise StoreError(describe_write_failure(f"the backup {target}", error)) from error
    except sqlite3.Error as error:
        raise catalogue_read_failure(error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return report


def restore(source: Path, home: Path) -> None:
    """Bring an archive back from a backup into a home that is not there or empty.

    Every checksum of the bag is checked, and originals and catalogue are held against each
    other, before the home appears.

    Raises:
        DamagedError: the backup is not what was written.
        StoreError: the home has something in it, or cannot be written.
    """
    if home.exists() and any(home.iterdir()):
        raise StoreError(f"{home} is not empty; restore into a new folder (--home)")
    beside = home.with_name(f".{home.name}.restored")
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(beside, ignore_errors=True)
        _unpack(source, beside)
        _validate(source, beside)
        _sync_tree(beside)
        if home.exists():
            home.rmdir()
        (beside / "data").rename(home)
        sync_folder(home.parent)
    except (OSError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise StoreError(f"{source} cannot be restored: {error}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _copy_catalogue(store: Store, target: Path) -> None:
    source = store.home / "catalogue.sqlite"
    if store.catalogue_url or not source.exists():
        raise StoreError("only a catalogue in the home itself is copied; use its database's tools")
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live:
            with closing(sqlite3.connect(target)) as copy:
                live.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise StoreError(f"the catalogue cannot be copied: {error}") from error


def _copy_originals(originals: Path, beside: Path) -> None:
    with closing(sqlite3.connect(beside / "catalogue.sqlite")) as copy:
        lengths = copy.execute(_COMMITTED).fetchall()
    for name, length in lengths:
        _copy_start(originals / name, beside / "originals" / name, length)


def _copy_start(path: Path, target: Path, length: int) -> None:
    """Copy so many bytes of a file."""
    with path.open("rb") as source, target.open("wb") as copy:
        left = length
        while left and (block := source.read(min(left, _BLOCK))):
            copy.write(block)
            left -= len(block)
    if left:
        raise StoreError(f"{path} is shorter than its catalogue says; run `tangthu verify`")


def _bagged(folder: Path) -> BackupReport:
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as copy:
        (articles,) = copy.execute("SELECT count(*) FROM articles WHERE NOT deleted").fetchone()
        (sequence,) = copy.execute("SELECT max(sequence) FROM articles").fetchone()
    info = {
        "External-Description": "An archive of tangthu; `tangthu restore` brings it back",
        "Tangthu-Articles": str(articles),
        "Tangthu-Sequence": str(sequence or 0),
    }
    # It logs where it stumbled with a trace; what went wrong is told by our own error.
    logging.getLogger(bagit.__name__).setLevel(logging.CRITICAL + 1)
    bag = bagit.make_bag(str(folder), info, checksums=["sha256"])
    octets = int(bag.info["Payload-Oxum"].partition(".")[0])
    return BackupReport(articles, sequence or 0, octets)


def _pack(folder: Path, target: Path) -> None:
    """One file of a bag; its contents are compressed already."""
    packed = target.with_name(f".{target.name}.new")
    try:
        with packed.open("wb") as file:
            if target.suffix == _ZIP:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                    for path in sorted(folder.rglob("*")):
                        archive.write(path, path.relative_to(folder))
            else:
                with tarfile.open(fileobj=file, mode="w") as archive:
                    archive.add(folder, ".")
            file.flush()
            os.fsync(file.fileno())
        packed.rename(target)
        sync_folder(target.parent)
    finally:
        packed.unlink(missing_ok=True)


def _unpack(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
        return
    target.mkdir()
    if source.suffix == _ZIP:
        with zipfile.ZipFile(source) as archive:
            _refuse_swelling(source, sum(member.file_size for member in archive.infolist()))
            # Names that lead out of the folder are made harmless by the library.
            archive.extractall(target)
    else:
        with tarfile.open(source, "r:") as archive:
            _refuse_swelling(source, sum(member.size for member in archive))
            archive.extractall(target, filter="data")


def _refuse_swelling(source: Path, size: int) -> None:
    """A backup is packed without compression, so what swells was never one."""
    if size > source.stat().st_size:
        raise DamagedError(f"{source} would unpack to {size} bytes: it is no backup of an archive")


def _validate(source: Path, folder: Path) -> None:
    try:
        bagit.Bag(str(folder)).validate()
    except bagit.BagError as error:
        raise DamagedError(f"the backup {source} is not what was written: {error}") from error
    if not (folder / "data" / "catalogue.sqlite").is_file():
        raise DamagedError(f"the backup {source} has no catalogue in it")
    with Store(folder / "data") as store:
        problems = store.verify().problems
    if problems:
        first = f"{problems[0].subject}: {problems[0].reason}"
        raise DamagedError(f"the backup {source} does not agree with itself: {first}")


def _sync_tree(folder: Path) -> None:
    """Make every file below a folder durable, and then every name."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        elif path.is_dir():
            sync_folder(path)
    sync_folder(folder)
