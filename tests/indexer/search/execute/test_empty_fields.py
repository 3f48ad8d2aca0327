"""A field or a time that leaves nothing of any query is named."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.search.execute.empty_fields import empty_field_notices
from indexer.search.query.parser import parse
from indexer.search.query_notices import EmptyDateNotice, EmptyFieldNotice, UndatedNotice
from indexer.search.term_statistics import TermStatistics
from tests.factories import ArchiveFactory, article, day

KINDS = {EmptyFieldNotice: "field", EmptyDateNotice: "time", UndatedNotice: "undated"}


@pytest.mark.parametrize(
    ("typed", "dated", "notices"),
    [
        ("tiêu đề:lũ", True, []),
        ("tiêu đề:hạn", True, [("field", "hạn")]),
        ("nước tiêu đề:hạn", True, [("field", "hạn")]),
        ("tiêu đề:hạn từ:2023", True, [("field", "hạn"), ("time", "từ:2023")]),
        ("từ:2022", True, []),
        ("từ:2023", False, [("undated", "từ:2023")]),
        # Each time by itself has its articles, and both together none.
        ("từ:2022-03-06 đến:2022-03-05", True, [("time", "từ:2022-03-06 đến:2022-03-05")]),
        # What need not match leaves everything, and words are no field.
        ("hạn", True, []),
        ("", True, []),
    ],
)
def test_what_has_to_match_and_does_so_nowhere_is_named(
    shared_archive_of: ArchiveFactory, typed: str, dated: bool, notices: list[tuple[str, str]]
) -> None:
    when = {"published": day(2022, 3, 5)} if dated else {}
    later = {"published": day(2022, 3, 7)} if dated else {}
    archive = shared_archive_of(article("Lũ", "Nước.", **when), article("Bão", "Gió.", **later))
    with archive.live_index.open_generation() as generation:
        reported = empty_field_notices(parse(typed, Analyzer()), TermStatistics(generation.engine))
    assert [
        (KINDS[type(notice)], typed[notice.start : notice.end]) for notice in reported
    ] == notices


def test_a_time_is_repeated_without_its_quotation_marks(
    shared_archive_of: ArchiveFactory,
) -> None:
    archive = shared_archive_of(article("Lũ", "Nước.", published=day(2022, 3, 5)))
    with archive.live_index.open_generation() as generation:
        statistics = TermStatistics(generation.engine)
        (empty,) = empty_field_notices(parse('ngày:"hôm qua"', Analyzer()), statistics)
    (unread,) = parse('ngày:"hôm nào"', Analyzer()).notices
    assert (getattr(empty, "value", ""), getattr(unread, "value", "")) == ("hôm qua", "hôm nào")
