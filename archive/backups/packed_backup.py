"""Backups in one file, ZIP or tar, which may come from elsewhere when they are unpacked."""

from __future__ import annotations

import io
import shutil
import tarfile
import zipfile
from pathlib import Path

from archive.errors import DamagedError, StoreError
from archive.files.atomic_files import replacing
from archive.files.plain_files import DEEPEST_FOLDER, find_special_files, open_plain_file
from archive.printable_texts import printable_line

ZIP, TAR = ".zip", ".tar"
"""The ends of the names of packed backups."""

MOST_MEMBERS = 10_000
"""Files and folders of a packed backup; originals are in files of a gigabyte, ten terabytes."""

_LONGEST_TAR_HEADER = 4 << 10
"""Bytes of what precedes a member of a tar file; a path has no more."""

_LONGEST_ZIP_DIRECTORY = MOST_MEMBERS * 200
"""Bytes of the directory of a ZIP file: 46 of each member, its name, and its times."""

_COPY_BLOCK = 1 << 20


class _BoundedReader(io.BufferedReader):
    """A file of which nobody reads much at once, whatever lengths are written in it.

    Attributes:
        longest: the most bytes that are read at once.
    """

    longest = _COPY_BLOCK

    def read(self, size: int | None = -1, /) -> bytes:
        """Read bytes.

        Raises:
            ValueError: they would be too many.
        """
        is_all = size is None or size < 0
        data = super().read(self.longest + 1 if is_all else min(size or 0, self.longest + 1))
        if len(data) > self.longest:
            raise ValueError(f"a part is longer than {self.longest} bytes")
        return data


def pack_folder(folder: Path, target: Path) -> None:
    """Pack a folder into one file, uncompressed: its contents are compressed already.

    Raises:
        StoreError: it has more files than are unpacked again.
    """
    if sum(1 for _ in folder.rglob("*")) >= MOST_MEMBERS:
        raise StoreError(f"{target} would have more than {MOST_MEMBERS} files: name a folder")
    with replacing(target) as file:
        if target.suffix == ZIP:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                for path in sorted(folder.rglob("*")):
                    archive.write(path, path.relative_to(folder))
        else:
            with tarfile.open(fileobj=file, mode="w") as archive:
                archive.add(folder, ".")


def unpack(source: Path, target: Path) -> None:
    """Unpack a backup, or copy its folder, into a new folder: plain files and folders alone.

    Raises:
        DamagedError: it is no backup, or holds something else.
        StoreError: it cannot be read, the folder not be written, or the disk has no room for it.
    """
    try:
        if source.is_dir():
            _refuse_special_files(source, source)
            sizes = [path.stat().st_size for path in source.rglob("*") if path.is_file()]
            _refuse_what_does_not_fit(source, sum(sizes), target)
            shutil.copytree(source, target, symlinks=True, copy_function=_copy_file)
        else:
            target.mkdir()
            with _BoundedReader(io.FileIO(source)) as file:
                unpack_file = _unpack_zip if source.suffix == ZIP else _unpack_tar
                unpack_file(source, file, target)
            _refuse_special_files(target, source)
    except (StoreError, OSError):
        raise
    except Exception as error:  # noqa: BLE001  (the libraries may raise anything on hostile bytes)
        reason = str(error) or type(error).__name__
        raise StoreError(f"{source} cannot be restored: {reason}") from error


def _unpack_zip(source: Path, file: _BoundedReader, target: Path) -> None:
    file.longest = _LONGEST_ZIP_DIRECTORY
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        for member in members:
            _refuse_deep_name(member.filename, source)
        sizes = [member.file_size for member in members]
        _refuse_what_swells(source, sizes)
        _refuse_what_does_not_fit(source, sum(sizes), target)
        # Names that lead out of the folder are made harmless by the library.
        archive.extractall(target)


def _unpack_tar(source: Path, file: _BoundedReader, target: Path) -> None:
    file.longest = _LONGEST_TAR_HEADER
    with tarfile.open(fileobj=file, mode="r:") as archive:
        sizes: list[int] = []
        for member in archive:
            # A sparse file is longer than what is there of it.
            if member.issparse() or not (member.isreg() or member.isdir()) or member.size < 0:
                raise DamagedError(_no_plain_file(member.name, source))
            _refuse_deep_name(member.name, source)
            sizes.append(member.size)
            if len(sizes) > MOST_MEMBERS:
                break
        _refuse_what_swells(source, sizes)
        _refuse_what_does_not_fit(source, sum(sizes), target)
        file.longest = _COPY_BLOCK
        archive.extractall(target, filter="data")


def _refuse_what_swells(source: Path, sizes: list[int]) -> None:
    """Refuse a file that expands, a possible bomb: backups are packed uncompressed."""
    if len(sizes) > MOST_MEMBERS:
        raise DamagedError(f"{source} has more than {MOST_MEMBERS} files in it: it is no backup")
    if sum(sizes) > source.stat().st_size:
        size = sum(sizes)
        raise DamagedError(f"{source} would unpack to {size} bytes: it is no backup of an archive")


def _refuse_what_does_not_fit(source: Path, size: int, target: Path) -> None:
    """Refuse before anything is written what would fill the disk."""
    free = shutil.disk_usage(target.parent).free
    if size > free:
        raise StoreError(
            f"{source} needs {size} bytes and {target.parent} has {free}: "
            "free some, or restore elsewhere (--home)"
        )


def _refuse_special_files(folder: Path, source: Path) -> None:
    special = next(find_special_files(folder), None)
    if special:
        raise DamagedError(_no_plain_file(special, source))


def _refuse_deep_name(name: str, source: Path) -> None:
    if name.count("/") > DEEPEST_FOLDER:
        raise DamagedError(_no_plain_file(name[:80], source))


def _no_plain_file(path: Path | str, source: Path) -> str:
    return f"{printable_line(str(path))} is no plain file: {source} is no backup of an archive"


def _copy_file(source: str, target: str) -> None:
    with open_plain_file(Path(source)) as file, open(target, "xb") as copy:
        shutil.copyfileobj(file, copy, _COPY_BLOCK)
