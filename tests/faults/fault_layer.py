"""A layer between a program and its disk, put into a child process: it counts, kills and fails.

Every operation below one folder that changes the disk is an event with a number: writes of
Python's files, fsync of files and folders, renames, links, removals, new folders, the commit of
the catalogue, and what SQLite does to its files for it (`tests/faults/sqlite_layer.py`). To add an
operation, name it in `_OPERATIONS` or wrap it in `FaultLayer.install`.
"""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from tests.faults.sqlite_layer import SqliteLayer

_OPERATIONS = ("rename", "replace", "link", "unlink", "mkdir", "rmdir", "truncate")
_NOT_TRACKED = ("lock", "catalogue.sqlite-shm")


@dataclass(frozen=True)
class Fault:
    """A fault at one event: a kill before, after or in the middle of it, or an error.

    Attributes:
        event: number of the event, from 0; -1 is never.
        how: `before`, `after`, `torn` (half of a write, then the kill), `error`, or `lie` (a write
            that changes a byte and says nothing).
        code: the errno to raise.
        lasting: every later event fails as well, as on a full disk.
    """

    event: int = -1
    how: str = "before"
    code: int = errno.EIO
    lasting: bool = False


@dataclass
class Journal:
    """The changes that are not yet durable: `power_loss` undoes them, newest first.

    Attributes:
        names: for each folder, the changes of its names since its last fsync.
        unsynced: files with bytes that were not fsynced -> the copy of the last synced bytes, or
            nothing when there never were any.
    """

    names: dict[str, list[list[str]]] = field(default_factory=dict)
    unsynced: dict[str, str] = field(default_factory=dict)

    def rename(self, source: str, target: str) -> None:
        """Follow a file, or a folder with all that is in it, to its new name."""

        def follow(path: str) -> str:
            inside = path == source or path.startswith(f"{source}/")
            return target + path[len(source) :] if inside else path

        self.unsynced = {follow(path): copy for path, copy in self.unsynced.items()}
        self.names = {
            follow(folder): [
                [kind, follow(path), follow(origin), copy] for kind, path, origin, copy in changes
            ]
            if follow(folder) != folder
            else changes
            for folder, changes in self.names.items()
        }


class FaultLayer:
    """The layer of one child process, which it may kill."""

    def __init__(self, home: Path, fault: Fault, shadow: Path | None = None) -> None:
        self._home, self._fault, self._shadow = str(home), fault, shadow
        self._copies = 0
        # Kept: SQLite calls into it for as long as the process lives.
        self._sqlite = SqliteLayer(self)
        self.events: list[str] = []
        self.journal = Journal()

    def install(self) -> None:
        """Put the layer under `os`, `open` and the catalogue's commits."""
        for name in _OPERATIONS:
            setattr(os, name, self._wrapped(name, getattr(os, name)))
        os.fsync = self._fsync(os.fsync)
        os.open = self._open_handle(os.open)  # type: ignore[assignment]
        io.open = builtins.open = self._open(io.open)  # type: ignore[assignment]
        shutil._USE_CP_SENDFILE = False  # type: ignore[attr-defined]
        self._wrap_commit()
        self._sqlite.install()

    def event(
        self,
        label: str,
        act: Callable[[], Any],
        tear: Callable[[], Any] | None = None,
        lie: Callable[[], Any] | None = None,
    ) -> Any:
        """Let one operation happen, or the fault instead."""
        number, fault = len(self.events), self._fault
        self.events.append(label)
        hit = number == fault.event
        if fault.how == "error":
            if hit or (fault.lasting and 0 <= fault.event < number):
                raise OSError(fault.code, os.strerror(fault.code))
        elif hit and fault.how == "lie":
            return lie() if lie else act()
        elif hit and fault.how != "after":
            if fault.how == "torn" and tear:
                tear()
            self._kill()
        try:
            return act()
        finally:
            if hit and fault.how == "after":
                self._kill()

    def _kill(self) -> None:
        if self._shadow:
            fault, self._fault = self._fault, Fault()
            state = {"names": self.journal.names, "unsynced": self.journal.unsynced}
            handle = os.open(self._shadow / "journal.json", os.O_WRONLY | os.O_CREAT)
            os.write(handle, json.dumps(state).encode())
            os.close(handle)
            self._fault = fault
        os.kill(os.getpid(), signal.SIGKILL)

    def tracked_path(self, path: Any) -> str:
        """Return the path as text if it is to be watched; else nothing."""
        if isinstance(path, int):
            path = os.readlink(f"/proc/self/fd/{path}")
        text = os.path.abspath(os.fspath(path))
        tracked = Path(text).name not in _NOT_TRACKED
        return text if text.startswith(self._home) and tracked else ""

    def _label(self, name: str, path: str) -> str:
        return f"{name} {os.path.relpath(path, self._home)}"

    def _wrapped(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*paths: Any, **options: Any) -> Any:
            if options.get("dir_fd") is not None and not os.path.isabs(paths[0]):
                # shutil.rmtree names a folder by its handle.
                folder = os.readlink(f"/proc/self/fd/{options['dir_fd']}")
                paths, options = (os.path.join(folder, paths[0]), *paths[1:]), {}
            path = self.tracked_path(paths[-1] if name != "mkdir" else paths[0])
            if not path:
                return real(*paths, **options)
            return self.event(
                self._label(name, path), lambda: self._record_change(name, real, paths, options)
            )

        return operation

    def _record_change(
        self, name: str, real: Callable[..., Any], paths: Any, options: dict[str, Any]
    ) -> Any:
        """Do an operation, and record how its change of names is undone."""
        ends = [os.path.abspath(os.fspath(path)) for path in paths if not isinstance(path, int)]
        target = ends[-1] if name in ("rename", "replace", "link") else ends[0]
        lost = self._save_before_loss(target) if name in ("unlink", "rename", "replace") else ""
        result = real(*paths, **options)
        if name == "truncate":
            return result
        if self._shadow:
            kind = "rename" if name == "replace" else name
            source = ends[0] if kind == "rename" else ""
            undo = self.journal.names.setdefault(str(Path(target).parent), [])
            undo.append([kind, target, source, lost])
            if kind == "rename":
                self.journal.rename(source, target)
        return result

    def _save_before_loss(self, path: str) -> str:
        """Copy a file that is about to lose its name into the shadow; return the copy's path."""
        if not self._shadow or not os.path.isfile(path):
            return ""
        return self._copy(path)

    def _copy(self, path: str) -> str:
        assert self._shadow is not None
        self._copies += 1
        target = str(self._shadow / f"{self._copies:06}")
        data = Path(path).read_bytes()
        handle = os.open(target, os.O_WRONLY | os.O_CREAT)
        os.write(handle, data)
        os.close(handle)
        return target

    def _fsync(self, real: Callable[[int], None]) -> Callable[[int], None]:
        def fsync(handle: int) -> None:
            number = handle if isinstance(handle, int) else handle.fileno()
            path = self.tracked_path(number)
            if not path:
                real(number)
                return
            self.sync(path)

        return fsync

    def sync(self, path: str, with_folder: bool = False) -> None:
        """Make a file or a folder durable as an event, and the folder of a file if it is said.

        The kernel is not asked: a kill loses nothing, and a cut is simulated.
        """
        self.event(self._label("fsync", path), lambda: self._forget_unsynced(path))
        if with_folder:
            self._forget_unsynced(str(Path(path).parent))

    def _forget_unsynced(self, path: str) -> None:
        self.journal.unsynced.pop(path, None)
        self.journal.names.pop(path, None)

    def _open(self, real: Callable[..., Any]) -> Callable[..., Any]:
        layer = self

        def open_tracked(file: Any, mode: str = "r", *positional: Any, **options: Any) -> Any:
            writes = isinstance(mode, str) and set(mode) & set("wax+")
            path = layer.tracked_path(file) if writes else ""
            if not path or not os.path.isabs(path):
                return real(file, mode, *positional, **options)
            raw = layer._open_raw(file, path, mode)
            kind = io.BufferedRandom if "+" in mode else io.BufferedWriter
            buffered = kind(raw)
            if "b" in mode:
                return buffered
            encoding = (
                options.get("encoding")
                or (positional[1] if len(positional) > 1 else None)
                or "utf-8"
            )
            return io.TextIOWrapper(buffered, encoding=encoding, newline=options.get("newline"))

        return open_tracked

    def _open_handle(self, real: Callable[..., int]) -> Callable[..., int]:
        def open_handle(path: Any, flags: int, *positional: Any, **options: Any) -> int:
            if flags & os.O_CREAT and not options and self.tracked_path(path):
                name = os.path.abspath(os.fspath(path))
                handle: int = self.create(name, lambda: real(path, flags, *positional))
                return handle
            return real(path, flags, *positional, **options)

        return open_handle

    def _open_raw(self, file: Any, path: str, mode: str) -> io.FileIO:
        kind = mode.replace("b", "").replace("t", "")
        if isinstance(file, int):
            return _WatchedFile(file, kind, path, self)
        raw: io.FileIO = self.create(path, lambda: self._open_watched(path, kind))
        return raw

    def create(self, path: str, act: Callable[[], Any]) -> Any:
        """Open a file to write as an event; it may be a new name."""
        existed = os.path.exists(path)
        result = self.event(self._label("open", path), act)
        if self._shadow and not existed:
            names = self.journal.names.setdefault(str(Path(path).parent), [])
            names.append(["create", path, "", ""])
        return result

    def remove(self, path: str, act: Callable[[], Any]) -> Any:
        """Remove a file as an event."""
        lost = self._save_before_loss(path)
        result = self.event(self._label("unlink", path), act)
        if self._shadow:
            names = self.journal.names.setdefault(str(Path(path).parent), [])
            names.append(["unlink", path, "", lost])
            self.journal.unsynced.pop(path, None)
        return result

    def truncate(self, path: str, act: Callable[[], Any]) -> Any:
        """Change the size of a file as an event."""
        self._save_synced_bytes(path)
        return self.event(self._label("truncate", path), act)

    def _open_watched(self, path: str, kind: str) -> _WatchedFile:
        self._save_synced_bytes(path)
        return _WatchedFile(path, kind, path, self)

    def _save_synced_bytes(self, path: str) -> None:
        """Copy the durable bytes of a file before it is written to."""
        if self._shadow and path not in self.journal.unsynced:
            self.journal.unsynced[path] = self._copy(path) if os.path.exists(path) else ""

    def write(
        self,
        path: str,
        write_all: Callable[[], Any],
        write_half: Callable[[], Any],
        write_other: Callable[[], Any],
    ) -> Any:
        """Write bytes as an event: all of them, or half before a kill, or others."""
        self._save_synced_bytes(path)
        return self.event(self._label("write", path), write_all, write_half, write_other)

    def _wrap_commit(self) -> None:
        real = Connection.commit
        layer = self

        def commit(connection: Connection) -> None:
            try:
                layer.event("commit catalogue", lambda: real(connection))
            except OSError as error:
                # A driver's errors come as SQLAlchemy's own.
                raise OperationalError("COMMIT", None, error) from error

        Connection.commit = commit  # type: ignore[method-assign]


class _WatchedFile(io.FileIO):
    """A file whose writes are events."""

    def __init__(self, file: int | str, kind: str, path: str, layer: FaultLayer) -> None:
        self._layer, self._path = layer, path
        super().__init__(file, kind)

    def write(self, data: Any) -> int:
        """Write, or fail, or write half and die."""
        view = memoryview(data).cast("B")
        half, other = view[: len(view) // 2], bytearray(view)
        if other:
            other[len(other) // 2] ^= 0xFF
        written: int = self._layer.write(
            self._path,
            lambda: super(_WatchedFile, self).write(view),
            lambda: super(_WatchedFile, self).write(half),
            lambda: super(_WatchedFile, self).write(other),
        )
        return written
