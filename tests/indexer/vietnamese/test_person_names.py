"""Person names: what names a person, and where the name begins."""

from __future__ import annotations

import pytest

from indexer.vietnamese.person_names import read_person, run_start


@pytest.mark.parametrize(
    ("before", "run", "name"),
    [
        ("", "Ngô Văn Bình", "Ngô Văn Bình"),
        ("", "Ông Bình", "Bình"),
        ("theo lời anh", "Nga", "Nga"),
        ("Tổng thống", "Nga", None),
        ("Tổng thống", "Nga Petrov", "Petrov"),
        ("Ngoại trưởng", "Saudi Arabia Adel al-Fahd", "Adel al-Fahd"),
        ("cán bộ xã", "Hướng Lâm Hồ Văn Tám", "Hồ Văn Tám"),
        ("", "UBND TP Lê Thị Mây", "Lê Thị Mây"),
        ("", "Hà Nội", None),
        ("báo", "La Stampa", None),
        ("", "Northern Airlines", None),
        ("", "Trường THPT Lê Văn Tám", None),
        ("", "FIFA", None),
    ],
)
def test_the_name_of_a_person_is_parted_from_what_precedes_it(
    before: str, run: str, name: str | None
) -> None:
    person = read_person(run.split(), before + " ")
    assert (person and " ".join(run.split()[person.start :])) == name


@pytest.mark.parametrize(
    ("before", "is_related"),
    [("vợ anh", True), ("trợ lý của bà", True), ("chiều nay ông", False)],
)
def test_another_person_may_be_meant(before: str, is_related: bool) -> None:
    person = read_person(["Ngô", "Bình"], before + " ")
    assert person is not None
    assert person.is_related is is_related


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("hôm qua ông Ngô Văn Bình", "Ngô Văn Bình"),
        ("(Ngô Bình", "Ngô Bình"),
        ("bà Adel al-Fahd", "Adel al-Fahd"),
        ("em H.", "H."),
        ("hôm qua", ""),
        ("", ""),
        ("cô ấy", ""),
    ],
)
def test_capitalized_words_at_the_end_of_a_text(text: str, run: str) -> None:
    assert text[run_start(text) :] == run
