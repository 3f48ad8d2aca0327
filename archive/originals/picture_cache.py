"""Drawn pictures of articles in the home's cache: what is lost of it is drawn again.

Every article has a folder of its own, so that nothing drawn of it outlives its removal. Names of
files carry the digest of what was drawn. An empty file stands for what cannot be drawn.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from archive.files.atomic_files import replace_cached_file

FOLDER = "pictures"
"""The name of the cache in a home."""

MOST_BYTES = 1 << 30
"""Bytes of all pictures together; beyond them the longest unchanged ones go."""

_HEAD = 64
_SWEEP_EVERY = 200
_SWEPT_SHARE = 0.8


class PictureCache:
    """The drawn pictures in one home; safe to share between threads and processes.

    Args:
        home: The home folder.
        most_bytes: Bytes of all pictures together, about.
    """

    def __init__(self, home: Path, most_bytes: int = MOST_BYTES) -> None:
        self._folder = home / FOLDER
        self._most_bytes = most_bytes
        self._written = 0

    def read(self, identifier: str, name: str) -> bytes | None:
        """Return a picture, empty for what cannot be drawn; None where it is not in the cache."""
        try:
            return (self._folder_of(identifier) / name).read_bytes()
        except OSError:
            return None

    def read_head(self, identifier: str, name: str) -> bytes | None:
        """Return the first bytes of a picture; as `read`."""
        try:
            with (self._folder_of(identifier) / name).open("rb") as file:
                return file.read(_HEAD)
        except OSError:
            return None

    def write(self, identifier: str, name: str, picture: bytes) -> None:
        """Put a picture into the cache; where the disk refuses it, it is drawn again next time."""
        folder = self._folder_of(identifier)
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            replace_cached_file(folder / name, picture)
        if self._written % _SWEEP_EVERY == 0:
            self._sweep()
        self._written += 1

    def discard(self, identifier: str) -> None:
        """Delete everything that was drawn of an article.

        Raises:
            OSError: the disk refuses it.
        """
        with suppress(FileNotFoundError):
            shutil.rmtree(self._folder_of(identifier))

    def _folder_of(self, identifier: str) -> Path:
        return self._folder / identifier[:2] / identifier

    def _sweep(self) -> None:
        """Delete the oldest pictures where all together are too many."""
        files: list[tuple[float, int, Path]] = []
        for path in self._folder.glob("*/*/*"):
            # Another process may sweep, or an article be removed, at the same time.
            with suppress(OSError):
                status = path.stat()
                files.append((status.st_mtime, status.st_size, path))
        size = sum(each[1] for each in files)
        if size <= self._most_bytes:
            return
        for _, length, path in sorted(files):
            with suppress(OSError):
                path.unlink()
            size -= length
            if size <= self._most_bytes * _SWEPT_SHARE:
                break
