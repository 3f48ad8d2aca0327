"""Look-ups are read from addresses and identifiers, and from nothing else that is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.search.query.lookups import LONGEST_LOOKUP, Lookup, read_lookup

HEX = "0123456789abcdef0123"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("https://bao.vn/tua-bai.htm?a=1#x", "https://bao.vn/tua-bai.htm?a=1#x"),
        (" <https://bao.vn/tua>. ", "https://bao.vn/tua"),
        ("“https://bao.vn/tua”", "https://bao.vn/tua"),
        ("www.bao.dev/tua", "www.bao.dev/tua"),
        ("bao.com.vn/tua,", "bao.com.vn/tua"),
        ("url:bao.dev/tua", "bao.dev/tua"),
        ('URL: "https://bao.vn/một tựa"', "https://bao.vn/một tựa"),
        ("id:https://bao.vn/tua", "https://bao.vn/tua"),
    ],
)
def test_addresses_are_read(typed: str, value: str) -> None:
    assert read_lookup(typed) == Lookup(value, is_address=True, is_certain=True)


@pytest.mark.parametrize(
    ("typed", "value", "is_certain"),
    [
        (HEX, HEX, True),
        (HEX.upper(), HEX.upper(), True),
        (f"id:{HEX}", HEX, True),
        ("id: 7", "7", True),
        ('id:"tin 7"', "tin 7", True),
        ("bm2245", "bm2245", False),
        ("tin_xa_hoi_18", "tin_xa_hoi_18", False),
        ("22455775", "22455775", False),
        ("covid-19", "covid-19", False),
    ],
)
def test_identifiers_are_read(typed: str, value: str, is_certain: bool) -> None:
    assert read_lookup(typed) == Lookup(value, is_address=False, is_certain=is_certain)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "công an",
        "khẩu hiệu",
        "2022 2023",
        "id:7 công an",
        "url:",
        "id:",
        "-id:7",
        "url:/",
        "title:tua7",
        "https://bao.vn/tua công an",
        "và/hoặc",
        "tua~1",
        "a7",
        "x" * LONGEST_LOOKUP + "7",
    ],
)
def test_other_queries_name_no_article(typed: str) -> None:
    assert read_lookup(typed) is None


def test_as_typed_nothing_but_a_field_names_an_article() -> None:
    assert read_lookup("https://bao.vn/tua", as_typed=True) is None
    assert read_lookup("url:https://bao.vn/tua", as_typed=True) is not None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("https://bao.vn/muc/gia-vang-tang-manh-20210429.htm?a-b-c-d=1", "gia vang tang manh"),
        ("https://bao.vn/gia_vang_tang/amp", "gia vang tang"),
        ("https://bao.vn/gi%C3%A1-v%C3%A0ng-t%C4%83ng", "giá vàng tăng"),
        ("https://bao.vn/c/225.epi", '="bao.vn/c/225.epi"'),
        ("https://bao.vn/", "bao.vn"),
        ("id:tin-7", "tin-7"),
    ],
)
def test_an_address_tells_the_words_to_search_for(typed: str, words: str) -> None:
    lookup = read_lookup(typed)
    assert lookup
    assert lookup.words == words


@pytest.mark.parametrize(
    ("typed", "identifier"),
    [
        (f"http://localhost:8080/article/{HEX}?q=a", HEX),
        (f"https://bao.vn/{HEX.upper()}/original", HEX),
        ("https://bao.vn/tua", ""),
        (f"id:{HEX}", ""),
    ],
)
def test_an_address_of_our_own_pages_has_the_identifier(typed: str, identifier: str) -> None:
    lookup = read_lookup(typed)
    assert lookup
    assert lookup.own_identifier == identifier


@given(st.text(), st.sampled_from(["", "url:", "id:", "https://", "https://[", "www.a/"]))
def test_nothing_that_can_be_typed_raises(typed: str, prefix: str) -> None:
    lookup = read_lookup(prefix + typed)
    if lookup:
        assert lookup.words
        assert len(lookup.own_identifier) in (0, 20)
