"""Copies of originals for a backup: the start of a file, no more and no less."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.backups.originals_copy import copy_start
from archive.errors import StoreError


@pytest.mark.parametrize(("length", "copied"), [(None, 10), (0, 0), (1, 1), (9, 9), (10, 10)])
def test_the_start_of_a_file_is_copied(tmp_path: Path, length: int | None, copied: int) -> None:
    (tmp_path / "a").write_bytes(b"0123456789")
    copy_start(tmp_path / "a", tmp_path / "b", length)
    assert (tmp_path / "b").read_bytes() == b"0123456789"[:copied]


@pytest.mark.parametrize("length", [-1, 11])
def test_a_length_that_a_file_never_had_is_refused(tmp_path: Path, length: int) -> None:
    (tmp_path / "a").write_bytes(b"0123456789")
    with pytest.raises(StoreError, match="shorter than its catalogue says"):
        copy_start(tmp_path / "a", tmp_path / "b", length)
    assert not (tmp_path / "b").exists()
