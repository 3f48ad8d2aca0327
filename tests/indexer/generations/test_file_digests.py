"""Files are what their records say, or named as damaged."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from indexer.generations import file_digests
from indexer.generations.file_digests import FileRecord, damaged_files, record_durably


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes(name.encode() * 10)
    return tmp_path


@pytest.mark.parametrize("damage", ["missing", "shorter", "longer", "changed", "folder", "link"])
def test_a_file_that_is_not_as_recorded_is_damaged(folder: Path, damage: str) -> None:
    records = {name: record_durably(folder / name) for name in ("a", "b", "c")}
    assert damaged_files(folder, records) == []
    path = folder / "b"
    content = path.read_bytes()
    contents = {"shorter": content[:-1], "longer": content + b"b", "changed": b"a" + content[1:]}
    if damage in contents:
        path.write_bytes(contents[damage])
    elif damage == "link":
        # Of the same bytes: what it leads to may change unseen.
        path.rename(folder / "elsewhere")
        path.symlink_to(folder / "elsewhere")
    else:
        path.unlink()
        path.mkdir() if damage == "folder" else None
    assert damaged_files(folder, records) == ["b"]


def test_a_file_that_cannot_be_read_is_damaged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = {name: record_durably(folder / name) for name in ("a", "b")}

    def read(path: Path) -> str:
        raise OSError(errno.EIO, "the disk fails")

    monkeypatch.setattr(file_digests, "file_digest", read)
    assert damaged_files(folder, records) == ["a", "b"]


def test_size_and_digest_both_count(folder: Path) -> None:
    record = record_durably(folder / "a")
    wrong = {"a": FileRecord(record.sha256, record.size + 1), "b": FileRecord("0" * 64, 10)}
    assert damaged_files(folder, wrong) == ["a", "b"]
    assert damaged_files(folder, {"a": record}) == []
