"""One comma in a byline: a family name first, a suffix behind a name, or two people."""

from __future__ import annotations

import pytest

from indexer.intake.inverted_names import is_inverted


@pytest.mark.parametrize(
    "name",
    ["O'Neil, Mary", "D’Angelo, Anna Maria", "García, Gabriel J.", "Smith, J.-P.", "van Dijk, Jan"]
    + ["Nguyễn, Thị Minh Khai", "John King, III", "Ann Lee, M.D.", "Ng, Peter", "Đỗ, Văn An"],
)
def test_one_person(name: str) -> None:
    assert is_inverted(name)


@pytest.mark.parametrize(
    "names",
    [
        "Minh, An",
        "Lê, Minh Anh",
        "Ann Lee, Peter Ng",
        "Reuters, Bloomberg",
        "Smith, BBC News",
        "AP, AFP",
    ]
    + [
        "Smith, John, Ann",
        "Smith,",
        ", Smith",
        "Smith",
        "Smith, aged 7",
        "Smith, 2021",
        "Smith, and",
    ],
)
def test_two_people_or_none(names: str) -> None:
    assert not is_inverted(names)
