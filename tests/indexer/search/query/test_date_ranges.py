"""Dates in figures and in words, with marks and without, and ranges of them."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.analyzer import Analyzer
from indexer.search.query.date_ranges import parse_date_range
from indexer.search.query.parser import parse
from indexer.search.query.syntax import DateNode
from indexer.vietnamese.dates import VIETNAM
from indexer.vietnamese.normalization import fold

TODAY = date(2022, 12, 19)
"""A Monday."""


def days(text: str) -> tuple[str, str] | None:
    """The first day and the day after the last, as texts; empty for an open end."""
    bounds = parse_date_range(text, TODAY)
    if bounds is None:
        return None
    low, high = (
        datetime.fromtimestamp(bound, VIETNAM).date().isoformat() if bound is not None else ""
        for bound in bounds
    )
    return low, high


DATES = [
    ("2022-12-19", ("2022-12-19", "2022-12-20")),
    ("19/12/2022", ("2022-12-19", "2022-12-20")),
    ("ngày 19/12/2022", ("2022-12-19", "2022-12-20")),
    ("ngày 19 tháng 12 năm 2022", ("2022-12-19", "2022-12-20")),
    ("12/2022", ("2022-12-01", "2023-01-01")),
    ("tháng 12/2022", ("2022-12-01", "2023-01-01")),
    ("tháng 12 năm 2022", ("2022-12-01", "2023-01-01")),
    ("tháng 12-2022", ("2022-12-01", "2023-01-01")),
    ("tháng 12", ("2022-12-01", "2023-01-01")),
    ("tháng 2", ("2022-02-01", "2022-03-01")),
    ("2022", ("2022-01-01", "2023-01-01")),
    ("năm 2022", ("2022-01-01", "2023-01-01")),
    ("quý 4/2022", ("2022-10-01", "2023-01-01")),
    ("Quý IV năm 2022", ("2022-10-01", "2023-01-01")),
    ("hôm nay", ("2022-12-19", "2022-12-20")),
    ("Hôm qua", ("2022-12-18", "2022-12-19")),
    ("hôm kia", ("2022-12-17", "2022-12-18")),
    ("tuần này", ("2022-12-19", "2022-12-26")),
    ("tuần trước", ("2022-12-12", "2022-12-19")),
    ("tháng này", ("2022-12-01", "2023-01-01")),
    ("tháng trước", ("2022-11-01", "2022-12-01")),
    ("năm nay", ("2022-01-01", "2023-01-01")),
    ("năm ngoái", ("2021-01-01", "2022-01-01")),
    ("tháng trước..hôm qua", ("2022-11-01", "2022-12-19")),
    ("hôm qua..", ("2022-12-18", "")),
    ("..năm 2021", ("", "2022-01-01")),
    ("2022*", ("2022-01-01", "2023-01-01")),
    ("2022-03*", ("2022-03-01", "2022-04-01")),
    ("202*", ("2020-01-01", "2030-01-01")),
    ("20221219", ("2022-12-19", "2022-12-20")),
    ("2022/12/19", ("2022-12-19", "2022-12-20")),
    ("2022-12-19T10:00:00Z", ("2022-12-19", "2022-12-20")),
    ("19/12", ("2022-12-19", "2022-12-20")),
    ("20/12", ("2021-12-20", "2021-12-21")),
    ("19 tháng 12 năm 2022", ("2022-12-19", "2022-12-20")),
    ("19 tháng 12, 2022", ("2022-12-19", "2022-12-20")),
    ("ngày 2 tháng 9", ("2022-09-02", "2022-09-03")),
    ("mùng 1 tháng 5 năm 2022", ("2022-05-01", "2022-05-02")),
    ("tháng tư năm 2021", ("2021-04-01", "2021-05-01")),
    ("tháng 5 năm ngoái", ("2021-05-01", "2021-06-01")),
    ("April 2021", ("2021-04-01", "2021-05-01")),
    ("Apr. 2021", ("2021-04-01", "2021-05-01")),
    ("19 April 2021", ("2021-04-19", "2021-04-20")),
    ("April 19th, 2021", ("2021-04-19", "2021-04-20")),
    ("May", ("2022-05-01", "2022-06-01")),
    ("today", ("2022-12-19", "2022-12-20")),
    ("yesterday", ("2022-12-18", "2022-12-19")),
    ("3 ngày trước", ("2022-12-16", "2022-12-17")),
    ("2 weeks ago", ("2022-12-05", "2022-12-12")),
    ("this week", ("2022-12-19", "2022-12-26")),
    ("last year", ("2021-01-01", "2022-01-01")),
    ("quý trước", ("2022-07-01", "2022-10-01")),
    ("7 ngày qua", ("2022-12-12", "2022-12-20")),
    ("một tuần qua", ("2022-12-12", "2022-12-20")),
    ("trong vòng 3 tháng", ("2022-09-19", "2022-12-20")),
    ("within 3 months", ("2022-09-19", "2022-12-20")),
    ("the last 3 months", ("2022-09-19", "2022-12-20")),
    ("past year", ("2021-12-19", "2022-12-20")),
    ("6 tháng đầu năm 2022", ("2022-01-01", "2022-07-01")),
    ("9 tháng đầu năm", ("2022-01-01", "2022-10-01")),
    ("3 tháng cuối năm ngoái", ("2021-10-01", "2022-01-01")),
    ("nửa đầu năm 2022", ("2022-01-01", "2022-07-01")),
    ("nửa cuối năm 2022", ("2022-07-01", "2023-01-01")),
    ("first half of 2022", ("2022-01-01", "2022-07-01")),
    ("H2/2022", ("2022-07-01", "2023-01-01")),
    ("Q1 2022", ("2022-01-01", "2022-04-01")),
    ("quý 1", ("2022-01-01", "2022-04-01")),
    ("third quarter of 2022", ("2022-07-01", "2022-10-01")),
    ("2022-10-01 .. 2022-10-03", ("2022-10-01", "2022-10-04")),
    ("2020…2021", ("2020-01-01", "2022-01-01")),
    ("[2022-10-01 TO 2022-10-31]", ("2022-10-01", "2022-11-01")),
    ("{2022-10-01 TO 2022-10-31}", ("2022-10-02", "2022-10-31")),
    ("[2022-10-01 TO 2022-10-31}", ("2022-10-01", "2022-10-31")),
    ("[2022-10-01 TO 2022-10-31", ("2022-10-01", "2022-11-01")),
    ("[2021 TO]", ("2021-01-01", "")),
    ("[TO 2021]", ("", "2022-01-01")),
    ("[* TO 2021]", ("", "2022-01-01")),
    ("[2021 TO *]", ("2021-01-01", "")),
    ("[2021 TO NOW]", ("2021-01-01", "2022-12-20")),
    ("*", ("", "")),
    (">=2022-12-01", ("2022-12-01", "")),
    ("> 2021", ("2022-01-01", "")),
    ("<=2021", ("", "2022-01-01")),
    ("<2021", ("", "2021-01-01")),
    ("từ 1/1/2022 đến 31/3/2022", ("2022-01-01", "2022-04-01")),
    ("từ 1/3 đến 5/3/2021", ("2021-03-01", "2021-03-06")),
    ("từ tháng 1 đến tháng 3 năm 2021", ("2021-01-01", "2021-04-01")),
    ("từ 2021 đến nay", ("2021-01-01", "2022-12-20")),
    ("từ tháng 3/2021", ("2021-03-01", "")),
    ("trước năm 2021", ("", "2021-01-01")),
    ("sau 3/2021", ("2021-04-01", "")),
    ("from January to March 2021", ("2021-01-01", "2021-04-01")),
    ("between 2020 and 2021", ("2020-01-01", "2022-01-01")),
    ("since 2021", ("2021-01-01", "")),
    ("2020-2021", ("2020-01-01", "2022-01-01")),
    ("2020 and 2021", None),
    ("[2022 TO mai]", None),
    ("2022 -2021", None),
    (">= mai", None),
    ("13 tháng đầu năm", None),
    ("31/2/2022", None),
    ("ba tháng", None),
    ("..", None),
    ("tháng 13/2022", None),
    ("ngày 31 tháng 2 năm 2022", None),
    ("tuần 2022", None),
    ("mai", None),
    ("năm", None),
    ("hôm nay..hôm qua..", None),
    ("9999", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_a_date_in_words_or_digits_is_read_as_its_days(
    text: str, expected: tuple[str, str] | None
) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_marks_and_their_form_do_not_matter(text: str, expected: tuple[str, str] | None) -> None:
    assert days(fold(text)) == expected
    assert days(unicodedata.normalize("NFD", text)) == expected


def test_months_named_alone_are_the_latest_that_began() -> None:
    in_june = date(2022, 6, 30)
    assert parse_date_range("tháng 12", in_june) == parse_date_range("12/2021", in_june)
    assert parse_date_range("tháng 6", in_june) == parse_date_range("6/2022", in_june)


def test_a_quoted_date_in_a_query() -> None:
    parsed = parse('ma túy ngày:"tháng 12/2022"', Analyzer())
    assert parsed.notices == ()
    dated = [node for node in parsed.tree.children if isinstance(node, DateNode)]  # type: ignore[union-attr]
    assert [(bound.low, bound.high) for bound in dated] == [parse_date_range("2022-12")]
    assert parse('date:"hôm qua', Analyzer()).notices != ()


@given(st.text(), st.dates())
def test_no_text_raises_an_error(text: str, today: date) -> None:
    parse_date_range(text, today)
    parse_date_range(f"tháng trước..{text}", today)
