"""A newspaper's usual sections are known by their names in both languages."""

from __future__ import annotations

import pytest

from indexer.vietnamese.section_names import is_section, other_names, section_name


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [
        ("society", "Xã hội", "Society"),
        ("Society", "Xã hội", "Society"),
        ("xa-hoi", "Xã hội", "Society"),
        ("the_thao", "Thể thao", "Sport"),
        ("tech", "Công nghệ", "Technology"),
        ("Tech", "Công nghệ", "Tech"),
        ("sức khoẻ", "Sức khỏe", "Health"),
        ("Sức khoẻ", "Sức khoẻ", "Health"),
        ("Ô tô - Xe máy", "Ô tô - Xe máy", "Cars"),
        ("THẾ GIỚI", "THẾ GIỚI", "World"),
        ("Quoc te", "Quốc tế", "International"),
    ],
)
def test_a_usual_section_has_its_name_in_both_languages(
    value: str, vietnamese: str, english: str
) -> None:
    assert is_section(value)
    assert section_name(value, "vi") == vietnamese
    assert section_name(value, "en") == english


@pytest.mark.parametrize(
    "value", ["", " ", "-", "Anh", "anh", "sach", "Sạch", "Thế giời", "Mã độc & <b>", "x" * 9000]
)
def test_what_is_no_usual_section_stays_as_it_is(value: str) -> None:
    assert not is_section(value)
    assert section_name(value, "vi") == section_name(value, "en") == value


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("society", {"xa hoi", "social"}),
        ("Xã hội", {"society", "social"}),
        ("xa-hoi", {"society", "social"}),
        ("Thể thao", {"sport", "sports"}),
        ("nhà đất", {"property", "real estate", "bat dong san"}),
        ("Ngõ nhỏ", set()),
        ("", set()),
        ("x" * 9000, set()),
    ],
)
def test_a_section_has_other_names(value: str, names: set[str]) -> None:
    assert set(map(" ".join, other_names(value))) == names
