"""String tables are searched where they lie, whatever strings they hold."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.arrays.array_file import ArrayFile, write_arrays
from indexer.arrays.string_table import ABSENT, StringTable, string_table_arrays

SORTED = ["", "an", "anh", "anh\ud800", "án", "ấn", "\U0001f600"]


def table_of(folder: Path, strings: Sequence[str]) -> StringTable:
    arrays = string_table_arrays("words", strings)
    check = write_arrays(folder / "words.arrays", "words", arrays.items())
    return StringTable(ArrayFile(folder / "words.arrays", "words", check), "words")


@pytest.mark.parametrize("strings", [[], [""], SORTED, ["b", "a", "b"]], ids=repr)
def test_strings_come_back_in_their_order(tmp_path: Path, strings: list[str]) -> None:
    table = table_of(tmp_path, strings)
    assert len(table) == len(strings)
    assert table.strings() == strings == [table.string(index) for index in range(len(table))]
    backwards = np.arange(len(table))[::-1]
    assert table.strings_at(backwards) == strings[::-1]


def test_sorted_strings_are_found(tmp_path: Path) -> None:
    table = table_of(tmp_path, SORTED)
    assert [table.find(string) for string in SORTED] == list(range(len(SORTED)))
    assert [table.find(string) for string in ("a", "anhh", "z")] == [ABSENT] * 3
    assert [table.find("an", low, high) for low, high in ((1, 2), (2, 7))] == [1, ABSENT]


@pytest.mark.parametrize(
    ("prefix", "expected"), [("", (0, 7)), ("an", (1, 4)), ("á", (4, 5)), ("b", (4, 4))]
)
def test_a_prefix_is_a_range(tmp_path: Path, prefix: str, expected: tuple[int, int]) -> None:
    assert table_of(tmp_path, SORTED).prefix_range(prefix) == expected


def test_many_strings_are_found_from_every_range(tmp_path: Path) -> None:
    strings = [f"{number:04}" for number in range(0, 600, 3)]
    table = table_of(tmp_path, strings)
    for number in range(0, 600):
        encoded = f"{number:04}".encode()
        for low, high in ((0, None), (0, 200), (1, 199), (63, 130), (64, 192), (150, 200)):
            end = len(strings) if high is None else high
            expected = bisect_left(strings, f"{number:04}", low, end)
            assert table.insertion_point(encoded, low, high) == expected


def test_a_range_is_searched_in_a_table_that_is_sorted_only_within_its_ranges(
    tmp_path: Path,
) -> None:
    ranges = [[f"{letter}{number:02}" for number in range(40)] for letter in "cab"]
    table = table_of(tmp_path, [string for strings in ranges for string in strings])
    for place, strings in enumerate(ranges):
        low, high = place * 40, place * 40 + 40
        assert [table.find(string, low, high) for string in strings] == list(range(low, high))
        assert [table.find(f"{string}x", low, high) for string in strings] == [ABSENT] * 40


@given(strings=st.sets(st.text(max_size=10)), others=st.lists(st.text(max_size=10)))
@example(strings={""}, others=["\0"])
@example(strings={"a", "a\0", "\ud800", "12345678", "123456789"}, others=["12345678\0", "1234567"])
def test_strings_looked_up_together_are_found_as_each_alone(
    strings: set[str], others: list[str]
) -> None:
    ordered = sorted(strings)
    with TemporaryDirectory() as folder:
        table = table_of(Path(folder), ordered)
        texts = [*ordered, *others]
        assert table.find_all(texts).tolist() == [table.find(text) for text in texts]
