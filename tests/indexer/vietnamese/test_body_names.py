"""The name of a body before a bracket begins with the noun of its kind."""

from __future__ import annotations

import pytest

from indexer.vietnamese.acronym_extraction import extract
from indexer.vietnamese.body_names import find_body_name


@pytest.mark.parametrize(
    ("context", "short", "name"),
    [
        ("của Tập đoàn Dầu khí Việt Nam", "PVN", "Tập đoàn Dầu khí Việt Nam"),
        ("Chủ tịch tập đoàn Dầu khí Việt Nam", "PVN", "tập đoàn Dầu khí Việt Nam"),
        ("theo Đài Truyền hình Việt Nam", "VTV", "Đài Truyền hình Việt Nam"),
        ("Liên minh châu Âu", "EU", "Liên minh châu Âu"),
        ("Quỹ tiền tệ quốc tế", "IMF", "Quỹ tiền tệ quốc tế"),
        ("Trường Đại học Mở", "HOU", "Trường Đại học Mở"),
        ("Hội đồng thành viên Tổng công ty Đường sắt", "VNR", "Tổng công ty Đường sắt"),
        ("Công ty cổ phần May Sông Hồng", "MSH", "Công ty cổ phần May Sông Hồng"),
        ("Bảo hiểm xã hội Việt Nam", "VSS", None),
        ("Bộ trưởng phụ trách thương mại", "MRT", None),
        ("quỹ tiền tệ quốc tế", "IMF", None),
        ("tiền đạo Nguyễn Văn Bình", "MU", None),
        ("Công ty Xây dựng 4 Hà Nội", "XDHN", None),
        ("Tập đoàn", "TD", None),
        ("Tập đoàn Dầu khí", "Pvn", None),
        ("Tập đoàn Dầu khí", "P", None),
        ("Tập đoàn Dầu khí", "PV 2", None),
        ("", "PVN", None),
    ],
)
def test_a_name_begins_with_its_noun(context: str, short: str, name: str | None) -> None:
    start = find_body_name(short, context, 0)
    assert (None if start is None else context[start:]) == name


def test_a_definition_may_have_no_initials() -> None:
    text = "Hôm qua. Lãnh đạo Tập đoàn Dầu khí Việt Nam (PVN) họp tại Hà Nội (Việt Nam)."
    assert [(each.short, each.long) for each in extract(text)] == [
        ("PVN", "Tập đoàn Dầu khí Việt Nam")
    ]
    assert extract("Tập đoàn này. Dầu khí Việt Nam (PVN)") == []
