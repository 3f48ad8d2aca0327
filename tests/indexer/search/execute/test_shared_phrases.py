"""The reason for which an article is called similar: names, and whole phrases."""

from __future__ import annotations

import pytest

from indexer.search.execute.shared_phrases import shared_phrases
from tests.factories import article

READ = article(
    "Ông Lê Văn Cả thăm Trường Mầm non Hoa Sen",
    "Hôm nay ông Lê Văn Cả tới. Tại Điện Biên. Vụ tai nạn giao thông ở TÒA NHÀ cũ. Ngày 28 mưa.",
)


@pytest.mark.parametrize(
    ("text", "terms", "shared"),
    [
        ("Ông Lê Văn Cả nói.", ["văn cả", "lê văn"], ("Ông Lê Văn Cả",)),
        ("của ông Lê Văn Cả ở", ["văn cả", "lê văn"], ("Ông Lê Văn Cả",)),
        ("tại Điện Biên này", ["điện biên"], ("Điện Biên",)),
        ("ở Điện Biên, Lê Văn Cả", ["điện biên", "lê văn"], ("Điện Biên", "Lê Văn Cả")),
        ("một trường mầm non", ["trường mầm", "mầm non"], ("Trường Mầm non",)),
        (
            "vụ tai nạn giao thông",
            ["vụ tai", "tai nạn", "nạn giao", "giao thông"],
            ("Vụ tai nạn giao thông",),
        ),
        # A name that the other lacks, halves of words, figures, and a name of no interest.
        ("Ông Lê Văn Tám", ["văn cả", "lê văn"], ()),
        ("tai nạn", ["tai nạn"], ()),
        ("ngày 28", ["ngày 28"], ()),
        ("Điện Biên", [], ()),
        ("", ["lê văn"], ()),
    ],
)
def test_names_and_whole_phrases_are_shared(
    text: str, terms: list[str], shared: tuple[str, ...]
) -> None:
    assert shared_phrases(READ, article("Tin", text), terms) == shared
