"""Files replaced at once: the old one or the new one, never a mixture, and no remains."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.atomic_files import link_or_copy, move_into_place, replace_file, replacing


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
