"""The glossary: its sources, the operator's file, and looking up with marks or without."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.vietnamese.glossary import (
    Entry,
    Glossary,
    common_names,
    defined_pairs,
    exact_long,
    merge_glossaries,
    parse_glossary,
    shipped_entries,
    short_key,
)
from tests.paths import DATA, ROOT

VECTORS = DATA / "acronym.tsv"

POLICE = Glossary(
    [
        Entry("UBND", "Ủy ban nhân dân", articles=9),
        Entry("ANTT", "an ninh trật tự", articles=7),
        Entry("ANTT", "an ninh thông tin", articles=2),
        Entry("TP.HCM", "Thành phố Hồ Chí Minh"),
        Entry("ANM & PCTP", "An ninh mạng và phòng, chống tội phạm"),
        Entry("CA", "công an"),
        Entry("CAND", "công an nhân dân"),
        Entry("ĐT", "điện thoại"),
        Entry("DT", "di tích"),
    ]
)


def test_every_shipped_row_is_attested_by_a_list_under_the_mit_licence() -> None:
    rows = [line.split("\t") for line in VECTORS.read_text("utf-8").splitlines()]
    attested = {
        (row[0], long)
        for row in rows
        if len(row) == 4 and "(MIT)" in row[3]
        for long in row[1].split(",")
    }
    shipped = {(entry.short, entry.long) for entry in shipped_entries()}
    assert len(shipped) == 242
    assert shipped <= attested


def test_the_shipped_file_has_no_bad_line_and_names_its_sources() -> None:
    text = (ROOT / "indexer/vietnamese/glossary.tsv").read_text("utf-8")
    entries, bad = parse_glossary(text, "shipped")
    assert bad == ()
    assert entries == shipped_entries()
    assert all(name in text for name in ("soe-vinorm", "vnauto", "MIT License", "Copyright"))


def test_bad_lines_are_reported_with_their_number_and_the_rest_is_read() -> None:
    text = (
        "\ufeff# ours\r\n\r\nUBND\tỦy ban nhân dân\r\nno tab here\n\tlong\nAB\t \n"
        + f"{'A' * 25}\tlong\nAB\t{'long ' * 30}\nCBCS\tcán bộ chiến sĩ\tnote\n"
    )
    entries, bad = parse_glossary(text)
    assert [(entry.short, entry.long, entry.source) for entry in entries] == [
        ("UBND", "Ủy ban nhân dân", "operator"),
        ("CBCS", "cán bộ chiến sĩ", "operator"),
    ]
    assert [line.number for line in bad] == [4, 5, 6, 7, 8]
    assert bad[0].text == "no tab here"
    assert "tab" in bad[0].reason


@given(st.text())
def test_no_operator_file_raises(text: str) -> None:
    entries, bad = parse_glossary(text)
    glossary = merge_glossaries((), {}, entries)
    assert len(glossary) <= len(entries)
    assert all(line.number >= 1 and line.reason for line in bad)


def test_a_definition_needs_two_articles_or_a_list() -> None:
    shipped = [Entry("HĐND", "hội đồng nhân dân", "shipped")]
    counts = {("XYZ", "xã yên zơ"): 1, ("HĐND", "hội đồng nhân dân"): 1, ("BV", "bệnh viện"): 2}
    glossary = merge_glossaries(shipped, counts)
    assert [(e.short, e.source, e.articles) for e in glossary.entries] == [
        ("BV", "archive", 2),
        ("HĐND", "shipped", 1),
    ]
    assert len(merge_glossaries(shipped, counts, least_articles=1)) == 3


def test_spellings_of_one_pair_are_counted_together_and_the_operator_decides_the_spelling() -> None:
    counts = {
        ("GD&ĐT", "giáo dục và đào tạo"): 3,
        ("GD-ĐT", "giáo dục và đào tạo"): 1,
        ("UBND", "ủy ban nhân dân"): 5,
    }
    glossary = merge_glossaries([], counts, [Entry("UBND", "Uỷ ban Nhân dân")])
    assert [(e.short, e.long, e.source, e.articles) for e in glossary.entries] == [
        ("UBND", "Uỷ ban Nhân dân", "operator", 5),
        ("GD&ĐT", "giáo dục và đào tạo", "archive", 4),
    ]


def test_an_article_defines_a_pair_once_in_one_spelling() -> None:
    text = "Uỷ ban nhân dân (UBND) … Ủy ban Nhân dân (UBND)"
    assert defined_pairs(text) == {("UBND", "ủy ban nhân dân")}
    assert exact_long("Phòng, chống tội phạm") == "phòng chống tội phạm"


@pytest.mark.parametrize(
    ("first", "second"),
    [("GD&ĐT", "gd va dt"), ("TP.HCM", "tphcm"), ("LĐ-TB&XH", "LĐTBXH"), ("T.Ư", "TU")],
)
def test_short_key_is_the_same_for_all_ways_to_write(first: str, second: str) -> None:
    assert short_key(first) == short_key(second)


@pytest.mark.parametrize(
    ("short", "longs"),
    [
        ("ubnd", ["Ủy ban nhân dân"]),
        ("antt", ["an ninh trật tự", "an ninh thông tin"]),
        ("TP HCM", ["Thành phố Hồ Chí Minh"]),
        ("tphcm", ["Thành phố Hồ Chí Minh"]),
        ("anm pctp", ["An ninh mạng và phòng, chống tội phạm"]),
        ("ANM và PCTP", ["An ninh mạng và phòng, chống tội phạm"]),
        ("đt", ["điện thoại"]),
        ("dt", ["di tích", "điện thoại"]),
        ("xyz", []),
        ("", []),
    ],
)
def test_a_short_form_has_its_long_forms(short: str, longs: list[str]) -> None:
    assert [entry.long for entry in POLICE.long_forms(short)] == longs


@pytest.mark.parametrize(
    ("long", "shorts"),
    [
        ("uy ban nhan dan", ["UBND"]),
        ("UỶ BAN nhân dân", ["UBND"]),
        ("ủy bản nhân dân", []),
        ("an ninh mang va phong chong toi pham", ["ANM & PCTP"]),
        ("ủy ban", []),
        ("", []),
    ],
)
def test_a_long_form_has_its_short_forms(long: str, shorts: list[str]) -> None:
    assert [entry.short for entry in POLICE.short_forms(long)] == shorts


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ubnd tỉnh", [(0, 1, "UBND", True)]),
        ("chủ tịch uy ban nhan dan tỉnh", [(2, 6, "UBND", False)]),
        ("công an nhân dân", [(0, 4, "CAND", False)]),
        ("công an tỉnh", [(0, 2, "CA", False)]),
        ("TP HCM", [(0, 2, "TP.HCM", True)]),
        ("cục ANM PCTP", [(1, 3, "ANM & PCTP", True)]),
        ("ca nhạc", []),
        ("CA tỉnh", [(0, 1, "CA", True)]),
        ("antt", [(0, 1, "ANTT", True), (0, 1, "ANTT", True)]),
        ("", []),
    ],
)
def test_both_forms_are_found_in_a_query(
    query: str, expected: list[tuple[int, int, str, bool]]
) -> None:
    matches = POLICE.find(query.split())
    assert [(m.start, m.end, m.entry.short, m.is_short) for m in matches] == expected


def test_the_shipped_names_have_no_bad_line() -> None:
    text = files("indexer.vietnamese").joinpath("common_names.tsv").read_text("utf-8")
    entries, bad = parse_glossary(text, "shipped")
    assert (entries, bad) == (common_names(), ())
    assert Entry("TPHCM", "thành phố Hồ Chí Minh", "shipped") in entries
    assert not {entry.short for entry in entries} & {entry.short for entry in shipped_entries()}


@pytest.mark.parametrize(
    ("definitions", "shorts"),
    [
        # A short form without initials stands behind one name, a place behind many.
        ({("KNB", "công ty dệt kim"): 2}, {"KNB"}),
        ({("KNB", "công ty dệt kim"): 1}, set()),
        ({("TPX", f"bệnh viện số {letter}"): 2 for letter in "abcde"}, set()),
        ({("KNB", "công ty dệt kim"): 8, ("KNB", "tập đoàn bông"): 2}, {"KNB"}),
        # Initials need no such share, and a list is not contradicted.
        ({("BV", f"bình {word}"): 2 for word in ("vân", "vĩnh", "vọng", "vũ", "viên")}, {"BV"}),
        ({("HĐND", "công ty dệt kim"): 9}, {"HĐND"}),
    ],
)
def test_definitions_without_initials_need_most_of_the_brackets(
    definitions: dict[tuple[str, str], int], shorts: set[str]
) -> None:
    shipped = [Entry("HĐND", "hội đồng nhân dân", "shipped")]
    glossary = merge_glossaries(shipped, definitions)
    assert {entry.short for entry in glossary.entries} == shorts | {"HĐND"}
    assert "công ty dệt kim" not in {entry.long for entry in glossary.long_forms("HĐND")}
