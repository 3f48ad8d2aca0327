"""Months without articles between the first and the last are gaps."""

from __future__ import annotations

import pytest

from tests.factories import ArchiveFactory, article, day
from web.admin import article_coverage
from web.admin.article_coverage import (
    PeriodCount,
    articles_by_day,
    coverage_of_hosts,
    coverage_of_sources,
    join_gaps,
    months_with_gaps,
)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, []),
        (
            {"2022-11": 1, "2023-02": 2},
            [("2022-11", 1), ("2022-12", 0), ("2023-01", 0), ("2023-02", 2)],
        ),
        ({"2022-12": 4}, [("2022-12", 4)]),
    ],
)
def test_every_month_is_there(counts: dict[str, int], expected: list[tuple[str, int]]) -> None:
    periods = months_with_gaps(counts)
    assert [(period.name, period.articles) for period in periods] == expected


def test_neighbouring_months_without_articles_are_one() -> None:
    counts = {"2022-01": 1, "2022-03": 2, "2022-07": 1}
    assert [(each.first, each.name) for each in join_gaps(months_with_gaps(counts))] == [
        ("", "2022-01"),
        ("", "2022-02"),
        ("", "2022-03"),
        ("2022-04", "2022-06"),
        ("", "2022-07"),
    ]
    assert join_gaps([]) == []


def test_days_and_sources_are_counted(archive_of: ArchiveFactory) -> None:
    archive = archive_of(
        article("Một", publisher="A", published=day(2024, 2, 29)),
        article("Hai", publisher="A", published=day(2024, 2, 29)),
        article("Ba", publisher="A", published=day(2024, 5, 1)),
        article("Bốn"),
    )
    days = articles_by_day(archive.search, "2024-02")
    assert [(each.name, each.articles) for each in days if each.articles] == [("2024-02-29", 2)]
    assert len(days) == 29
    source = coverage_of_sources(archive.search)[0]
    assert (source.name, source.articles, source.first, source.last) == (
        "A",
        3,
        "2024-02",
        "2024-05",
    )
    assert source.gaps == (PeriodCount("2024-04", 0, "2024-03"),)


def test_articles_that_name_no_publisher_are_counted_by_their_host(
    archive_of: ArchiveFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = archive_of(
        article("Một", url="https://www.bao.vn/1", published=day(2024, 2, 29)),
        article("Hai", url="http://bao.vn:80/2", published=day(2024, 4, 1)),
        article("Ba", url="https://bao.vn/3"),
        article("Bốn", url="https://tin.vn/4", published=day(2024, 1, 1)),
        article("Năm", url="https://bao.vn/5", publisher="A", published=day(2023, 1, 1)),
        article("Sáu"),
    ).store
    sources = coverage_of_hosts(store)
    assert [(each.name, each.articles, each.gaps) for each in sources] == [
        ("[bao.vn]", 3, (PeriodCount("2024-03", 0),)),
        ("[tin.vn]", 1, ()),
    ]
    monkeypatch.setattr(article_coverage, "MOST_SCANNED", 5)
    assert coverage_of_hosts(store) == []
