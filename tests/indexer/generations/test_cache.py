"""The data of a generation are opened once, until another folder is in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import EngineError, StoreError
from indexer.generations.cache import PerGenerationCache


def test_data_are_opened_once_for_each_generation(tmp_path: Path) -> None:
    opened: list[str] = []

    def open_data(folder: Path) -> str:
        opened.append(folder.name)
        return f"data of {folder.name} {len(opened)}"

    cache = PerGenerationCache(open_data)
    first, second = tmp_path / "000001", tmp_path / "000002"
    for folder in (first, second):
        folder.mkdir()
    assert [cache.get(first), cache.get(first)] == ["data of 000001 1"] * 2
    assert [cache.get(second), cache.get(second)] == ["data of 000002 2"] * 2
    assert cache.get(first) == "data of 000001 3"
    # Another archive in the place of this one has another folder of the same name.
    first.rename(tmp_path / "old")
    first.mkdir()
    assert cache.get(first) == "data of 000001 4"


def test_damaged_data_are_none_and_not_opened_again(tmp_path: Path) -> None:
    opened: list[Path] = []

    def refuse(folder: Path) -> str:
        opened.append(folder)
        raise EngineError("damaged")

    cache = PerGenerationCache(refuse)
    for folder in (tmp_path, tmp_path, tmp_path / "missing", tmp_path / "missing"):
        assert cache.get(folder) is None
    assert opened == [tmp_path, tmp_path / "missing"]


def test_other_errors_are_no_damage(tmp_path: Path) -> None:
    def fail(folder: Path) -> str:
        raise StoreError("the disk is away")

    with pytest.raises(StoreError):
        PerGenerationCache(fail).get(tmp_path)
