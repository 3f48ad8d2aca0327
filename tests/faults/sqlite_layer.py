"""The operations of SQLite on its files as events of a fault layer: its VFS, wrapped with ctypes.

The library that Python's own `sqlite3` has loaded is looked up, and the functions of its default
VFS that change the disk are replaced by ours, which call the old ones. A shared memory file (-shm)
is of no interest: SQLite makes it anew after a crash.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.faults.fault_layer import FaultLayer

_OPEN_JOURNAL, _OPEN_CREATED = 0x800 | 0x80000, 0x4
_OK, _FULL = 0, 13
_WRITE, _SYNC, _TRUNCATE, _DELETE, _OPEN = 778, 1034, 1546, 2570, 14

_Int, _Pointer, _Long = ctypes.c_int, ctypes.c_void_p, ctypes.c_int64
_OPEN_TYPE = ctypes.CFUNCTYPE(
    _Int, _Pointer, _Pointer, _Pointer, _Int, ctypes.POINTER(ctypes.c_int)
)
_DELETE_TYPE = ctypes.CFUNCTYPE(_Int, _Pointer, _Pointer, _Int)
_WRITE_TYPE = ctypes.CFUNCTYPE(_Int, _Pointer, _Pointer, _Int, _Long)
_TRUNCATE_TYPE = ctypes.CFUNCTYPE(_Int, _Pointer, _Long)
_SYNC_TYPE = ctypes.CFUNCTYPE(_Int, _Pointer, _Int)
_CLOSE_TYPE = ctypes.CFUNCTYPE(_Int, _Pointer)


class _FileSystem(ctypes.Structure):
    """The start of `sqlite3_vfs`."""

    _fields_ = (
        ("version", _Int),
        ("file_size", _Int),
        ("longest_path", _Int),
        ("following", _Pointer),
        ("name", ctypes.c_char_p),
        ("data", _Pointer),
        ("open", _OPEN_TYPE),
        ("delete", _DELETE_TYPE),
    )


class _Methods(ctypes.Structure):
    """`sqlite3_io_methods`; what we do not wrap is only copied."""

    _fields_ = (
        ("version", _Int),
        ("close", _CLOSE_TYPE),
        ("read", _Pointer),
        ("write", _WRITE_TYPE),
        ("truncate", _TRUNCATE_TYPE),
        ("sync", _SYNC_TYPE),
        ("others", _Pointer * 13),
    )


class _File(ctypes.Structure):
    """The start of `sqlite3_file`."""

    _fields_ = (("methods", ctypes.POINTER(_Methods)),)


def load_library() -> ctypes.CDLL | None:
    """Return the SQLite that Python has loaded, or nothing where it is a part of Python itself."""
    sqlite3.connect(":memory:").close()
    maps = Path("/proc/self/maps").read_text().splitlines()
    paths = {line.split(maxsplit=5)[-1] for line in maps if "libsqlite3" in line}
    return ctypes.CDLL(paths.pop()) if len(paths) == 1 else None


class SqliteLayer:
    """The wrapped file system of SQLite in one child process."""

    def __init__(self, layer: FaultLayer) -> None:
        self._layer = layer
        self._paths: dict[int, str] = {}
        self._new_journals: set[str] = set()
        self._kept_alive: list[Any] = []
        self._wrapped: dict[int, _Methods] = {}

    def install(self) -> bool:
        """Replace the functions of the default VFS; tell whether that could be done."""
        library = load_library()
        if library is None:
            return False
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_FileSystem)
        system = library.sqlite3_vfs_find(None).contents
        # The addresses are copied: a field read later would be our own function.
        self._open_file = _copy_function(_OPEN_TYPE, system.open)
        self._delete_file = _copy_function(_DELETE_TYPE, system.delete)
        system.open = self._keep(_OPEN_TYPE(self._open))
        system.delete = self._keep(_DELETE_TYPE(self._delete))
        return True

    def _keep(self, value: Any) -> Any:
        self._kept_alive.append(value)
        return value

    def _open(self, system: int, name: int, file: int, flags: int, outcome: Any) -> int:
        # The address itself is passed on: SQLite goes on to use it.
        path = os.fsdecode(ctypes.string_at(name)) if name else ""
        if not path or not self._layer.tracked_path(path):
            return self._open_file(system, name, file, flags, outcome)
        if flags & _OPEN_CREATED and not os.path.exists(path):
            code = self._attempt(
                _OPEN,
                lambda call: self._layer.create(path, call),
                lambda: self._open_file(system, name, file, flags, outcome),
            )
            if flags & _OPEN_JOURNAL:
                self._new_journals.add(path)
        else:
            code = self._open_file(system, name, file, flags, outcome)
        opened = ctypes.cast(file, ctypes.POINTER(_File)).contents
        if code == _OK and opened.methods:
            self._paths[file] = path
            opened.methods = ctypes.pointer(self._wrap(opened.methods))
        return code

    def _wrap(self, methods: Any) -> _Methods:
        """Return the wrapped functions of a kind of file."""
        address = ctypes.addressof(methods.contents)
        if address not in self._wrapped:
            wrapped = _Methods()
            ctypes.memmove(ctypes.byref(wrapped), address, ctypes.sizeof(_Methods))
            real = {
                name: _copy_function(kind, getattr(wrapped, name))
                for name, kind in _Methods._fields_
                if name in ("close", "write", "truncate", "sync")
            }
            wrapped.close = self._keep(_CLOSE_TYPE(self._closing(real["close"])))
            wrapped.write = self._keep(_WRITE_TYPE(self._writing(real["write"])))
            wrapped.truncate = self._keep(_TRUNCATE_TYPE(self._truncating(real["truncate"])))
            wrapped.sync = self._keep(_SYNC_TYPE(self._syncing(real["sync"])))
            self._wrapped[address] = wrapped
        return self._wrapped[address]

    def _closing(self, real: Callable[..., int]) -> Callable[..., int]:
        def close(file: int) -> int:
            self._paths.pop(file, None)
            return real(file)

        return close

    def _writing(self, real: Callable[..., int]) -> Callable[..., int]:
        def write(file: int, data: int, size: int, offset: int) -> int:
            path = self._paths[file]

            def lie() -> int:
                block = bytearray(ctypes.string_at(data, size))
                block[size // 2] ^= 0xFF
                return real(file, ctypes.addressof(_char_array(block)), size, offset)

            def watched(call: Callable[[], int]) -> Any:
                half = lambda: real(file, data, size // 2, offset)  # noqa: E731
                return self._layer.write(path, call, half, lie)

            return self._attempt(_WRITE, watched, lambda: real(file, data, size, offset))

        return write

    def _truncating(self, real: Callable[..., int]) -> Callable[..., int]:
        def truncate(file: int, size: int) -> int:
            path = self._paths[file]
            return self._attempt(
                _TRUNCATE,
                lambda call: self._layer.truncate(path, call),
                lambda: real(file, size),
            )

        return truncate

    def _syncing(self, real: Callable[..., int]) -> Callable[..., int]:
        def sync(file: int, flags: int) -> int:
            path = self._paths[file]
            # SQLite syncs the folder of a new journal or log along with its first bytes.
            with_folder = path in self._new_journals
            self._new_journals.discard(path)
            return self._attempt(
                _SYNC, lambda call: self._layer.sync(path, with_folder), lambda: _OK
            )

        return sync

    def _delete(self, system: int, name: int, sync_folder: int) -> int:
        path = os.fsdecode(ctypes.string_at(name))
        if not self._layer.tracked_path(path) or not os.path.exists(path):
            return self._delete_file(system, name, sync_folder)
        code = self._attempt(
            _DELETE,
            lambda call: self._layer.remove(path, call),
            lambda: self._delete_file(system, name, 0),
        )
        if code == _OK and sync_folder:
            folder = str(Path(path).parent)
            code = self._attempt(_SYNC, lambda call: self._layer.sync(folder), lambda: _OK)
        return code

    def _attempt(
        self, failure: int, watched: Callable[[Callable[[], int]], Any], call: Callable[[], int]
    ) -> int:
        """Let the layer do a call; return its code, or that of the error that the layer raised."""
        try:
            code = watched(call)
        except OSError as error:
            return _FULL if error.errno == errno.ENOSPC else failure
        return code if isinstance(code, int) else _OK


def _copy_function(kind: Any, function: Any) -> Any:
    return kind(ctypes.cast(function, ctypes.c_void_p).value)


def _char_array(block: bytearray) -> Any:
    return (ctypes.c_char * len(block)).from_buffer(block)
