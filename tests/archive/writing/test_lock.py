"""The writer lock: one process at a time, told apart by name, or a reason why there is none."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from pathlib import Path

import pytest

from archive.errors import StoreError, StoreLockedError
from archive.writing.lock import WriterLock


def test_the_holder_is_named_until_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with WriterLock(path):
        holder = json.loads(path.read_bytes())
        assert holder["pid"] == os.getpid()
        with pytest.raises(StoreLockedError, match=rf"process {os.getpid()} on .*since 2"):
            WriterLock(path).__enter__()
    with WriterLock(path):
        pass


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_plain_file_is_neither_locked_nor_emptied(tmp_path: Path, kind: str) -> None:
    path, outside = tmp_path / "lock", tmp_path / "outside"
    outside.write_text("someone else's")
    if kind == "link":
        path.symlink_to(outside)
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    with pytest.raises(StoreError, match="cannot open"):
        WriterLock(path).__enter__()
    assert outside.read_text() == "someone else's"


def test_a_holder_that_wrote_nothing_is_another_process(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with WriterLock(path):
        path.write_bytes(b"{")
        with pytest.raises(StoreLockedError, match="another process is writing"):
            WriterLock(path).__enter__()


def test_a_shorter_holder_leaves_nothing_of_a_longer_one(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_bytes(b"x" * 9000)
    with WriterLock(path):
        assert json.loads(path.read_bytes())["pid"] == os.getpid()


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_an_error_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(handle: int, operation: int) -> None:
        raise OSError(code, os.strerror(code))

    handles = len(os.listdir("/proc/self/fd"))
    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(StoreError, match=f"cannot lock .*lock: {os.strerror(code)}"):
        WriterLock(tmp_path / "lock").__enter__()
    assert len(os.listdir("/proc/self/fd")) == handles


def test_patience_waits_until_the_other_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = WriterLock(tmp_path / "lock")
    holder.__enter__()
    monkeypatch.setattr("time.sleep", lambda seconds: holder.__exit__())
    with WriterLock(tmp_path / "lock", patience=60):
        pass


def test_a_lock_that_was_deleted_while_it_was_waited_for_protects_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lock"
    holder = WriterLock(path)
    holder.__enter__()

    def delete_and_release(seconds: float) -> None:
        path.unlink()
        holder.__exit__()

    monkeypatch.setattr("time.sleep", delete_and_release)
    with pytest.raises(StoreError, match="was deleted meanwhile"):
        WriterLock(path, patience=60).__enter__()
    assert not path.exists()
