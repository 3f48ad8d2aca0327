"""Reading tasks: files of JSON are cut into records, other files go as a whole."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.workers.reading_tasks import (
    FileItem,
    Item,
    ReadingResult,
    RecordItem,
    group_items,
    list_items,
    packed_result,
    read_item,
)

RECORD = '{"id": "1", "title": "Cầu mới", "body": "Xã vừa sửa cầu."}\n'


def test_files_of_json_are_cut_and_others_are_not(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(RECORD * 3, encoding="utf-8")
    (tmp_path / "b.txt").write_text("Cầu mới\nXã vừa sửa cầu.", encoding="utf-8")
    records = list(list_items(tmp_path / "a.jsonl", FileItem(b"a.jsonl", 9, 100), ""))
    assert [type(item) for item in records] == [RecordItem] * 3
    assert all(item.position > 100 for item in records)
    item = FileItem(os.fsencode(tmp_path / "b.txt"), 9, 100)
    assert list(list_items(tmp_path / "b.txt", item, "")) == [item]
    (missing,) = list_items(tmp_path / "none.txt", FileItem(b"none.txt", 0, 5), "")
    assert isinstance(missing, ReadingResult)
    assert missing.error == "No such file or directory"


def test_items_survive_the_way_between_processes(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/b\xff.txt"
    items: list[Item] = [FileItem(name, 3), RecordItem("a", 1, 0, b"{}"), ReadingResult("c")]
    message = msgspec.msgpack.encode(items)
    assert msgspec.msgpack.decode(message, type=list[Item]) == items


def test_groups_are_of_some_size() -> None:
    small: list[Item] = [RecordItem("a", number, 0, b"x") for number in range(70)]
    assert [len(group) for group in group_items(iter(small))] == [64, 6]
    large: list[Item] = [RecordItem("a", number, 0, b"x" * 300_000) for number in range(3)]
    assert [len(group) for group in group_items(iter(large))] == [2, 1]


def test_a_result_is_packed_where_it_can_be() -> None:
    with ReaderChildren() as children:
        (read,) = read_item(RecordItem("a", 1, 0, RECORD.encode()), "", children)
        (broken,) = read_item(RecordItem("a", 2, 0, b"{"), "", children)
    packed = packed_result(read).article
    assert packed is not None
    assert packed.member
    assert packed.content
    assert packed_result(broken) is broken
    assert "is no JSON" in broken.error
