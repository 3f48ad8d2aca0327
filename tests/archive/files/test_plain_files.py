"""Plain files: what is made is readable and no program."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive.files.plain_files import append_to_plain_file, find_special_files, open_plain_file


def test_a_new_file_can_be_read_by_all_and_run_by_nobody(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        append_to_plain_file(tmp_path / "new").close()
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o644


def test_what_is_appended_follows_what_was_there(tmp_path: Path) -> None:
    for text in (b"one", b"two"):
        with append_to_plain_file(tmp_path / "file") as file:
            file.write(text)
    with open_plain_file(tmp_path / "file") as file:
        assert file.read() == b"onetwo"


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_plain_file_is_neither_opened_nor_missed(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "below" / "special"
    place.parent.mkdir()
    if kind == "link":
        (tmp_path / "target").write_bytes(b"")
        place.symlink_to(tmp_path / "target")
    elif kind == "pipe":
        os.mkfifo(place)
    else:
        place.mkdir()
    for open_file in (open_plain_file, append_to_plain_file):
        with pytest.raises(OSError, match=r"no plain file|Too many|No such device|Is a dir"):
            open_file(place)
    assert list(find_special_files(tmp_path)) == ([] if kind == "folder" else [place])
