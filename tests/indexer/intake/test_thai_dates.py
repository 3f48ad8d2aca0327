"""Dates of Thai lines and pages are read by their era, and no other text's are changed."""

from __future__ import annotations

from datetime import datetime

import pytest

from indexer.intake.html.page import read_html
from indexer.intake.stated_dates import date_in_text, read_date
from indexer.intake.thai_dates import in_common_era, of_common_era
from indexer.vietnamese.dates import VIETNAM
from tests.indexer.intake.html.page_shapes import paragraphs, shaped_page


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("19 ธันวาคม 2565 17:02 น.", (2022, 12, 19), (17, 2)),
        ("วันที่ 19 ธ.ค. 2565 เวลา 17.02 น.", (2022, 12, 19), (17, 2)),
        ("19 ธค 2565", (2022, 12, 19), (0, 0)),
        ("1 มกราคม พ.ศ. 2568", (2025, 1, 1), (0, 0)),
        ("1 มกราคม ค.ศ. 2025", (2025, 1, 1), (0, 0)),
        ("เผยแพร่ 19/12/2565", (2022, 12, 19), (0, 0)),
        ("๑๙ ธันวาคม ๒๕๖๕", (2022, 12, 19), (0, 0)),
        ("29 ก.พ. 2567", (2024, 2, 29), (0, 0)),
        ("19 December 2565 B.E.", (2022, 12, 19), (0, 0)),
        ("19/12/2565 (BE) 17:02", (2022, 12, 19), (17, 2)),
    ],
)
def test_thai_dates_are_read(text: str, day: tuple[int, int, int], clock: tuple[int, int]) -> None:
    for stated in (date_in_text(text), read_date(text)):
        assert stated is not None
        assert (stated.when.year, stated.when.month, stated.when.day) == day
        assert (stated.when.hour, stated.when.minute) == clock


@pytest.mark.parametrize(
    "text",
    [
        "19/12/2565",
        "Phật lịch 2568",
        "ngày 19 tháng 12 năm 2565",
        "2565 be",
        "Số 2565 BEO",
        "19/12/2022",
        "",
    ],
)
def test_other_lines_stay_as_they_are(text: str) -> None:
    assert in_common_era(text) == text


def test_a_long_thai_line_is_read_at_once() -> None:
    line = "19 ธันวาคม " * 20_000
    assert in_common_era(line) == line
    assert in_common_era("1" * 20_000 + "ก") == "1" * 20_000 + "ก"


def test_a_leap_day_that_the_common_year_lacks_stays() -> None:
    day = datetime(2404, 2, 29, tzinfo=VIETNAM)
    assert of_common_era(day) == day
    assert of_common_era(datetime(2022, 1, 1, tzinfo=VIETNAM)).year == 2022


@pytest.mark.parametrize(
    ("language", "year"),
    [("th", 2022), ("th-TH", 2022), ("vi", 2565)],
)
def test_the_language_of_a_page_tells_its_era(language: str, year: int) -> None:
    head = '<meta property="article:published_time" content="2565-12-19T17:02:00+07:00">'
    page = shaped_page(f"<article>{paragraphs(1, 5)}</article>", head)
    article = read_html(page.replace("lang=vi", f'lang="{language}"'), "a.html")
    assert article.published is not None
    assert article.published.year == year
