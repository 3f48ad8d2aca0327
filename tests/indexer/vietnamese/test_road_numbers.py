"""Numbered roads: each form is searched by the others as well."""

from __future__ import annotations

import pytest

from indexer.search.search_records import SearchRequest
from indexer.vietnamese.road_numbers import find_roads
from tests.factories import ArchiveFactory, article


@pytest.mark.parametrize(
    ("typed", "forms"),
    [
        ("QL1A", ["quốc lộ 1A", "QL 1A"]),
        ("trên ql14 sáng", ["quốc lộ 14", "QL 14"]),
        ("QL 5", ["quốc lộ 5", "QL5"]),
        ("quốc lộ 1A", ["QL1A", "QL 1A"]),
        ("quoc lo 51", ["QL51", "QL 51"]),
        ("ĐT743", ["tỉnh lộ 743", "đường tỉnh 743", "ĐT 743"]),
        ("dt743", ["tỉnh lộ 743", "đường tỉnh 743", "ĐT 743"]),
        ("tỉnh lộ 8", ["ĐT8", "ĐT 8", "TL8", "TL 8"]),
        ("hương lộ 2", ["HL2", "HL 2"]),
        ("QL", []),
        ("QLCT", []),
        ("quốc lộ", []),
        ("quốc lộ mới", []),
        ("ĐT 2017", []),
        ("", []),
    ],
)
def test_the_other_forms_of_a_road(typed: str, forms: list[str]) -> None:
    found = [road.long if road.is_short else road.short for road in find_roads(typed.split(" "))]
    assert found == forms


@pytest.mark.parametrize("typed", ["QL1A", "ql1a", "QL 1A", "quốc lộ 1A", "quoc lo 1a"])
def test_a_road_is_found_by_each_of_its_forms(archive_of: ArchiveFactory, typed: str) -> None:
    archive = archive_of(
        article("Kẹt xe", "Xe kẹt trên QL1A từ sáng."),
        article("Mưa to", "Nước ngập QL 1A đến chiều."),
        article("Nắng to", "Dân phơi lúa trên quốc lộ 1A."),
        article("Gió to", "Cây đổ trên quốc lộ 5, gần nhà 1A."),
    )
    assert archive.search.search(SearchRequest(typed)).total_full == 3
