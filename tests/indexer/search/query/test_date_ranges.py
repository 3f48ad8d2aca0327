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
