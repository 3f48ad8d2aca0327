"""Known names: what titles and leads write with capitals, in three articles or more."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.derived.phrase_table import PhraseTable
from indexer.search.interpret.known_names import KnownNames
from tests.factories import ArchiveFactory, article

TITLES = (
    *(f"Hôm nay Trần Văn Lương thăm Xã Đông ngày {number}" for number in range(4)),
    *(f"Hãng Zyxel bán máy số {number}" for number in range(3)),
    *(f"Máy Zyxel ở chợ phiên {number}" for number in range(3)),
    *(f"Ông Lê Quý Hân nói về giá lúa {number}" for number in range(2)),
    *(f"Giá lúa ở Bến Cát và ở bến cát {number}" for number in range(3)),
)


@pytest.fixture(scope="module")
def names(shared_archive_of: ArchiveFactory) -> KnownNames:
    archive = shared_archive_of(*(article(title, "Bài viết.") for title in TITLES))
    with archive.live_index.open_generation() as generation:
        return KnownNames(PhraseTable(generation.folder))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("trần văn lương", ("Trần", "Văn", "Lương")),
        ("tran van luong", ("Trần", "Văn", "Lương")),
        ("văn lương", ("Văn", "Lương")),
        ("trấn văn lương", None),
        ("zyxel", ("Zyxel",)),
        ("xã đông", ("Xã", "Đông")),
        # A syllable is a part of names; small letters, words between, too few articles.
        ("trần", None),
        ("giá lúa", None),
        ("bến cát", None),
        ("thăm xã", None),
        ("lê quý hân", None),
        ("zyxel bán máy số zyxel", None),
        ("không có", None),
    ],
)
def test_a_name_has_capitals_wherever_it_stands(
    names: KnownNames, typed: str, expected: tuple[str, ...] | None
) -> None:
    found = names.find(Analyzer().tokens(typed))
    assert (found and found.words) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("trân văn lương", {("Trần", "Văn", "Lương")}),
        ("trần vă luong", {("Trần", "Văn", "Lương")}),
        ("tran vam luon", {("Trần", "Văn", "Lương")}),
        ("trần văn lươngxx", set()),
        ("trần vẹn lương", set()),
        ("zyxl", {("Zyxel",)}),
        ("zxl", set()),
    ],
)
def test_names_at_one_edit_a_word_are_found(
    names: KnownNames, typed: str, expected: set[tuple[str, ...]]
) -> None:
    assert {name.words for name in names.find_near(Analyzer().tokens(typed))} == expected
