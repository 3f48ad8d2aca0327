"""Readable phrases: what may be read aloud."""

from __future__ import annotations

import pytest

from indexer.search.readable_phrases import is_readable


@pytest.mark.parametrize(
    ("phrase", "readable"),
    [
        ("công an nhân dân", True),
        ("và", True),
        ("và công an", False),
        ("công an của", False),
        ("không khí", True),
        ("có không", False),
        ("Lê Thị Mây", True),
        ("phó chủ tịch Lê Thị Mây", True),
        ("thành phố Hồ Chí Minh", True),
        ("Lê Thị Mây ăn cướp", False),
        ("nghi phạm Lê Văn Tám", False),
        ("bị cáo Lê Văn Tám", False),
        ("Ba Tèo trộm chó", False),
        ("trộm chó", True),
        ("ảnh Hoàng Nam", False),
        ("ảnh minh họa", True),
    ],
)
def test_fragments_and_accusations_are_not_read_aloud(phrase: str, readable: bool) -> None:
    assert is_readable(phrase.split()) is readable
