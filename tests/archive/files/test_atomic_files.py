"""Files replaced at once: the old one or the new one, never a mixture, and no remains."""

from __future__ import annotations

import errno
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive.files import atomic_files
from archive.files.atomic_files import (
    link_or_copy,
    move_into_place,
    replace_cached_file,
    replace_file,
    replacing,
)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_error_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    replace_file(path, "old")

    def fail() -> None:
        with replacing(path) as file:
            file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (path.read_text(), names(tmp_path)) == ("old", ["file"])


def test_another_name_of_a_replaced_file_keeps_the_old_bytes(tmp_path: Path) -> None:
    path, link = tmp_path / "file", tmp_path / "link"
    replace_file(path, "old")
    link_or_copy(path, link)
    replace_file(path, b"new")
    assert (path.read_text(), link.read_text()) == ("new", "old")
    with pytest.raises(FileExistsError):
        link_or_copy(path, link)


def test_a_file_or_a_folder_is_moved_into_place(tmp_path: Path) -> None:
    folder, empty, full = (tmp_path / name for name in ("folder", "empty", "full"))
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "file").write_text("new")
    empty.mkdir()
    move_into_place(folder, empty)
    assert (empty / "below" / "file").read_text() == "new"
    full.mkdir()
    replace_file(full / "file", "old")
    with pytest.raises(OSError, match="not empty"):
        move_into_place(empty, full)
    move_into_place(empty / "below" / "file", full / "file")
    assert (full / "file").read_text() == "new"


@pytest.mark.parametrize(
    ("options", "synced"), [({}, ["file", "folder"]), ({"durable": False}, [])]
)
def test_a_file_is_durable_unless_losing_it_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, bool], synced: list[str]
) -> None:
    order: list[str] = []
    monkeypatch.setattr(atomic_files, "sync_open_file", lambda _: order.append("file"))
    monkeypatch.setattr(atomic_files, "sync_folder", lambda _: order.append("folder"))
    with replacing(tmp_path / "large", **options) as file:
        file.write(b"x")
    assert order == synced
    replace_file(tmp_path / "small", "x", **options)
    assert order == 2 * synced


def test_several_may_replace_a_cached_file_at_once(tmp_path: Path) -> None:
    path, seen = tmp_path / "file", set[int]()

    def write(value: int) -> None:
        for _ in range(30):
            replace_cached_file(path, bytes([value]) * 100_000)
            seen.update(Counter(path.read_bytes()).values())

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(4)))
    assert (seen, names(tmp_path)) == ({100_000}, ["file"])


def test_a_cached_file_that_cannot_be_replaced_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(OSError, match="file"):
        replace_cached_file(tmp_path / "file", b"new")
    assert names(tmp_path) == ["file"]


def test_a_file_is_copied_where_it_cannot_be_linked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(b"content")

    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", refuse)
        link_or_copy(source, target)
    assert target.read_bytes() == b"content"
    assert target.stat().st_ino != source.stat().st_ino
    with pytest.raises(FileExistsError):
        link_or_copy(source, target)
