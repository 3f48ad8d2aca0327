"""Rows are records or damage; shares of the identifiers have each article once."""

from __future__ import annotations

from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest

from archive.catalogue.catalogue_rows import (
    StatedHead,
    record_of_container,
    share_bounds,
    to_change,
    to_version,
)
from archive.errors import DamagedError
from archive.records import Change, ChangeKind, WarcLocation

_CHANGE = {"sequence": 3, "identifier": "a1", "version": 2, "kind": "changed"}
_VERSION = {
    "identifier": "a1",
    "version": 2,
    "sequence": 3,
    "captured": "2026-01-02T03:04:05+00:00",
    "digest": "d",
    "text_digest": "t",
    "source": "a.txt",
    "reader": "text",
    "reader_version": 4,
    "warc_file": "f",
    "warc_offset": 5,
    "warc_length": 6,
}


@pytest.mark.parametrize("count", [1, 2, 3, 7, 16, 100])
def test_every_identifier_is_in_one_share_of_nearly_the_same_size(count: int) -> None:
    identifiers = [sha256(b"%d" % number).hexdigest()[:20] for number in range(100 * count)]
    bounds = [share_bounds(index, count) for index in range(count)]
    sizes = [0] * count
    for identifier in identifiers:
        homes = [
            index
            for index, (low, high) in enumerate(bounds)
            if identifier > low and (not high or identifier <= high)
        ]
        assert len(homes) == 1
        sizes[homes[0]] += 1
    assert min(sizes) > 50
    assert max(sizes) < 200


def row(values: dict[str, Any], **others: Any) -> Any:
    return SimpleNamespace(**values | others)


def test_a_row_of_articles_is_a_change() -> None:
    assert to_change(row(_CHANGE)) == Change(3, "a1", 2, ChangeKind.CHANGED)


@pytest.mark.parametrize(
    "others",
    [{"kind": "x"}, {"kind": None}, {"sequence": "3"}, {"version": None}, {"version": 1.5}],
)
def test_a_change_with_other_values_is_damage(others: dict[str, Any]) -> None:
    with pytest.raises(DamagedError, match=r"the catalogue says .* of a1; run `tangthu verify`"):
        to_change(row(_CHANGE, **others))


def test_a_row_of_versions_is_a_version() -> None:
    version = to_version(row(_VERSION))
    assert (version.number, version.sequence, version.digest) == (2, 3, "d")
    assert (version.origin.source, version.origin.reader_version) == ("a.txt", 4)
    assert version.location == WarcLocation("f", 5, 6)


@pytest.mark.parametrize(
    "column", ["version", "sequence", "reader_version", "warc_offset", "warc_length"]
)
@pytest.mark.parametrize("number", ["5", None])
def test_a_version_without_its_numbers_is_damage(column: str, number: object) -> None:
    with pytest.raises(DamagedError, match="no numbers where a1 needs them"):
        to_version(row(_VERSION, **{column: number}))


@pytest.mark.parametrize(
    ("digest", "heads"), [("d", (StatedHead("x/y", ""),)), ("c", ()), ("e", ())]
)
def test_only_a_container_that_is_kept_whole_says_the_type_of_its_record(
    digest: str, heads: tuple[StatedHead, ...]
) -> None:
    columns = {**_VERSION, "record_digest": "d", "media_type": "x/y", "size": 7, "digest": digest}
    record = record_of_container(row(columns))
    assert (record.subject, record.digest, record.heads) == (f"container {digest}", "d", heads)
    assert (record.size, record.place) == (7, ("f", 5))
