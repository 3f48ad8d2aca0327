"""A layer between a program and its disk, put into a child process: it counts, kills and fails.

Every operation below one folder that changes the disk is an event with a number: writes of
Python's files, fsync of files and folders, renames, links, removals, new folders, and the commit
of the catalogue. What SQLite does inside a commit is its own affair, tested by its authors.
To add an operation, name it in `_OPERATIONS` or wrap it in `Layer.install`.
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

_OPERATIONS = ("rename", "replace", "link", "unlink", "mkdir", "rmdir", "truncate")
_NOT_TRACKED = ("catalogue.sqlite", "lock")


@dataclass(frozen=True)
class Fault:
    """What happens at the n-th event: `before`, `after` or `torn` kill, else an errno is raised.

    Attributes:
        at: number of the event, from 0; -1 is never.
        how: `before`, `after`, `torn` (half of a write, then the kill), or `error`.
        code: the errno to raise.
        lasting: every later event fails as well, as on a full disk.
    """

    at: int = -1
    how: str = "before"
    code: int = errno.EIO
    lasting: bool = False


@dataclass
class Journal:
    """What is not yet durable, for `fault_power`: undone newest first after a cut.

    Attributes:
        names: for each folder, the changes of its names since its last fsync.
        unsynced: files with bytes that were not fsynced -> the copy of the last synced bytes, or
            nothing when there never were any.
    """

    names: dict[str, list[list[str]]] = field(default_factory=dict)
    unsynced: dict[str, str] = field(default_factory=dict)


class Layer:
    """Installed once in a child process, which it may kill."""

    def __init__(self, home: Path, fault: Fault, shadow: Path | None = None) -> None:
        self._home, self._fault, self._shadow = str(home), fault, shadow
        self._copies = 0
        self.events: list[str] = []
        self.journal = Journal()

    def install(self) -> None:
        """Put the layer under `os`, `open` and the catalogue's commits."""
        for name in _OPERATIONS:
            setattr(os, name, self._wrapped(name, getattr(os, name)))
        os.fsync = self._fsync(os.fsync)
        io.open = builtins.open = self._open(io.open)  # type: ignore[assignment]
        shutil._USE_CP_SENDFILE = False  # type: ignore[attr-defined]
        self._wrap_commit()

    def event(
        self, label: str, act: Callable[[], Any], tear: Callable[[], Any] | None = None
    ) -> Any:
        """Let one operation happen, or the fault instead."""
        number, fault = len(self.events), self._fault
        self.events.append(label)
        hit = number == fault.at
        if fault.how == "error":
            if hit or (fault.lasting and 0 <= fault.at < number):
                raise OSError(fault.code, os.strerror(fault.code))
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

    def _ours(self, path: Any) -> str:
        """The path as text when it is one to watch."""
        if isinstance(path, int):
            path = os.readlink(f"/proc/self/fd/{path}")
        text = os.path.abspath(os.fspath(path))
        tracked = not Path(text).name.startswith(_NOT_TRACKED)
        return text if text.startswith(self._home) and tracked else ""

    def _label(self, name: str, path: str) -> str:
        return f"{name} {os.path.relpath(path, self._home)}"

    def _wrapped(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*paths: Any, **options: Any) -> Any:
            if options.get("dir_fd") is not None and not os.path.isabs(paths[0]):
                # shutil.rmtree names a folder by its handle.
                folder = os.readlink(f"/proc/self/fd/{options['dir_fd']}")
                paths, options = (os.path.join(folder, paths[0]), *paths[1:]), {}
            path = self._ours(paths[-1] if name != "mkdir" else paths[0])
            if not path:
                return real(*paths, **options)
            return self.event(
                self._label(name, path), lambda: self._noted(name, real, paths, options)
            )

        return operation

    def _noted(
        self, name: str, real: Callable[..., Any], paths: Any, options: dict[str, Any]
    ) -> Any:
        """Do an operation and note how its change of names is undone."""
        ends = [os.path.abspath(os.fspath(one)) for one in paths if not isinstance(one, int)]
        target = ends[-1] if name in ("rename", "replace", "link") else ends[0]
        lost = self._saved(target) if name in ("unlink", "rename", "replace") else ""
        result = real(*paths, **options)
        if self._shadow and name != "truncate":
            kind = "rename" if name == "replace" else name
            source = ends[0] if kind == "rename" else ""
            undo = self.journal.names.setdefault(str(Path(target).parent), [])
            undo.append([kind, target, source, lost])
            if kind == "rename" and source in self.journal.unsynced:
                self.journal.unsynced[target] = self.journal.unsynced.pop(source)
        return result

    def _saved(self, path: str) -> str:
        """Another name, in the shadow, for a file that is about to lose its own."""
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
            path = self._ours(number)
            if not path:
                real(number)
                return
            # The kernel is not asked: a kill loses nothing, and a cut is simulated.
            self.event(self._label("fsync", path), lambda: self._synced(path))

        return fsync

    def _synced(self, path: str) -> None:
        self.journal.unsynced.pop(path, None)
        self.journal.names.pop(path, None)

    def _open(self, real: Callable[..., Any]) -> Callable[..., Any]:
        layer = self

        def opening(file: Any, mode: str = "r", *rest: Any, **more: Any) -> Any:
            path = "" if isinstance(file, int) else layer._ours(file)
            if not path or not set(mode) & set("wax+"):
                return real(file, mode, *rest, **more)
            raw = layer._raw(path, mode)
            kind = io.BufferedRandom if "+" in mode else io.BufferedWriter
            buffered = kind(raw)
            if "b" in mode:
                return buffered
            encoding = more.get("encoding") or (rest[1] if len(rest) > 1 else None) or "utf-8"
            return io.TextIOWrapper(buffered, encoding=encoding, newline=more.get("newline"))

        return opening

    def _raw(self, path: str, mode: str) -> io.FileIO:
        there = os.path.exists(path)
        raw: list[_Watched] = []
        self.event(self._label("open", path), lambda: raw.append(self._opened(path, mode)))
        if self._shadow and not there:
            self.journal.names.setdefault(str(Path(path).parent), []).append(
                ["create", path, "", ""]
            )
        return raw[0]

    def _opened(self, path: str, mode: str) -> _Watched:
        self._dirty(path)
        return _Watched(path, mode.replace("b", "").replace("t", ""), self)

    def _dirty(self, path: str) -> None:
        """Remember the bytes that are durable before a file is written to."""
        if self._shadow and path not in self.journal.unsynced:
            self.journal.unsynced[path] = self._copy(path) if os.path.exists(path) else ""

    def write(self, path: str, whole: Callable[[], Any], half: Callable[[], Any]) -> Any:
        """Let some bytes be written."""
        self._dirty(path)
        return self.event(self._label("write", path), whole, half)

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


class _Watched(io.FileIO):
    """A file whose writes are events."""

    def __init__(self, path: str, mode: str, layer: Layer) -> None:
        self._layer, self._path = layer, path
        super().__init__(path, mode)

    def write(self, data: Any) -> int:
        """Write, or fail, or write half and die."""
        view = memoryview(data).cast("B")
        half = view[: len(view) // 2]
        written: int = self._layer.write(
            self._path,
            lambda: super(_Watched, self).write(view),
            lambda: super(_Watched, self).write(half),
        )
        return written
