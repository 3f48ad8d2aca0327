"""Segments whose checksums are right and whose arrays lead nowhere are refused, each array."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from archive.errors import EngineError
from indexer.arrays.array_file import Array, ArrayFile, write_arrays
from indexer.engine.queries import Column
from indexer.engine_factory import index_files, open_engine, open_writer
from indexer.whoosh_engine.format.index_manifest import read_manifest, write_manifest
from indexer.whoosh_engine.format.segment_inspection import SHAPES, _ArrayShape
from tests.engine_contract.contract_documents import CORPUS
from tests.oracle.test_oracle import random_document

HARMLESS = {"coded", *(f"{column}.start" for column in Column)}
"""Codes beyond the last are read as the last; a value that no document has is in no answer."""


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of one segment that has dense terms."""
    folder, rng = tmp_path_factory.mktemp("intact"), random.Random(5)
    with open_writer(folder) as writer:
        for document in (*CORPUS, *(random_document(rng, number) for number in range(300))):
            writer.add(document)
        writer.commit(1)
    return folder


def doctor(intact: Path, folder: Path, name: str, change: Callable[[Array], Array]) -> bool:
    """Change one array of a copy, with all checksums right; tell whether it changed at all."""
    shutil.copytree(intact, folder)
    manifest = read_manifest(folder)
    (entry,) = manifest.segments
    file = ArrayFile(folder / entry.file, entry.name, entry.check)
    arrays = {shape.name: np.array(file.array(shape.name).read()) for shape in SHAPES}
    changed = change(arrays[name].copy())
    if np.array_equal(changed, arrays[name]):
        return False
    arrays[name] = changed
    check = write_arrays(folder / entry.file, entry.name, arrays.items())
    write_manifest(folder, replace(manifest, segments=(replace(entry, check=check),)))
    return True


def test_every_array_of_a_segment_has_a_shape(intact: Path) -> None:
    index_files().check(intact)
    (entry,) = read_manifest(intact).segments
    file = ArrayFile(intact / entry.file, entry.name, entry.check)
    assert {shape.name for shape in SHAPES} == set(file._directory)


@pytest.mark.parametrize(
    "change",
    [
        lambda array: array[:-1],
        lambda array: np.concatenate([array, array[-1:]]),
        lambda array: array.astype(np.float64),
    ],
    ids=["shorter", "longer", "another type"],
)
def test_an_array_of_another_shape_is_refused_when_it_is_opened(
    intact: Path, tmp_path: Path, change: Callable[[Array], Array]
) -> None:
    for shape in SHAPES:
        folder = tmp_path / shape.name
        alone = sum(other.dimension == shape.dimension for other in SHAPES) == 1
        if shape.name in HARMLESS or not doctor(intact, folder, shape.name, change):
            continue
        if alone and change(np.zeros(2, shape.type)).dtype == shape.type:
            # Nothing else is as long: what counts its values says so.
            with pytest.raises(EngineError, match="rebuild"):
                index_files().check(folder)
        else:
            with pytest.raises(EngineError, match=r"its \S+ .*rebuild"):
                open_engine(folder)


@pytest.mark.parametrize(
    "shape", [shape for shape in SHAPES if shape.numbers_of], ids=lambda shape: shape.name
)
def test_a_number_of_nothing_is_found_by_the_check(
    intact: Path, tmp_path: Path, shape: _ArrayShape
) -> None:
    def raise_last(array: Array) -> Array:
        array[-1:] = np.iinfo(array.dtype).max
        return array

    if doctor(intact, tmp_path / "copy", shape.name, raise_last):
        with pytest.raises(EngineError, match="that there are not"):
            index_files().check(tmp_path / "copy")


@pytest.mark.parametrize(
    "shape", [shape for shape in SHAPES if shape.starts_of], ids=lambda shape: shape.name
)
@pytest.mark.parametrize("place", [0, -1])
def test_offsets_out_of_order_are_found_by_the_check(
    intact: Path, tmp_path: Path, shape: _ArrayShape, place: int
) -> None:
    def raise_one(array: Array) -> Array:
        array[place] = np.iinfo(array.dtype).max
        return array

    doctor(intact, tmp_path / "copy", shape.name, raise_one)
    with pytest.raises(EngineError, match="that there are not"):
        index_files().check(tmp_path / "copy")


@pytest.mark.parametrize("documents", [0, 1, 1 << 40])
def test_a_number_of_documents_that_is_not_the_files_is_refused(
    intact: Path, tmp_path: Path, documents: int
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(intact, folder)
    manifest = read_manifest(folder)
    entry = replace(manifest.segments[0], documents=documents)
    write_manifest(folder, replace(manifest, segments=(entry,)))
    with pytest.raises(EngineError, match="rebuild"):
        open_engine(folder)
