"""JSON objects over several lines, or several in one line: what belongs together is joined."""

from __future__ import annotations

import json

import pytest

from indexer.intake.joined_objects import join_objects

LONGEST = 1 << 20
RECORDS = [
    {
        "title": f"Cầu mới {number}",
        "author": {"name": "Trần Mẫu"},
        "body": 'Đoạn } "một" {[',
        "n": [],
    }
    for number in range(3)
]


def joined(text: str, longest: int = LONGEST) -> list[tuple[int, str]]:
    lines = text.encode().split(b"\n")
    return [(number, line.decode()) for number, line in join_objects(lines, longest)]


def pretty(record: object, indent: int = 2) -> str:
    return json.dumps(record, ensure_ascii=False, indent=indent)


@pytest.mark.parametrize("indent", [0, 2, 8])
@pytest.mark.parametrize("between", ["\n", "", ",\n", ", ", "\n\n", " \r\n"])
def test_objects_one_after_another_are_whole_each(between: str, indent: int) -> None:
    text = between.join(pretty(record, indent) for record in RECORDS)
    assert [json.loads(line) for _, line in joined(text)] == RECORDS


def test_objects_in_one_line_are_taken_apart() -> None:
    text = "".join(map(json.dumps, RECORDS))
    assert [json.loads(line) for _, line in joined(text)] == RECORDS


@pytest.mark.parametrize(
    "text",
    [
        "  " + pretty(RECORDS[0]).replace("\n", "\n  "),
        '{\n\n"title" : "a",\n"body":"b"}',
        '{"title":\n"a"\n,"body": "b"}',
        '{"title": "a", "authors": [\n{"name": "b"}\n]}',
    ],
)
def test_the_lines_of_an_object_are_joined_however_they_are_broken(text: str) -> None:
    ((number, line),) = joined(text)
    assert number == 1
    assert json.loads(line) == json.loads(text)


def test_an_object_has_the_number_of_its_first_line() -> None:
    first = pretty(RECORDS[0])
    text = f'{{"title": "a"}}\n\n{first}\n{{"title": "b"}}'
    assert [number for number, _ in joined(text)] == [1, 3, 4 + first.count("\n")]


def test_an_object_without_its_end_leaves_the_ones_behind_it() -> None:
    others = ['{"title": "c", "body": "d"}', '{"title": "e", "body": "f"}']
    text = "\n".join(['{"title": "a",', '"body": "b', *others])
    assert [line for _, line in joined(text)][-2:] == others
    assert len(joined(text)) == 4


def test_an_object_that_is_too_long_is_left_in_lines() -> None:
    text = pretty(RECORDS[0])
    assert len(joined(text, longest=20)) > 1


@pytest.mark.parametrize("text", ["no JSON", '{"a": "}{"}', '{"title": "x}{', "}{", "[1,"])
def test_what_is_no_part_of_an_object_stays_as_it_is(text: str) -> None:
    assert joined(text) == [(1, text)]


@pytest.mark.parametrize(
    "text", ['{"' + '\\"' * 200_000 + "}{", "{" * 300_000, "{\n" * 100_000, '"' * 300_000 + "}{"]
)
def test_no_line_is_lost_however_hostile(text: str) -> None:
    text = "{,\n" + text
    assert "".join("".join(line for _, line in joined(text)).split()) == "".join(text.split())
