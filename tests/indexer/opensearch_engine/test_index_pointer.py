"""The pointer to an index on a cluster: written, read, and refused when it is damaged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from archive.errors import AnalyzerChangedError, EngineError
from indexer.opensearch_engine.index_pointer import (
    MAX_POINTER_SIZE,
    POINTER,
    IndexPointer,
    names_cluster_index,
    names_unmerged_index,
    read_pointer,
    write_pointer,
)
from tests.engine_contract.contract_documents import body

WHOLE = IndexPointer(
    "opensearch://localhost:9200/kho?shards=1&replicas=0&tls=0", "kho-000001", 7, 3
)


def test_a_pointer_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "000001"
    assert not names_cluster_index(folder)
    write_pointer(folder, WHOLE)
    assert read_pointer(folder) == WHOLE
    assert read_pointer(folder).parsed_location.name == "kho"
    assert names_cluster_index(folder)
    assert [path.name for path in folder.iterdir()] == [POINTER]


def test_a_pointer_says_that_its_index_was_not_merged(tmp_path: Path) -> None:
    assert not names_unmerged_index(tmp_path)
    write_pointer(tmp_path, replace(WHOLE, is_unmerged=True))
    assert names_unmerged_index(tmp_path)
    assert read_pointer(tmp_path).is_unmerged


def test_a_pointer_of_the_program_before_says_nothing_of_merging(tmp_path: Path) -> None:
    record = msgspec.to_builtins(WHOLE)
    del record["is_unmerged"]
    (tmp_path / POINTER).write_bytes(msgspec.json.encode(record))
    assert not names_unmerged_index(tmp_path)
    assert read_pointer(tmp_path) == WHOLE


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff", b'{"segments": 3}'])
def test_a_damaged_pointer_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / POINTER).write_bytes(content)
    assert not names_cluster_index(tmp_path)
    assert not names_unmerged_index(tmp_path)
    with pytest.raises(EngineError, match="rebuild"):
        read_pointer(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [
        {"sequence": -1},
        {"sequence": 1 << 63},
        {"documents": "3"},
        {"documents": None},
        {"index": "../other"},
        {"index": "*"},
        {"index": "kho,other"},
        {"index": ""},
        {"location": "http://elsewhere"},
        {"location": "opensearch://a:b@elsewhere/kho"},
    ],
)
def test_what_no_pointer_can_hold_is_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    record = msgspec.to_builtins(WHOLE) | changes
    (tmp_path / POINTER).write_bytes(msgspec.json.encode(record))
    with pytest.raises(EngineError):
        read_pointer(tmp_path)


@pytest.mark.parametrize("key", ["engine", "format", "analyzer"])
def test_another_version_is_refused(tmp_path: Path, key: str) -> None:
    record = msgspec.to_builtins(WHOLE) | {key: "older-1"}
    (tmp_path / POINTER).write_bytes(msgspec.json.encode(record))
    with pytest.raises(AnalyzerChangedError, match="older-1.*rebuild"):
        read_pointer(tmp_path)


def test_a_missing_or_giant_pointer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="there is no index.*rebuild"):
        read_pointer(tmp_path)
    (tmp_path / POINTER).write_bytes(b'{"engine": "opensearch"' + b" " * MAX_POINTER_SIZE + b"}")
    with pytest.raises(EngineError, match="larger than.*rebuild"):
        read_pointer(tmp_path)
    assert not names_cluster_index(tmp_path)


def test_the_index_of_the_embedded_engine_is_on_no_cluster(tmp_path: Path) -> None:
    from indexer.engine_factory import open_writer

    with open_writer(tmp_path) as writer:
        writer.add(body("a", "một"))
        writer.commit(1)
    assert not names_cluster_index(tmp_path)


def test_what_the_disk_refuses_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError, match="cannot be written"):
        write_pointer(tmp_path / "file" / "below", WHOLE)
